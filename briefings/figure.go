package briefings

import (
	"math/big"
	"regexp"
	"strings"

	"golang.org/x/text/currency"
)

// A Figure is one number with everything needed to quote it. Figures of one
// series and unit may be compared; no others.
type Figure struct {
	Envelope    `yaml:",inline"`
	Series      string    `json:"series"`
	Value       string    `json:"value,omitempty"` // decimal, the full number; empty where only the qualifier is known
	Qualifier   Qualifier `json:"qualifier"`
	Unit        string    `json:"unit"`
	Currency    string    `json:"currency,omitempty"` // ISO 4217
	Area        string    `json:"area,omitempty"`
	InflictedBy ID        `json:"inflicted_by,omitempty"`
	SaidBy      ID        `json:"said_by,omitempty"`
	Definition  string    `json:"definition,omitempty"`
	Status      Status    `json:"status"`
}

// Qualifier is how a value is to be read.
type Qualifier = Choice[qualifiers]

// The qualifiers.
const (
	Exact Qualifier = iota + 1
	About
	AtLeast
	MoreThan
	AtMost
	UpTo
	Share
	Several
)

type qualifiers struct{}

func (qualifiers) lexicon() (what, words string) {
	return "qualifier", "exact|about|at_least|more_than|at_most|up_to|share|several"
}

var (
	decimalPattern  = regexp.MustCompile(`^-?[0-9]{1,24}(\.[0-9]{1,12})?$`)
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
	seriesPattern   = regexp.MustCompile(`^[a-z][a-z0-9._-]{0,39}$`)
)

func (f *Figure) check(c *checker) {
	if !seriesPattern.MatchString(f.Series) {
		c.bad("series", "fault.no_series", `"{{.Text}}" is no series; write lower case with dots, like outage.households`, args{"Text": quoted(f.Series, 40)})
	}
	c.chosen("qualifier", f.Qualifier)
	switch {
	case f.Value == "" && f.Qualifier != Several:
		c.bad("value", "fault.no_value", "is missing; write the number, or use the qualifier several")
	case f.Value != "" && !decimalPattern.MatchString(f.Value):
		c.bad("value", "fault.no_number", `"{{.Text}}" is no number; write digits only, with a point for decimals, like 800000000000 or -18.5`, args{"Text": quoted(f.Value, 40)})
	}
	c.need("unit", f.Unit, 40)
	f.inRange(c)
	if _, err := currency.ParseISO(f.Currency); f.Currency != "" && (err != nil || !currencyPattern.MatchString(f.Currency)) {
		c.bad("currency", "fault.no_currency", `"{{.Text}}" is no currency of ISO 4217; write its three capital letters, like USD`, args{"Text": quoted(f.Currency, 10)})
	}
	c.text("area", f.Area, 80)
	c.text("definition", f.Definition, 140)
	c.optional("inflicted_by", f.InflictedBy, KindActor)
	c.optional("said_by", f.SaidBy, KindActor, KindSource)
	c.chosen("status", f.Status)
}

// inRange checks that there can be so much of what the figure counts.
func (f *Figure) inRange(c *checker) {
	if !decimalPattern.MatchString(f.Value) { // 1e999999 would take long to read
		return
	}
	value, ok := new(big.Rat).SetString(f.Value)
	switch {
	case !ok:
	case f.Qualifier == Several:
		c.bad("value", "fault.several_with_value", "is given, but several stands for a number that nobody gave; remove it, or choose another qualifier")
	case f.Qualifier == Share && (value.Sign() < 0 || value.Cmp(big.NewRat(100, 1)) > 0):
		c.bad("value", "fault.no_share", "{{.Value}} is no share; write per cent from 0 to 100", args{"Value": f.Value})
	case value.Sign() < 0 && f.Currency == "" && !belowZero(f.Unit):
		c.bad("value", "fault.below_zero", "{{.Value}} is below zero, and {{.Unit}} are counted; write 0 or more, or use a unit that goes below: °C, °F, %, percentage points, or set a currency", args{"Value": f.Value, "Unit": f.Unit})
	}
}

// belowZero reports whether a value in this unit may be negative: degrees and
// changes, unlike what is counted.
func belowZero(unit string) bool {
	for _, scale := range []string{"°", "Cel", "%", "per cent", "percentage point"} {
		if strings.HasPrefix(unit, scale) {
			return true
		}
	}
	return false
}
