package briefings

import (
	"fmt"
	"strconv"
)

// Reliability is the letter of the Admiralty code (NATO AJP-2.1): how far a
// source is to be trusted, whatever it says. F means that nobody can tell and
// sorts level with none: it is not the worst grade.
type Reliability string

// UnmarshalText accepts A to F.
func (r *Reliability) UnmarshalText(text []byte) error {
	return choose(r, text, "reliability", "A", "B", "C", "D", "E", "F")
}

// Credibility is the digit of the Admiralty code: how far one piece of
// information is to be believed, whoever says it. 0 stands for the default, 6:
// cannot be judged.
type Credibility int

// Grade is c with its default filled in.
func (c Credibility) Grade() int {
	if c == 0 {
		return 6
	}
	return int(c)
}

// UnmarshalText accepts 1 to 6.
func (c *Credibility) UnmarshalText(text []byte) error {
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 1 || n > 6 {
		return fmt.Errorf("%q is no credibility; write a digit from 1 (confirmed by independent sources) to 6 (cannot be judged)", clip(string(text), 20))
	}
	*c = Credibility(n)
	return nil
}

// UnmarshalJSON accepts the number.
func (c *Credibility) UnmarshalJSON(data []byte) error { return c.UnmarshalText(data) }

// A SourceRole is how a source stands to what it is cited for.
type SourceRole string

// The roles. A source that relays another one adds no independent support.
const (
	Primary    SourceRole = "primary"
	Relays     SourceRole = "relays"
	Background SourceRole = "background"
)

// UnmarshalText accepts the roles.
func (r *SourceRole) UnmarshalText(text []byte) error {
	return choose(r, text, "source role", Primary, Relays, Background)
}

// Origin is how an item came to be known.
type Origin string

// The origins. Derived and inferred items need a basis.
const (
	Stated   Origin = "stated"
	Derived  Origin = "derived"
	Inferred Origin = "inferred"
	External Origin = "external"
)

// UnmarshalText accepts the origins.
func (o *Origin) UnmarshalText(text []byte) error {
	return choose(o, text, "origin", Stated, Derived, Inferred, External)
}

// Status is how far a claim holds.
type Status string

// The statuses of figures.
const (
	Claimed      Status = "claimed"
	Confirmed    Status = "confirmed"
	Disputed     Status = "disputed"
	Contradicted Status = "contradicted"
)

// UnmarshalText accepts the statuses.
func (s *Status) UnmarshalText(text []byte) error {
	return choose(s, text, "status", Claimed, Confirmed, Disputed, Contradicted)
}

// Confidence is the strength of a judgement's basis (US ICD 203): it never
// shares a sentence with a likelihood.
type Confidence string

// UnmarshalText accepts the three levels.
func (c *Confidence) UnmarshalText(text []byte) error {
	return choose(c, text, "confidence", "high", "moderate", "low")
}

// Likelihood is a term of US ICD 203's scale; empty where no probability is
// expressed.
type Likelihood string

// The terms, least likely first.
const (
	Remote        Likelihood = "remote"
	VeryUnlikely  Likelihood = "very unlikely"
	Unlikely      Likelihood = "unlikely"
	RoughlyEven   Likelihood = "roughly even"
	Likely        Likelihood = "likely"
	VeryLikely    Likelihood = "very likely"
	AlmostCertain Likelihood = "almost certain"
)

// UnmarshalText accepts the terms.
func (l *Likelihood) UnmarshalText(text []byte) error {
	return choose(l, text, "likelihood", Remote, VeryUnlikely, Unlikely, RoughlyEven, Likely, VeryLikely, AlmostCertain)
}

// Band is the range of per cent that ICD 203 gives the term; 0, 0 for none.
func (l Likelihood) Band() (low, high int) {
	switch l {
	case Remote:
		return 1, 5
	case VeryUnlikely:
		return 5, 20
	case Unlikely:
		return 20, 45
	case RoughlyEven:
		return 45, 55
	case Likely:
		return 55, 80
	case VeryLikely:
		return 80, 95
	case AlmostCertain:
		return 95, 99
	}
	return 0, 0
}
