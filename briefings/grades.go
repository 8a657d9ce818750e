package briefings

import (
	"strconv"
)

// Reliability is the letter of the Admiralty code (NATO AJP-2.1): how far a
// source is to be trusted, whatever it says. F means that nobody can tell and
// sorts level with none: it is not the worst grade.
type Reliability = Choice[reliabilities]

// The letters.
const (
	GradeA Reliability = iota + 1
	GradeB
	GradeC
	GradeD
	GradeE
	GradeF
)

type reliabilities struct{}

func (reliabilities) lexicon() (what, words string) {
	return "reliability", "A|B|C|D|E|F"
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
		return message("fault.no_credibility", `"{{.Text}}" is no credibility; write a digit from 1 (confirmed by independent sources) to 6 (cannot be judged)`, args{"Text": quoted(string(text), 20)})
	}
	*c = Credibility(n)
	return nil
}

// UnmarshalJSON accepts the number.
func (c *Credibility) UnmarshalJSON(data []byte) error { return c.UnmarshalText(data) }

// A SourceRole is how a source stands to what it is cited for.
type SourceRole = Choice[sourceRoles]

// The roles. A source that relays another one adds no independent support.
const (
	Primary SourceRole = iota + 1
	Relays
	Background
)

type sourceRoles struct{}

func (sourceRoles) lexicon() (what, words string) {
	return "source role", "primary|relays|background"
}

// Origin is how an item came to be known.
type Origin = Choice[origins]

// The origins. Derived and inferred items need a basis.
const (
	Stated Origin = iota + 1
	Derived
	Inferred
	External
)

type origins struct{}

func (origins) lexicon() (what, words string) {
	return "origin", "stated|derived|inferred|external"
}

// Status is how far a claim holds.
type Status = Choice[statuses]

// The statuses of figures.
const (
	Claimed Status = iota + 1
	Confirmed
	Disputed
	Contradicted
)

type statuses struct{}

func (statuses) lexicon() (what, words string) {
	return "status", "claimed|confirmed|disputed|contradicted"
}

// Confidence is the strength of a judgement's basis (US ICD 203): it never
// shares a sentence with a likelihood.
type Confidence = Choice[confidences]

// The levels.
const (
	HighConfidence Confidence = iota + 1
	ModerateConfidence
	LowConfidence
)

type confidences struct{}

func (confidences) lexicon() (what, words string) {
	return "confidence", "high|moderate|low"
}

// Likelihood is a term of US ICD 203's scale; empty where no probability is
// expressed.
type Likelihood = Choice[likelihoods]

// The terms, least likely first.
const (
	Remote Likelihood = iota + 1
	VeryUnlikely
	Unlikely
	RoughlyEven
	Likely
	VeryLikely
	AlmostCertain
)

type likelihoods struct{}

func (likelihoods) lexicon() (what, words string) {
	return "likelihood", "remote|very unlikely|unlikely|roughly even|likely|very likely|almost certain"
}

// Band is the range of per cent that ICD 203 gives the term l; 0, 0 for none.
func Band(l Likelihood) (low, high int) {
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
