package bot

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sitrep/briefings"
	"sitrep/commands"
	"sitrep/digests"
)

// guildState is the sandbox's first server.
type guildState struct {
	ID       string
	Roles    []struct{ ID, Name string }
	Channels []struct{ ID, Name string }
}

// change changes the sandbox's first server and returns it.
func (s *stage) change(what map[string]any) guildState {
	s.t.Helper()
	var state struct{ Guilds []guildState }
	s.control(http.MethodGet, "/sandbox/state", nil, &state)
	var got guildState
	s.control(http.MethodPatch, "/sandbox/guilds/"+state.Guilds[0].ID, what, &got)
	return got
}

func (g guildState) role(name string) string {
	for _, r := range g.Roles {
		if r.Name == name {
			return r.ID
		}
	}
	return ""
}

type list = []map[string]any

// TestRoomsWorkOutRights from the bot's roles and a channel's overwrites.
func TestRoomsWorkOutRights(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change map[string]any
		want   commands.Channel // rights that are there; what is missing is told apart
		lacks  commands.Rights
	}{
		{"as invited", nil, commands.Channel{Rights: commands.ViewChannel | commands.AttachFiles | commands.CreatePublicThreads}, commands.MentionEveryone},
		{
			"denied to everyone, allowed to the bot's role",
			map[string]any{"channels": list{{"channel": "digests", "overwrites": list{{"role": "everyone", "deny": "34816"}, {"role": "sitrep", "allow": "2048"}}}}},
			commands.Channel{Rights: commands.ViewChannel | commands.SendMessages},
			commands.AttachFiles,
		},
		{
			"allowed to a role, denied to the bot itself",
			map[string]any{"channels": list{{"channel": "digests", "overwrites": list{{"role": "sitrep", "allow": "131072"}, {"user": "sitrep", "deny": "34359738368"}}}}},
			commands.Channel{Rights: commands.MentionEveryone},
			commands.CreatePublicThreads,
		},
		{"a role that the bot hasn't got", map[string]any{"channels": list{{"channel": "digests", "overwrites": list{{"role": "Moderator", "allow": "131072"}}}}}, commands.Channel{}, commands.MentionEveryone},
		{
			"an administrator",
			map[string]any{"roles": list{{"role": "sitrep", "permissions": "8"}}, "channels": list{{"channel": "digests", "overwrites": list{{"role": "everyone", "deny": "1024"}}}}},
			commands.Channel{Rights: commands.ViewChannel | commands.MentionEveryone},
			0,
		},
		{"of announcements", map[string]any{"channels": list{{"channel": "digests", "type": 5}}}, commands.Channel{News: true}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			g := s.change(tt.change)
			got, err := Rooms{s.discord()}.Room(t.Context(), briefings.DeskID(g.ID), digests.ChannelID(s.channel("digests")))
			if err != nil {
				t.Fatal(err)
			}
			if got.Rights&tt.want.Rights != tt.want.Rights || got.Rights&tt.lacks != 0 {
				t.Errorf("got rights %b, want %b and not %b", got.Rights, tt.want.Rights, tt.lacks)
			}
			got.Rights = 0
			want := commands.Channel{ID: s.channel("digests"), Name: "digests", Known: true, News: tt.want.News}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRoomsOutOfSight(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	g := s.change(map[string]any{"channels": list{
		{"channel": "digests", "overwrites": list{{"role": "everyone", "deny": "1024"}, {"role": "sitrep", "deny": "1024"}}},
		{"channel": "talk", "parent": "briefings"},
	}})
	rooms, desk := Rooms{s.discord()}, briefings.DeskID(g.ID)
	hidden, err := rooms.Room(t.Context(), desk, digests.ChannelID(s.channel("digests")))
	if err != nil || !hidden.Known || hidden.Rights != 0 {
		t.Errorf("a channel that the bot doesn't see: got %+v, %v, want it without any rights", hidden, err)
	}
	for name, ask := range map[string]func() error{
		"no such channel": func() error { _, err := rooms.Room(t.Context(), desk, "1"); return err },
		"another server's channel": func() error {
			_, err := rooms.Room(t.Context(), "1", digests.ChannelID(s.channel("briefings")))
			return err
		},
		"no such role": func() error { _, err := rooms.Role(t.Context(), desk, "1"); return err },
	} {
		if err := ask(); !errors.Is(err, briefings.ErrNotFound) {
			t.Errorf("%s: got %v, want not found", name, err)
		}
	}
	away := Rooms{discordAt(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusServiceUnavailable, "{}") })}
	_, room := away.Room(t.Context(), desk, "5")
	_, role := away.Role(t.Context(), desk, "5")
	for _, err := range []error{room, role} {
		if !errors.Is(err, briefings.ErrUnavailable) || errors.Is(err, briefings.ErrNotFound) {
			t.Errorf("Discord is away: got %v, want that it can't be asked", err)
		}
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	g := s.change(map[string]any{"roles": list{{"role": "Readers", "mentionable": true}, {"role": "Staff"}}})
	rooms, desk, channel := Rooms{s.discord()}, briefings.DeskID(g.ID), digests.ChannelID(s.channel("digests"))
	check := func(role, want string, wantGone bool) {
		t.Helper()
		trouble, gone, err := rooms.Mentions(t.Context(), desk, channel, digests.RoleID(role))
		if err != nil || gone != wantGone || !strings.Contains(trouble, want) || (want == "") != (trouble == "") {
			t.Errorf("role %s: got %q, gone %t, %v; want %q, gone %t", role, trouble, gone, err, want, wantGone)
		}
	}
	check(g.role("Readers"), "", false)
	check(g.role("Staff"), "give me Mention Everyone", false)
	check("1", "is gone", true)
	s.change(map[string]any{"roles": list{{"role": "sitrep", "permissions": "131072"}}})
	check(g.role("Staff"), "", false)
}

// TestADigestPingsItsRole and nothing else does, however often it is edited.
func TestADigestPingsItsRole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, _ := newDesk(t)
	g := s.change(map[string]any{"roles": list{{"role": "Readers", "mentionable": true}}})
	card, channel := digest(t, desk), s.channel("digests")
	card.Mention = g.role("Readers")
	discord := s.discord()
	id, err := Poster{discord}.Post(t.Context(), digests.ChannelID(channel), card, delivery)
	if err != nil {
		t.Fatal(err)
	}
	pinged := func() (roles []string) {
		var got struct {
			Roles []string `json:"mention_roles"`
		}
		if err := discord.read(t.Context(), "/channels/"+channel+"/messages/"+id, &got); err != nil {
			t.Fatal(err)
		}
		return got.Roles
	}
	if got := pinged(); len(got) != 1 || got[0] != card.Mention {
		t.Errorf("posted: pinged %v, want %s", got, card.Mention)
	}
	if err := discord.EditMessage(t.Context(), channel, id, render(card, delivery)); err != nil {
		t.Fatal(err)
	}
	if got := pinged(); len(got) != 0 {
		t.Errorf("edited: pinged %v, want nobody", got)
	}
}

func TestExtrasAreDoneOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, _ := newDesk(t)
	s.change(map[string]any{"channels": list{{"channel": "digests", "type": 5}}})
	rooms, channel := Rooms{s.discord()}, digests.ChannelID(s.channel("digests"))
	id, err := Poster(rooms).Post(t.Context(), channel, digest(t, desk), delivery)
	if err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"once", "again"} {
		if err := rooms.Discuss(t.Context(), channel, id, strings.Repeat("long ", 40)); err != nil {
			t.Errorf("a thread, %s: %v", when, err)
		}
		if err := rooms.Publish(t.Context(), channel, id); err != nil {
			t.Errorf("published, %s: %v", when, err)
		}
	}
	thread, err := rooms.Room(t.Context(), briefings.DeskID(s.change(nil).ID), digests.ChannelID(id))
	if err != nil || !thread.Thread || !strings.HasPrefix(thread.Name, "long long") || thread.Rights&commands.SendInThreads == 0 {
		t.Errorf("got %+v, %v, want the thread with its parent's rights", thread, err)
	}
	s.change(map[string]any{"channels": list{{"channel": "digests", "type": 0}}})
	if err := rooms.Publish(t.Context(), channel, id); err != nil {
		t.Errorf("a channel that can no longer be followed: %v", err)
	}
	for _, when := range []string{"once", "again"} {
		if err := rooms.Unpost(t.Context(), channel, id); err != nil {
			t.Errorf("deleted, %s: %v", when, err)
		}
		if err := errors.Join(rooms.Discuss(t.Context(), channel, id, "x"), rooms.Publish(t.Context(), channel, id)); err != nil {
			t.Errorf("the message is gone: %v", err)
		}
	}
}

func TestRefusedExtrasSayWhatToDo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		status, code int
		permanent    bool
		say          string
	}{
		{"missing access", 403, CodeMissingAccess, true, ": give me "},
		{"missing permission", 403, CodeMissingPermission, true, ": give me "},
		{"too many threads", 400, CodeTooManyThreads, true, "code 160006"},
		{"the channel's hour is used up", 429, 0, false, "(HTTP 429"},
		{"overloaded", 503, CodeOverloaded, false, "code 130000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wait := time.Duration(0)
			rooms := Rooms{discordAt(t, func(w http.ResponseWriter, _ *http.Request) {
				if tt.status == http.StatusTooManyRequests {
					wait = 40 * time.Minute
					w.Header().Set("X-RateLimit-Scope", "shared")
					w.Header().Set("Retry-After", "2400")
				}
				reply(w, tt.status, fmt.Sprintf(`{"code":%d,"message":"no","retry_after":2400}`, tt.code))
			})}
			for what, err := range map[string]error{
				"No thread was started":       rooms.Discuss(t.Context(), "5", "6", "x"),
				"It was not published":        rooms.Publish(t.Context(), "5", "6"),
				"The message was not deleted": rooms.Unpost(t.Context(), "5", "6"),
			} {
				refused := new(digests.PostError)
				if !errors.As(err, &refused) || refused.Permanent != tt.permanent || !strings.HasPrefix(refused.Say, what) || !strings.Contains(refused.Say, tt.say) || refused.RetryAfter.Round(time.Minute) != wait {
					t.Errorf("%s: got %+v, want it permanent %t, after %s, with %q", what, refused, tt.permanent, wait, tt.say)
				}
			}
		})
	}
}

// TestPublishingIsPacedApart: a channel whose hour of publishing is used up
// still takes messages, and is not asked again before the hour is over.
func TestPublishingIsPacedApart(t *testing.T) {
	t.Parallel()
	var published atomic.Int32
	discord := discordAt(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/crosspost") {
			reply(w, http.StatusOK, `{"id":"7"}`)
			return
		}
		published.Add(1)
		w.Header().Set("X-RateLimit-Scope", "shared")
		w.Header().Set("Retry-After", "2400")
		reply(w, http.StatusTooManyRequests, `{"message":"You are being rate limited.","retry_after":2400}`)
	})
	for range 3 {
		refused := new(digests.PostError)
		if err := (Rooms{discord}).Publish(t.Context(), "5", "6"); !errors.As(err, &refused) || refused.RetryAfter < 39*time.Minute {
			t.Errorf("got %v, want to be told to wait for 40 minutes", err)
		}
		if _, err := (Poster{discord}).Post(t.Context(), "5", cardSaying("x"), delivery); err != nil {
			t.Errorf("a post: %v", err)
		}
	}
	if n := published.Load(); n != 1 {
		t.Errorf("Discord was asked to publish %d times, want once", n)
	}
}
