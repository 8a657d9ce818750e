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
type Attribution string

// The attributions.
const (
	AttributionConfirmed Attribution = "confirmed"
	Reported             Attribution = "reported"
	Unidentified         Attribution = "unidentified"
	Unattributed         Attribution = "unattributed"
)

// UnmarshalText accepts the attributions.
func (a *Attribution) UnmarshalText(text []byte) error {
	return choose(a, text, "attribution", AttributionConfirmed, Reported, Unidentified, Unattributed)
}

// Truth is how far what was said holds.
type Truth string

// UnmarshalText accepts the truths.
func (t *Truth) UnmarshalText(text []byte) error {
	return choose(t, text, "truth", "not_checkable", "opinion", "forecast", "claimed", "confirmed", "disputed",
		"contradicted", "superseded")
}

func (s *Statement) check(c *checker) {
	c.optional("speaker", s.Speaker, KindActor, KindSource)
	c.text("channel", s.Channel, 80)
	c.text("quote", s.Quote, 199)
	c.text("gist", s.Gist, 200)
	if s.Quote == "" && s.Gist == "" {
		c.bad("gist", "is missing; write what was said in your own words, or quote it")
	}
	c.links("about", s.About)
	c.need("attribution", string(s.Attribution), 20)
	c.need("truth", string(s.Truth), 20)
	if s.Speaker == "" && s.Attribution != Unidentified && s.Attribution != Unattributed {
		c.bad("speaker", "is missing; name the speaker, or set attribution to unidentified or unattributed")
	}
}
