package openapi

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	maxContent   = 2000
	maxEmbedsSum = 6000
	maxRows      = 5

	flagEphemeral = 1 << 6
	flagV2        = 1 << 15
)

// A use is what a message is sent for, as far as the rules differ.
type use struct {
	edit        bool // leaving everything out changes nothing
	interaction bool // may be ephemeral
}

// CheckMessage judges a message to be created, as the data of an interaction
// callback or the body of a request, by the rules over several fields alone; it
// needs no description. It returns every [Fault] found, joined, or nil.
func CheckMessage(body []byte) error {
	value, err := decode(body)
	if err != nil {
		return fmt.Errorf("openapi: check message: %w", err)
	}
	f := new(faults)
	f.message("", value, use{interaction: true})
	return f.join()
}

// rules applies the rules that go with an operation.
func (f *faults) rules(operationID string, value any) {
	switch operationID {
	case "create_message":
		f.message("", value, use{})
	case "update_message":
		f.message("", value, use{edit: true})
	case "execute_webhook":
		f.message("", value, use{interaction: true})
	case "update_original_webhook_message", "update_webhook_message":
		f.message("", value, use{edit: true, interaction: true})
	case createInteractionResponse:
		f.callback(object(value))
	case "create_application_command", "create_guild_application_command":
		f.command("", object(value), false)
	case "update_application_command", "update_guild_application_command":
		f.command("", object(value), true)
	case "bulk_set_application_commands", "bulk_set_guild_application_commands":
		f.commands(list(value))
	}
}

func (f *faults) callback(body map[string]any) {
	data := object(body["data"])
	switch integer(body["type"]) {
	case 4:
		if data == nil {
			f.add(".data", "is missing, so the message would be empty")
			return
		}
		f.message(".data", data, use{interaction: true})
	case 5:
		if integer(data["flags"])&^flagEphemeral != 0 {
			f.add(".data.flags", "may only hold EPHEMERAL (64) when deferring; set the others in the edit that follows")
		}
	case 7:
		f.message(".data", data, use{edit: true, interaction: true})
	case 8:
		f.choices(".data.choices", list(data["choices"]))
	case 9:
		f.modal(data)
	}
}

func (f *faults) message(path string, value any, u use) {
	m := object(value)
	if n := utf8.RuneCountInString(str(m["content"])); n > maxContent {
		f.add(path+".content", "has %d characters, over %d", n, maxContent)
	}
	if n := embedCharacters(list(m["embeds"])); n > maxEmbedsSum {
		f.add(path+".embeds", "have %d characters in all, over %d", n, maxEmbedsSum)
	}
	if !u.edit && empty(m) {
		f.add(path, "is an empty message: it needs content, embeds, components, attachments, stickers or a poll")
	}
	flags := integer(m["flags"])
	if !u.interaction && flags&flagEphemeral != 0 {
		f.add(path+".flags", "hold EPHEMERAL, which only answers to interactions may")
	}
	f.version(path, m, flags&flagV2 != 0)
	f.mentions(path+".allowed_mentions", object(m["allowed_mentions"]))
	f.components(path+".components", list(m["components"]))
}

func embedCharacters(embeds []any) int {
	sum := 0
	count := func(v any) { sum += utf8.RuneCountInString(strings.TrimSpace(str(v))) }
	for _, embed := range embeds {
		e := object(embed)
		count(e["title"])
		count(e["description"])
		count(object(e["footer"])["text"])
		count(object(e["author"])["name"])
		for _, field := range list(e["fields"]) {
			count(object(field)["name"])
			count(object(field)["value"])
		}
	}
	return sum
}

func empty(m map[string]any) bool {
	for _, key := range []string{"embeds", "components", "attachments", "sticker_ids"} {
		if len(list(m[key])) > 0 {
			return false
		}
	}
	for _, key := range []string{"poll", "message_reference", "shared_client_theme"} {
		if m[key] != nil {
			return false
		}
	}
	return strings.TrimSpace(str(m["content"])) == ""
}

// version keeps the two versions of components apart.
func (f *faults) version(path string, m map[string]any, second bool) {
	components := list(m["components"])
	if !second {
		if len(components) > maxRows {
			f.add(path+".components", "are %d, over %d, without IS_COMPONENTS_V2 (32768)", len(components), maxRows)
		}
		for i, c := range components {
			if integer(object(c)["type"]) > 8 {
				f.add(index(path+".components", i), "is of the second version, so flags must hold IS_COMPONENTS_V2 (32768)")
			}
		}
		return
	}
	const reason = "may not stand together with IS_COMPONENTS_V2"
	if str(m["content"]) != "" {
		f.add(path+".content", reason)
	}
	for _, key := range []string{"embeds", "sticker_ids"} {
		if len(list(m[key])) > 0 {
			f.add(path+"."+key, reason)
		}
	}
	if m["poll"] != nil {
		f.add(path+".poll", reason)
	}
}

func (f *faults) mentions(path string, m map[string]any) {
	for _, parsed := range list(m["parse"]) {
		if kind := str(parsed); len(list(m[kind])) > 0 {
			f.add(path+"."+kind, "may not stand together with %q in parse", kind)
		}
	}
}
