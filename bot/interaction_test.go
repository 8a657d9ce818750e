package bot

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
	"sitrep/commands"
)

// sample is an interaction as Discord sends it, out of testdata.
func sample(tb testing.TB, name string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "interactions", name+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func parsed(tb testing.TB, raw []byte) Interaction {
	tb.Helper()
	in, err := ParseInteraction(raw)
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

func TestParseInteractionReadsTheCaller(t *testing.T) {
	t.Parallel()
	const briefingsChannel, digestsChannel = "1263112233445566755", "1263112233445566757"
	none, nobody := map[string]commands.Channel{}, map[string]commands.ServerRole{}
	for _, tt := range []struct {
		name string
		role commands.Role
		want commands.Caller
	}{
		{"guild_command", commands.Moderator, commands.Caller{
			Role: commands.Moderator,
			Desk: "1263112233445566733", User: "1263112233445566701", Locales: []string{"uk", "en-GB"}, Channels: none, NamedRoles: nobody,
			Channel: commands.Channel{ID: briefingsChannel, Name: "briefings", Rights: 68608, Theirs: 4503599627378689, Known: true},
		}},
		{"direct_message", commands.Reader, commands.Caller{
			Desk: briefings.Catalogue, User: "1263112233445566701", Locales: []string{"en-US", ""}, Channels: none, NamedRoles: nobody,
			Channel: commands.Channel{ID: "1263112233445566756", Rights: 2147483647, Known: true},
		}},
		{"subcommand", commands.Moderator, commands.Caller{
			Role: commands.Moderator,
			Desk: "1263112233445566733", User: "1263112233445566702", Locales: []string{"de", "en-US"},
			Channel:    commands.Channel{ID: briefingsChannel, Name: "briefings", Rights: 1024, Theirs: 8192, Known: true, Thread: true},
			Channels:   map[string]commands.Channel{digestsChannel: {ID: digestsChannel, Name: "digests", Rights: 68608, Theirs: 8192, Known: true, News: true}},
			NamedRoles: map[string]commands.ServerRole{"1263112233445566788": {Name: "Readers", Mentionable: true}},
		}},
		{"component", commands.Reader, commands.Caller{
			Desk: "1263112233445566733", User: "1263112233445566701", Locales: []string{"fr", "en-US"}, Channels: none, NamedRoles: nobody,
			Channel: commands.Channel{ID: briefingsChannel},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := parsed(t, sample(t, tt.name))
			if diff := cmp.Diff(tt.want, in.caller()); diff != "" {
				t.Errorf("caller (-want +got):\n%s", diff)
			}
			if got := in.role(); got != tt.role {
				t.Errorf("role = %d, want %d", got, tt.role)
			}
		})
	}
}

func TestCallerHasWhatWasAttached(t *testing.T) {
	t.Parallel()
	in := parsed(t, []byte(`{"id":"1","token":"t","type":2,"user":{"id":"2"},"data":{"name":"desk","options":[{"name":"import","type":1,"options":[{"name":"file","type":11,"value":"77"}]}],
		"resolved":{"attachments":{"77":{"id":"77","filename":"desk.zip","size":9,"content_type":"application/zip","url":"https://cdn.discordapp.com/ephemeral-attachments/1/77/desk.zip?ex=1"}}}}}`))
	name, input, _ := in.command()
	want := commands.Attachment{Name: "desk.zip", Type: "application/zip", Size: 9, URL: "https://cdn.discordapp.com/ephemeral-attachments/1/77/desk.zip?ex=1"}
	if got := in.caller().Attached[input["file"]]; name != "desk import" || got != want {
		t.Errorf("/%s has attached %+v, want %+v", name, got, want)
	}
	if in := parsed(t, []byte(`{"id":"1","token":"t","type":2,"user":{"id":"2"},"data":{"name":"desk","options":[{"name":"file","type":11,"value":"77"}]}}`)); in.caller().Attached["77"] != (commands.Attachment{}) {
		t.Error("an id that Discord describes nothing for names an attachment")
	}
}

// The desk is that of the server that installed the application; whoever brings
// it along, or writes to it directly, gets the catalogue.
func TestCallerOfAnInstallation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, guild, owners string
		want                briefings.DeskID
	}{
		{"a server's", "11", `{"0":"11"}`, "11"},
		{"a server's and the person's", "11", `{"0":"11","1":"7"}`, "11"},
		{"the person's, in a server without it", "11", `{"1":"7"}`, briefings.Catalogue},
		{"the person's, in a private channel", "", `{"1":"7"}`, briefings.Catalogue},
		{"a direct message", "", `{"0":"0"}`, briefings.Catalogue},
		{"a direct message, as a number", "", `{"0":0}`, briefings.Catalogue},
		{"not told, in a server", "11", `{}`, "11"},
		{"null", "11", `null`, "11"},
	} {
		in := parsed(t, fmt.Appendf(nil, `{"id":"1","token":"t","guild_id":%q,"user":{"id":"7"},"authorizing_integration_owners":%s}`, tt.guild, tt.owners))
		if got := in.caller().Desk; got != tt.want {
			t.Errorf("%s: got desk %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestParseInteractionReadsTheCommand(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sample, name, focused string
		input                 commands.Input
	}{
		{"guild_command", "talks", "", commands.Input{"known": "2026-01-20", "share": "true"}},
		{"direct_message", "actors", "", commands.Input{"name": "Буданов"}},
		{"subcommand", "digest add", "", commands.Input{"at": "08:00", "channel": "1263112233445566757", "mention": "1263112233445566788"}},
		{"autocomplete", "desk edit", "item", commands.Input{"item": "F1"}},
	} {
		name, input, focused := parsed(t, sample(t, tt.sample)).command()
		if name != tt.name || focused != tt.focused {
			t.Errorf("%s: got /%s with focus on %q, want /%s with %q", tt.sample, name, focused, tt.name, tt.focused)
		}
		if diff := cmp.Diff(tt.input, input); diff != "" {
			t.Errorf("%s: options (-want +got):\n%s", tt.sample, diff)
		}
	}
}

func TestParseInteractionReadsWhatWasTyped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sample string
		want   commands.Input
	}{
		{"modal_labels", commands.Input{"value": "640", "reason": "", "op": "correct", "sure": ""}},
		{"modal_rows", commands.Input{"value": "640", "text": "a\nb"}},
		{"component", commands.Input{}},
	} {
		if diff := cmp.Diff(tt.want, parsed(t, sample(t, tt.sample)).fields()); diff != "" {
			t.Errorf("%s: fields (-want +got):\n%s", tt.sample, diff)
		}
	}
}

func TestCustomIDParts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ id, name, state string }{
		{"actor:all@abcdefghij0123456789", "actor", "all"},
		{"sources:talks", "sources", "talks"},
		{"desk-save:figure/energy-attacks:1", "desk-save", "figure/energy-attacks:1"},
		{"actor", "actor", ""},
		{"actor@x:y", "actor", ""},
		{"", "", ""},
		{":x", "", "x"},
		{"@", "", ""},
	} {
		var in Interaction
		in.Data.CustomID = tt.id
		if name, state := in.action(); name != tt.name || state != tt.state {
			t.Errorf("%q: got %q and %q, want %q and %q", tt.id, name, state, tt.name, tt.state)
		}
	}
}

func TestParseInteractionRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, raw string }{
		{"nothing", ""},
		{"no object", `[]`},
		{"cut off", `{"id":"1","token":"t","user":{"id":"2"}`},
		{"no id", `{"token":"t","user":{"id":"2"}}`},
		{"no token", `{"id":"1","user":{"id":"2"}}`},
		{"no user", `{"id":"1","token":"t"}`},
		{"a member without a user", `{"id":"1","token":"t","member":{"permissions":"8"},"user":{"id":"2"}}`},
		{"a number for an id", `{"id":1,"token":"t","user":{"id":"2"}}`},
		{"text for data", `{"id":"1","token":"t","user":{"id":"2"},"data":"x"}`},
		{"far too deep", `{"id":"1","token":"t","user":{"id":"2"},"data":{"components":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}}`},
	} {
		if in, err := ParseInteraction([]byte(tt.raw)); err == nil {
			t.Errorf("%s: got %+v, want an error", tt.name, in)
		}
	}
}

func TestRoleComesFromThePermissions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		permissions string
		want        commands.Role
	}{
		{"8192", commands.Moderator},             // Manage Messages
		{"32", commands.Admin},                   // Manage Server
		{"8", commands.Admin},                    // Administrator
		{"4503599627378688", commands.Moderator}, // 2^52 and Manage Messages
		{"9007199254749183", commands.Admin},     // all up to 2^52, less one
		{"18446744073709551615", commands.Admin},
		{"0", commands.Reader},
		{"68608", commands.Reader},
		{"4503599627370496", commands.Reader}, // 2^52 alone
		{"18446744073709551616", commands.Reader},
		{"99999999999999999999999999999999", commands.Reader},
		{"-1", commands.Reader},
		{"+8192", commands.Reader},
		{"0x2000", commands.Reader},
		{"8192 ", commands.Reader},
		{"8e3", commands.Reader},
		{"moderator", commands.Reader},
		{"", commands.Reader},
	} {
		raw := fmt.Sprintf(`{"id":"1","token":"t","guild_id":"3","member":{"user":{"id":"2"},"permissions":%q}}`, tt.permissions)
		if got := parsed(t, []byte(raw)).role(); got != tt.want {
			t.Errorf("permissions %q: got role %d, want %d", tt.permissions, got, tt.want)
		}
	}
}

// FuzzParseInteraction checks that whatever comes, reading it ends, and that a
// role is never more than the member's own permissions say.
func FuzzParseInteraction(f *testing.F) {
	for _, name := range []string{"guild_command", "direct_message", "subcommand", "autocomplete", "component", "modal_labels", "modal_rows"} {
		f.Add(sample(f, name))
	}
	f.Add([]byte(`{"id":"1","token":"t","user":{"id":"2"},"data":{"options":[{"type":2,"options":[{"type":1,"options":[{"type":1,"name":"x"}]}]}]}}`))
	f.Add([]byte(`{"id":"1","token":"t","user":{"id":"2"},"data":{"components":[{"component":{"components":[{"component":{"component":{"custom_id":"x","value":"y"}}}]}}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		in, err := ParseInteraction(raw)
		if err != nil {
			return
		}
		if in.ID == "" || in.Token == "" || in.userID() == "" {
			t.Errorf("%q: got an interaction without id, token or user", raw)
		}
		if in.Member == nil && in.role() != commands.Reader {
			t.Errorf("%q: somebody outside a server is a moderator", raw)
		}
		who := in.caller()
		if (who.Desk == briefings.Catalogue) != (in.GuildID == "" || in.GuildID == string(briefings.Catalogue)) {
			t.Errorf("%q: got desk %s in server %q", raw, who.Desk, in.GuildID)
		}
		name, _, _ := in.command()
		if strings.Count(name, " ") > strings.Count(string(raw), " ")+2 {
			t.Errorf("%q: got the name %q, deeper than Discord nests", raw, name)
		}
		if action, _ := in.action(); strings.ContainsAny(action, ":@") {
			t.Errorf("%q: got the action %q", raw, action)
		}
		for field := range in.fields() {
			if field == "" || !json.Valid(in.Data.Components) {
				t.Errorf("%q: got a field %q out of %q", raw, field, in.Data.Components)
			}
		}
	})
}
