package words

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// A phrase is one without plural forms, cut at its parameters: an answer says
// dozens, and a template is far slower. Between each two texts stands a name.
type phrase struct{ texts, names []string }

// plain cuts the messages that allow of it.
func plain(messages []*i18n.Message) map[string]phrase {
	parameter := regexp.MustCompile(`{{\.(\w+)}}`)
	all := make(map[string]phrase, len(messages))
	for _, m := range messages {
		if m.Zero+m.One+m.Two+m.Few+m.Many != "" || m.LeftDelim+m.RightDelim != "" {
			continue
		}
		var p phrase
		from := 0
		for _, at := range parameter.FindAllStringSubmatchIndex(m.Other, -1) {
			p.texts = append(p.texts, m.Other[from:at[0]])
			p.names = append(p.names, m.Other[at[2]:at[3]])
			from = at[1]
		}
		p.texts = append(p.texts, m.Other[from:])
		if rest := strings.Join(p.texts, ""); !strings.Contains(rest, "{{") && !strings.Contains(rest, "}}") {
			all[m.ID] = p
		}
	}
	return all
}

// say is false for whatever a template has to see to.
func (p phrase) say(args []Args) (string, bool) {
	switch {
	case len(p.texts) == 0 || len(args) > 1:
		return "", false
	case len(p.names) == 0 && (len(args) == 0 || args[0]["Count"] == nil):
		return p.texts[0], true
	case len(args) == 0 || args[0]["Count"] != nil:
		return "", false
	}
	said := make([]byte, 0, 128)
	for i, name := range p.names {
		said = append(said, p.texts[i]...)
		switch value := args[0][name].(type) {
		case string:
			said = append(said, value...)
		case int:
			said = strconv.AppendInt(said, int64(value), 10)
		case fmt.Stringer, error, nil:
			return "", false
		default: // most are a card's markup
			v := reflect.ValueOf(value)
			if v.Kind() != reflect.String {
				return "", false
			}
			said = append(said, v.String()...)
		}
	}
	return string(append(said, p.texts[len(p.names)]...)), true
}
