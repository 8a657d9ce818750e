package sandbox

import (
	"fmt"
	"testing"
)

// rejected is what a field makes of a value, as one of an object.
func rejected(t *testing.T, f field, v any) string {
	t.Helper()
	f.name = "f"
	root := &spot{}
	judge(root, objectOf(parsed(t, obj{"f": v})), []field{f})
	if err := root.err(); err != nil {
		return fmt.Sprint(faultsOf(objectOf(parsed(t, err))))
	}
	return ""
}

func TestFields(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		field field
		value any
		want  string
	}{
		{"text", field{kind: textValue}, "x", ""},
		{"no text", field{kind: textValue}, 5, "[f STRING_TYPE_CONVERT]"},
		{"null where nothing is needed", field{kind: textValue, min: 1}, nil, ""},
		{"null where something is needed", field{kind: textValue, need: true}, nil, "[f BASE_TYPE_REQUIRED]"},
		{"empty where something is needed", field{kind: textValue, min: 1, max: 5, need: true}, "", "[f BASE_TYPE_REQUIRED]"},
		{"spaces where something is needed", field{kind: textValue, min: 1, max: 5, need: true}, " \n", "[f BASE_TYPE_REQUIRED]"},
		{"empty where nothing is needed", field{kind: textValue, min: 1, max: 5}, "", "[f BASE_TYPE_BAD_LENGTH]"},
		{"too long of two bounds", field{kind: textValue, min: 1, max: 5}, letters(6), "[f BASE_TYPE_BAD_LENGTH]"},
		{"too long of one bound", field{kind: textValue, max: 5}, letters(6), "[f BASE_TYPE_MAX_LENGTH]"},
		{"too short of one bound", field{kind: textValue, min: 2}, "x", "[f BASE_TYPE_MIN_LENGTH]"},
		{"characters, not bytes", field{kind: textValue, max: 2}, "🔎🔎", ""},
		{"whole", field{kind: wholeValue}, 5, ""},
		{"a whole number with a point", field{kind: wholeValue}, 5.0, ""},
		{"a fraction", field{kind: wholeValue}, 5.5, "[f NUMBER_TYPE_COERCE]"},
		{"a fraction of a number", field{kind: numberValue}, 5.5, ""},
		{"a number in a string", field{kind: wholeValue}, "5", "[f NUMBER_TYPE_COERCE]"},
		{"the greatest", field{kind: wholeValue, max: 5}, 5, ""},
		{"over the greatest", field{kind: wholeValue, max: 5}, 6, "[f NUMBER_TYPE_MAX]"},
		{"the least", field{kind: wholeValue, min: -5}, -5, ""},
		{"under the least", field{kind: wholeValue, min: -5}, -6, "[f NUMBER_TYPE_MIN]"},
		{"truth", field{kind: truthValue}, false, ""},
		{"nearly the truth", field{kind: truthValue}, 1, "[f BOOLEAN_TYPE_CONVERT]"},
		{"a list", field{kind: listValue, min: 1, max: 2}, list{1}, ""},
		{"a list of too many", field{kind: listValue, max: 2}, list{1, 2, 3}, "[f BASE_TYPE_MAX_LENGTH]"},
		{"an object for a list", field{kind: listValue}, obj{}, "[f LIST_TYPE_CONVERT]"},
		{"a value twice", field{kind: listValue}, list{1, 1}, ""},
		{"a value twice in a set", field{kind: listValue, unique: true}, list{1, 2, 1}, "[f.2 SET_TYPE_ALREADY_CONTAINS_VALUE]"},
		{"an id", field{kind: idValue}, "123", ""},
		{"an id as a number", field{kind: idValue}, 123, ""},
		{"the greatest id", field{kind: idValue}, "18446744073709551615", ""},
		{"over the greatest id", field{kind: idValue}, "18446744073709551616", "[f NUMBER_TYPE_COERCE]"},
		{"an id with a sign", field{kind: idValue}, "+1", "[f NUMBER_TYPE_COERCE]"},
		{"an empty id", field{kind: idValue}, "", "[f NUMBER_TYPE_COERCE]"},
		{"an id with a fraction", field{kind: idValue}, 1.5, "[f NUMBER_TYPE_COERCE]"},
		{"a link", field{kind: linkValue}, "https://example.org/", ""},
		{"no link", field{kind: linkValue}, "", ""},
		{"a link that is a list", field{kind: linkValue}, list{}, "[f STRING_TYPE_CONVERT]"},
		{"a link without a host", field{kind: linkValue}, "https://", "[f URL_TYPE_INVALID_URL]"},
		{"a link that can't be read", field{kind: linkValue}, "https://exa mple.org:x/", "[f URL_TYPE_INVALID_URL]"},
		{"a link to a mailbox", field{kind: linkValue}, "mailto:a@example.org", "[f URL_TYPE_INVALID_SCHEME]"},
		{"blank text", field{kind: blankValue}, "", ""},
		{"blank list", field{kind: blankValue}, list{}, ""},
		{"blank number", field{kind: blankValue}, 0, ""},
		{"blank object", field{kind: blankValue}, obj{}, ""},
		{"not blank", field{kind: blankValue}, 1, "[f UNKNOWN_KEY]"},
		{"anything", field{}, list{obj{}}, ""},
		{"an inner object", field{kind: objectValue, each: judgeEmoji}, obj{"name": letters(33)}, "[f.name BASE_TYPE_MAX_LENGTH]"},
		{"an inner object that is none", field{kind: objectValue, each: judgeEmoji}, "x", "[f DICT_TYPE_CONVERT]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := rejected(t, tt.field, tt.value); got != tt.want {
				t.Errorf("refused for %s, want %s", got, tt.want)
			}
		})
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	values := list{nil, "7", 7, 7.5, true, list{1}, obj{"a": 1}, 1e300}
	for i, want := range []string{"0  [] map[] false", "0 7 [] map[] false", "7  [] map[] false", "7  [] map[] false", "0  [] map[] true", "0  [1] map[] false", "0  [] map[a:1] false", "0  [] map[] false"} {
		v := parsed(t, obj{"v": values[i]}).(obj)["v"]
		if got := fmt.Sprint(intOf(v), " ", textOf(v), " ", listOf(v), " ", objectOf(v), " ", truthOf(v)); got != want {
			t.Errorf("%v reads as %q, want %q", values[i], got, want)
		}
	}
}

func TestShortKeepsAnswersShort(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"x": "x", letters(40): letters(40), letters(41): letters(40) + "…"} {
		if got := short(value); got != want {
			t.Errorf("short(%q) = %q, want %q", value, got, want)
		}
	}
}

func TestFirstFaultIsTold(t *testing.T) {
	t.Parallel()
	root := &spot{}
	root.at("embeds").index(1).at("title").fail("X", "too long")
	root.at("content").fail("X", "missing")
	if got, want := root.first(""), "content: missing"; got != want {
		t.Errorf("first() = %q, want %q", got, want)
	}
	if !(&spot{}).at("x").root().clean() {
		t.Error("a place without faults made its tree dirty")
	}
}
