package cards

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"sitrep/briefings"
	"sitrep/words"
)

// Number words a figure's value with qualifier and unit: "more than 200,000
// households", "about $800 bn", "−18 °C".
func (t Telling) Number(f *briefings.Figure) string {
	if f.Qualifier == briefings.Several {
		return t.Words.Say("number.several", words.Args{"Number": strings.TrimSpace(f.Value + " " + t.unit(f))})
	}
	number := t.Amount(f.Value)
	if f.Currency != "" {
		amount, negative := strings.CutPrefix(number, "−")
		number = strings.TrimSpace(t.Words.Say("number.money", words.Args{"Sign": symbol(f.Currency), "Amount": amount}))
		if negative {
			number = "−" + number
		}
	} else {
		number += " " + t.unit(f)
	}
	switch {
	case f.Qualifier == briefings.Exact, f.Qualifier == briefings.Share, f.Qualifier == 0:
		return number
	case f.Qualifier == briefings.UpTo && strings.HasPrefix(f.Value, "-"):
		return t.Words.Say("number.down_to", words.Args{"Number": number})
	}
	return t.Words.Say("number."+f.Qualifier.String(), words.Args{"Number": number})
}

// Amount shortens a decimal: billions and millions by their word, thousands grouped.
func (t Telling) Amount(value string) string {
	sign := ""
	if rest, negative := strings.CutPrefix(value, "-"); negative {
		sign, value = "−", rest
	}
	whole, fraction, _ := strings.Cut(value, ".")
	whole = strings.TrimLeft(whole, "0")
	for _, scale := range []struct {
		digits int
		phrase string
	}{{9, "number.bn"}, {6, "number.m"}} {
		if len(whole) <= scale.digits {
			continue
		}
		rest := strings.TrimRight(whole[len(whole)-scale.digits:]+fraction, "0")
		if len(rest) > 3 {
			break // too fine to shorten without losing digits
		}
		return sign + t.Words.Say(scale.phrase, words.Args{"Number": t.decimal(whole[:len(whole)-scale.digits], rest)})
	}
	return sign + t.decimal(cmp.Or(whole, "0"), fraction)
}

// decimal sets the signs of the language between thousands, from five digits
// on, and before the fraction.
func (t Telling) decimal(whole, fraction string) string {
	if first := (len(whole)-1)%3 + 1; len(whole) > 4 {
		grouped := whole[:first]
		for rest := whole[first:]; rest != ""; rest = rest[3:] {
			grouped = t.Words.Say("number.grouped", words.Args{"Front": grouped, "Back": rest[:3]})
		}
		whole = grouped
	}
	if fraction == "" {
		return whole
	}
	return t.Words.Say("number.decimal", words.Args{"Whole": whole, "Fraction": fraction})
}

func symbol(currency string) string {
	switch currency {
	case "USD":
		return "$"
	case "EUR":
		return "€"
	case "GBP":
		return "£"
	case "UAH":
		return "₴"
	}
	return currency + " "
}

// unit is what a figure counts, in the form that goes with its value where there
// is a phrase for it, and else as the item has it.
func (t Telling) unit(f *briefings.Figure) string {
	if f.Unit == "Cel" { // as UCUM spells it
		return "°C"
	}
	unit := strings.ToLower(f.Unit)
	if !t.Words.Has("unit." + unit) {
		return f.Unit
	}
	return t.Words.Say("unit."+unit, words.Args{"Count": plural(f)})
}

// plural is the number by which the form of a unit is chosen. Plural rules look
// at the last digits, so that of a number too long to reckon with those are kept.
func plural(f *briefings.Figure) string {
	const most = 15
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(f.Value, "-"), ".")
	if whole == "" {
		return "5" // several: some, and nobody says how many
	}
	if len(whole) > most {
		whole = "1" + whole[len(whole)-most+1:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return whole
}

// foreignUnit reports whether a figure's unit is in English for readers of
// another language. One without letters, like %, is in none.
func (t Telling) foreignUnit(item briefings.Item) bool {
	f, ok := item.(*briefings.Figure)
	if !ok || f.Currency != "" || !slices.Contains(briefings.Languages(), t.Words.Tag()) {
		return false
	}
	recorded := t.Snapshot.In("").Item(f.ID).(*briefings.Figure).Unit
	known := f.Translations[t.Words.Tag()]["unit"] != "" || t.Words.Has("unit."+strings.ToLower(recorded)) || recorded == "Cel"
	return !known && strings.ContainsFunc(strings.TrimPrefix(recorded, "°C"), unicode.IsLetter)
}
