package sandbox

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// compose writes what a judged body says into m, which is new or a copy of the message
// being edited. Files are kept before the message is committed; drop takes them away again.
func (s *Sandbox) compose(m *message, d *draft, parseAll bool) (drop func() error, err error) {
	if v, there := d.body["content"]; there {
		m.Content = strings.TrimSpace(textOf(v))
	}
	if v, there := d.body["embeds"]; there {
		m.Embeds = richEmbeds(listOf(v))
	}
	if v, there := d.body["components"]; there {
		m.Components = listOf(v)
	}
	if v, there := d.body["flags"]; there {
		m.Flags = m.Flags&^(flagSuppressEmbeds|flagSilent) | intOf(v)
	}
	if m.Flags&flagV2 != 0 {
		m.Content, m.Embeds = "", nil
	}
	mention(m, d.body, parseAll)
	return s.composeFiles(m, d)
}

func richEmbeds(list []any) []any {
	out := make([]any, len(list))
	for i, e := range list {
		obj := map[string]any{"type": "rich"}
		for key, v := range objectOf(e) {
			if v != nil && key != "type" {
				obj[key] = v
			}
		}
		out[i] = obj
	}
	return out
}

func (s *Sandbox) composeFiles(m *message, d *draft) (drop func() error, err error) {
	given := map[string]map[string]any{}
	for _, item := range listOf(d.body["attachments"]) {
		id, _ := idOf(objectOf(item)["id"])
		given[id] = objectOf(item)
	}
	var list []attachment
	for _, a := range m.Attachments {
		info, listed := given[a.ID]
		if _, there := d.body["attachments"]; there && !listed {
			continue
		}
		if v, there := info["description"]; there {
			a.Description = textOf(v)
		}
		list = append(list, a)
	}
	var kept []attachment
	drop = func() error {
		var errs []error
		for _, a := range kept {
			errs = append(errs, s.blobs.remove(blobKey(m.Channel, a.ID, a.Filename)))
		}
		return errors.Join(errs...)
	}
	for _, f := range d.files {
		info := given[f.id]
		if name := textOf(info["filename"]); name != "" {
			f.filename = name
		}
		a, err := s.keep(m.Channel, f)
		kept = append(kept, a)
		if err != nil {
			return drop, err
		}
		a.Description, a.Title, a.Spoiler = textOf(info["description"]), textOf(info["title"]), truthOf(info["is_spoiler"])
		list = append(list, a)
	}
	m.Attachments = list
	return drop, nil
}

var (
	userMention = regexp.MustCompile(`<@!?(\d{1,20})>`)
	roleMention = regexp.MustCompile(`<@&(\d{1,20})>`)
)

// mention works out whom a text really mentions; parseAll is the rule for a body without
// allowed_mentions.
func mention(m *message, body map[string]any, parseAll bool) {
	allowed, given := body["allowed_mentions"].(map[string]any)
	may := func(kind, id string) bool {
		if !given {
			return parseAll || kind == "users"
		}
		return slices.Contains(listOf(allowed["parse"]), any(kind)) || slices.Contains(listOf(allowed[kind]), any(id))
	}
	text := m.Content + "\n" + strings.Join(displays(m.Components), "\n")
	m.Mentions, m.Roles = found(userMention, text, "users", may), found(roleMention, text, "roles", may)
	m.Everyone = may("everyone", "") && (strings.Contains(text, "@everyone") || strings.Contains(text, "@here"))
}

func found(pattern *regexp.Regexp, text, kind string, may func(kind, id string) bool) []string {
	var ids []string
	for _, match := range pattern.FindAllStringSubmatch(text, 100) {
		if may(kind, match[1]) && !slices.Contains(ids, match[1]) {
			ids = append(ids, match[1])
		}
	}
	return ids
}

// displays are the texts of all Text Displays.
func displays(list []any) []string {
	var out []string
	for _, item := range list {
		obj := objectOf(item)
		if intOf(obj["type"]) == typeText {
			out = append(out, textOf(obj["content"]))
		}
		out = append(out, displays(listOf(obj["components"]))...)
	}
	return out
}
