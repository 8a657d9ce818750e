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
type QuestionState = Choice[questionStates]

// The states.
const (
	OpenQuestion QuestionState = iota + 1
	Answered
	Moot
)

type questionStates struct{}

func (questionStates) lexicon() (what, words string) {
	return "state of a question", "open|answered|moot"
}

func (q *Question) check(c *checker) {
	c.need("question", q.Question, 160)
	c.text("why", q.Why, 160)
	c.text("would_answer", q.WouldAnswer, 160)
	c.chosen("state", q.State)
	if q.State == Answered && len(q.AnsweredBy) == 0 {
		c.bad("answered_by", "fault.no_answer", "is missing; name the item that answers the question")
	}
	if q.State != Answered && len(q.AnsweredBy) > 0 {
		c.bad("answered_by", "fault.answer_unasked", "names an answer although state is {{.State}}; set state to answered, or remove it", args{"State": q.State})
	}
	c.links("answered_by", q.AnsweredBy, maxNamed)
	c.line("answered_by")
}
