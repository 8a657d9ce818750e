package briefings

// A Question is what the briefing cannot answer yet.
type Question struct {
	Envelope    `yaml:",inline"`
	Question    string        `json:"question"`
	Why         string        `json:"why,omitempty"`
	WouldAnswer string        `json:"would_answer,omitempty"`
	WatchDate   EDTF          `json:"watch_date,omitzero"`
	State       QuestionState `json:"state"`
	AnsweredBy  []ID          `json:"answered_by,omitempty"`
}

// QuestionState is whether it still stands.
type QuestionState string

// The states.
const (
	OpenQuestion QuestionState = "open"
	Answered     QuestionState = "answered"
	Moot         QuestionState = "moot"
)

// UnmarshalText accepts the states.
func (s *QuestionState) UnmarshalText(text []byte) error {
	return choose(s, text, "state of a question", OpenQuestion, Answered, Moot)
}

func (q *Question) check(c *checker) {
	c.need("question", q.Question, 160)
	c.text("why", q.Why, 160)
	c.text("would_answer", q.WouldAnswer, 160)
	c.need("state", string(q.State), 20)
	if q.State == Answered && len(q.AnsweredBy) == 0 {
		c.bad("answered_by", "is missing; name the item that answers the question")
	}
	c.links("answered_by", q.AnsweredBy)
}
