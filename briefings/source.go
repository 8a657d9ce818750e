package briefings

import "net/url"

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
	if s.URL != "" {
		u, err := url.Parse(s.URL)
		if err != nil || len(s.URL) > 400 || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
			c.bad("url", "is no link to a web page; write it with https:// and at most 400 characters")
		}
	}
	c.text("language", s.Language, 10)
	c.links("relays", s.Relays, KindSource)
}
