package briefings

// A Statement is what somebody said. Whether it was said and whether it holds
// are two questions with two answers.
type Statement struct {
	Envelope    `yaml:",inline"`
	Speaker     ID          `json:"speaker,omitempty"` // empty where nobody is named
	Channel     string      `json:"channel,omitempty"`
	SaidOn      EDTF        `json:"said_on,omitzero"`
	Quote       string      `json:"quote,omitempty"`
	Gist        string      `json:"gist,omitempty"`
	About       []ID        `json:"about,omitempty"`
	Attribution Attribution `json:"attribution"`
	Truth       Truth       `json:"truth"`
}

// Attribution is how sure it is who said it.
type Attribution = Choice[attributions]

// The attributions.
const (
	AttributionConfirmed Attribution = iota + 1
	Reported
	Unidentified
	Unattributed
)

type attributions struct{}

func (attributions) lexicon() (what, words string) {
	return "attribution", "confirmed|reported|unidentified|unattributed"
}

// Truth is how far what was said holds.
type Truth = Choice[truths]

// The truths: of what can be checked, how far it holds.
const (
	NotCheckable Truth = iota + 1
	Opinion
	Forecast
	ClaimedTruth
	ConfirmedTruth
	DisputedTruth
	ContradictedTruth
	Superseded
)

type truths struct{}

func (truths) lexicon() (what, words string) {
	return "truth", "not_checkable|opinion|forecast|claimed|confirmed|disputed|contradicted|superseded"
}

func (s *Statement) check(c *checker) {
	c.optional("speaker", s.Speaker, KindActor, KindSource)
	c.past("said_on", s.SaidOn)
	c.text("channel", s.Channel, 80)
	c.text("quote", s.Quote, 199)
	c.text("gist", s.Gist, 200)
	if s.Quote == "" && s.Gist == "" {
		c.bad("gist", "fault.no_gist", "is missing; write what was said in your own words, or quote it")
	}
	c.links("about", s.About, maxNamed)
	c.chosen("attribution", s.Attribution)
	c.chosen("truth", s.Truth)
	if s.Speaker == "" && s.Attribution != Unidentified && s.Attribution != Unattributed {
		c.bad("speaker", "fault.no_speaker", "is missing; name the speaker, or set attribution to unidentified or unattributed")
	}
}
