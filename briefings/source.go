package briefings

import (
	"net/url"

	"golang.org/x/text/language"
)

// A Source is where an item comes from.
type Source struct {
	Envelope    `yaml:",inline"`
	Publisher   string      `json:"publisher,omitempty"`
	Title       string      `json:"title"`
	URL         string      `json:"url,omitempty"`
	Published   EDTF        `json:"published,omitzero"`
	Accessed    EDTF        `json:"accessed,omitzero"`
	Language    string      `json:"language,omitempty"`
	Reliability Reliability `json:"reliability,omitempty"` // empty means F
	Relays      []ID        `json:"relays,omitempty"`
}

// Grade is the reliability with its default, F, filled in.
func (s *Source) Grade() Reliability {
	if s.Reliability == 0 {
		return GradeF
	}
	return s.Reliability
}

func (s *Source) check(c *checker) {
	c.past("published", s.Published)
	c.past("accessed", s.Accessed)
	c.text("publisher", s.Publisher, 80)
	c.need("title", s.Title, 160)
	c.text("url", s.URL, 400)
	if s.URL != "" {
		u, err := url.Parse(s.URL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
			c.bad("url", "fault.no_link", "is no link to a web page; write it whole, starting with https://")
		}
	}
	if tag, err := language.Parse(s.Language); s.Language != "" && (err != nil || tag.String() != s.Language) {
		c.bad("language", "fault.no_language_tag", `"{{.Text}}" is no language tag of BCP 47; write it like en, uk or pt-BR`, args{"Text": quoted(s.Language, 20)})
	}
	c.choice("reliability", s.Reliability)
	if s.Accessed.ends(s.Published) {
		c.bad("accessed", "fault.accessed_early", "{{.Accessed}} comes before it was published, {{.Published}}; mend one of them", args{"Accessed": s.Accessed, "Published": s.Published})
	}
	c.links("relays", s.Relays, maxNamed, KindSource)
	c.line("relays")
}
