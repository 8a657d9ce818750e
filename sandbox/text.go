package sandbox

import "strings"

// reader collects what a person reads, in the order in which Discord shows it, one piece a
// line and without empty lines.
type reader struct{ lines []string }

func (r *reader) add(texts ...any) {
	for _, t := range texts {
		for l := range strings.SplitSeq(textOf(t), "\n") {
			if l = strings.TrimRight(l, " \t\r"); l != "" {
				r.lines = append(r.lines, l)
			}
		}
	}
}

func (r *reader) String() string { return strings.Join(r.lines, "\n") }

// messageText is everything that a person reads of a message, alt texts and labels included.
func messageText(m *message) string {
	r := &reader{}
	r.add(m.Content)
	if m.Flags&flagV2 == 0 {
		for _, a := range m.Attachments {
			r.add(a.Description)
		}
	}
	if m.Flags&flagSuppressEmbeds == 0 {
		for _, e := range m.Embeds {
			r.embed(objectOf(e))
		}
	}
	r.components(m.Components)
	return r.String()
}

func (r *reader) embed(e map[string]any) {
	r.add(objectOf(e["author"])["name"], e["title"], e["description"])
	for _, f := range listOf(e["fields"]) {
		r.add(objectOf(f)["name"], objectOf(f)["value"])
	}
	r.add(objectOf(e["image"])["description"], objectOf(e["footer"])["text"])
}

func (r *reader) components(list []any) {
	for _, item := range list {
		r.component(objectOf(item))
	}
}

func (r *reader) component(c map[string]any) {
	switch intOf(c["type"]) {
	case typeText:
		r.add(c["content"])
	case typeButton:
		r.add(strings.TrimSpace(textOf(objectOf(c["emoji"])["name"]) + " " + textOf(c["label"])))
	case typeThumbnail:
		r.add(c["description"])
	case typeGallery:
		for _, item := range listOf(c["items"]) {
			r.add(objectOf(item)["description"])
		}
	case typeFile:
		r.add(strings.TrimPrefix(textOf(objectOf(c["file"])["url"]), "attachment://"))
	case typeSection:
		r.components(listOf(c["components"]))
		r.component(objectOf(c["accessory"]))
	case typeLabel:
		r.add(c["label"], c["description"])
		r.component(objectOf(c["component"]))
	default:
		r.add(c["label"], c["placeholder"], c["value"])
		for _, o := range listOf(c["options"]) {
			r.add(objectOf(o)["label"], objectOf(o)["description"])
		}
		r.components(listOf(c["components"]))
	}
}

func modalText(data map[string]any) string {
	r := &reader{}
	r.add(data["title"])
	r.components(listOf(data["components"]))
	return r.String()
}

func choicesText(list []any) string {
	r := &reader{}
	for _, c := range list {
		r.add(objectOf(c)["name"])
	}
	return r.String()
}
