package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// filling puts a member's values into a command's options, as Discord's own client would
// let it, and collects what they refer to.
type filling struct {
	sc          *scene
	given       map[string]any
	focused     string
	focusedType int
	resolved    map[string]map[string]any
}

func (f *filling) data(cmd command, options []any) map[string]any {
	data := map[string]any{"id": cmd.ID, "name": cmd.Name, "type": cmd.Type}
	if len(options) > 0 {
		data["options"] = options
	}
	if cmd.GuildID != "" {
		data["guild_id"] = cmd.GuildID
	}
	if r := f.resolvedObject(); len(r) > 0 {
		data["resolved"] = r
	}
	return data
}

func (f *filling) resolvedObject() map[string]any {
	out := map[string]any{}
	for kind, things := range f.resolved {
		out[kind] = things
	}
	return out
}

func (f *filling) add(kind, id string, v any) {
	if f.resolved[kind] == nil {
		f.resolved[kind] = map[string]any{}
	}
	f.resolved[kind][id] = v
}

func (f *filling) addUser(id string) {
	st := f.sc.s.state
	f.add("users", id, st.userObject(id))
	if m := f.sc.guild.member(id); m != nil && f.sc.channel.Guild != "" {
		obj := st.memberObject(m)
		delete(obj, "user")
		obj["permissions"] = f.sc.guild.inGuild(id).String()
		f.add("members", id, obj)
	}
}

func (f *filling) fill(options []option) ([]any, error) {
	list := []any{}
	for name := range f.given {
		if !slices.ContainsFunc(options, func(o option) bool { return o.Name == name }) {
			return nil, wrong("options."+name, "the command has no option %q", short(name))
		}
	}
	if f.focused != "" {
		i := slices.IndexFunc(options, func(o option) bool { return o.Name == f.focused })
		if i < 0 || !options[i].Autocomplete {
			return nil, wrong("focused", "%q isn't an option with autocomplete", short(f.focused))
		}
		f.focusedType = options[i].Type
	}
	for _, o := range options {
		v, there := f.given[o.Name]
		if o.Name == f.focused {
			list = append(list, map[string]any{"name": o.Name, "type": o.Type, "value": typed(v), "focused": true})
			continue
		}
		if !there || v == nil {
			if o.Required && f.focused == "" {
				return nil, wrong("options."+o.Name, "the option %s is required", o.Name)
			}
			continue
		}
		value, err := f.value(o, v)
		if err != nil {
			return nil, err
		}
		list = append(list, map[string]any{"name": o.Name, "type": o.Type, "value": value})
	}
	return list, nil
}

// typed is what stands in a field that is being completed: text, whatever its type.
func typed(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func (f *filling) value(o option, v any) (any, error) {
	field := "options." + o.Name
	switch o.Type {
	case optionText:
		return textValueOf(o, v, field)
	case optionWhole, optionNumber:
		return numberValueOf(o, v, field)
	case optionTruth:
		if b, is := v.(bool); is {
			return b, nil
		}
		return nil, wrong(field, "%s is true or false", o.Name)
	case optionAttachment:
		return f.attachment(v, field)
	}
	return f.reference(o, v, field)
}

func textValueOf(o option, v any, field string) (any, error) {
	s, is := v.(string)
	if !is {
		return nil, wrong(field, "%s is a text", o.Name)
	}
	if len(o.Choices) > 0 {
		return chosen(o, s, field)
	}
	least, most := 0, 6000
	if o.MinLength != nil {
		least = *o.MinLength
	}
	if o.MaxLength != nil {
		most = *o.MaxLength
	}
	if n := utf8.RuneCountInString(s); n < least || n > most || o.Required && n == 0 {
		return nil, wrong(field, "%s has %d to %d characters", o.Name, max(least, 1), most)
	}
	return s, nil
}

// chosen takes a choice by its value or, as people see it, by its name.
func chosen(o option, v any, field string) (any, error) {
	for _, c := range o.Choices {
		if sameValue(c.Value, v) || c.Name == v {
			return c.Value, nil
		}
	}
	return nil, wrong(field, "%q isn't one of the choices of %s", short(v), o.Name)
}

func sameValue(a, b any) bool {
	x, isX := numberOf(a)
	y, isY := numberOf(b)
	if isX && isY {
		return x == y
	}
	return a == b
}

func numberValueOf(o option, v any, field string) (any, error) {
	if s, is := v.(string); is {
		if len(o.Choices) > 0 {
			return chosen(o, s, field)
		}
		if _, err := strconv.ParseFloat(s, 64); err == nil {
			v = json.Number(s)
		}
	}
	n, is := numberOf(v)
	if !is || math.IsNaN(n) || math.IsInf(n, 0) || o.Type == optionWhole && n != math.Trunc(n) || math.Abs(n) > 1<<53 {
		return nil, wrong(field, "%s is a number", o.Name)
	}
	if len(o.Choices) > 0 {
		return chosen(o, v, field)
	}
	if o.MinValue != nil && n < *o.MinValue {
		return nil, wrong(field, "%s is at least %v", o.Name, *o.MinValue)
	}
	if o.MaxValue != nil && n > *o.MaxValue {
		return nil, wrong(field, "%s is at most %v", o.Name, *o.MaxValue)
	}
	return json.Number(strconv.FormatFloat(n, 'f', -1, 64)), nil
}

// reference takes a member, a channel or a role by name or id.
func (f *filling) reference(o option, v any, field string) (any, error) {
	name, is := v.(string)
	if !is {
		return nil, wrong(field, "%s is a name or an id", o.Name)
	}
	if o.Type == optionChannel {
		return f.channel(o, name, field)
	}
	if o.Type != optionRole {
		if u, err := f.sc.s.namedUser(name); err == nil {
			f.addUser(u.ID)
			return u.ID, nil
		}
	}
	if o.Type != optionUser {
		if r, err := f.sc.s.namedRole(f.sc.guild, strings.TrimPrefix(name, "@")); err == nil {
			f.add("roles", r.ID, roleObject(*r))
			return r.ID, nil
		}
	}
	return nil, wrong(field, "there is no %q for %s", short(name), o.Name)
}

func (f *filling) channel(o option, name, field string) (any, error) {
	c, err := f.sc.s.namedChannel(f.sc.guild, name)
	if err != nil || c.Guild != f.sc.guild.ID || !f.sc.s.state.sees(f.sc.user.ID, c) {
		return nil, wrong(field, "%s sees no channel %q", f.sc.user.Username, short(name))
	}
	if len(o.ChannelTypes) > 0 && !slices.Contains(o.ChannelTypes, c.Type) {
		return nil, wrong(field, "%s isn't a channel of the kind that %s takes", c.Name, o.Name)
	}
	f.add("channels", c.ID, f.sc.partialChannel(c))
	return c.ID, nil
}

func (f *filling) attachment(v any, field string) (any, error) {
	obj := objectOf(v)
	file, err := sentFile{textOf(obj["filename"]), textOf(obj["base64"])}.decode()
	if err != nil {
		return nil, asField(err, field)
	}
	a, err := f.sc.s.keep(f.sc.channel.ID, file)
	if err != nil {
		return nil, err
	}
	described := attachmentObject(f.sc.channel.ID, a, f.sc.base)
	described["ephemeral"] = true
	f.add("attachments", a.ID, described)
	return a.ID, nil
}

func asField(err error, field string) error {
	if c := new(controlError); errors.As(err, &c) {
		return &controlError{Status: c.Status, Words: c.Words, Field: field}
	}
	return err
}
