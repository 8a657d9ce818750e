package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

const delivery = "abcdefghij0123456789"

func TestPostTwiceIsOneMessage(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, _ := newDesk(t)
	card, poster, channel := digest(t, desk), Poster{Discord: s.discord()}, digests.ChannelID(s.channel("digests"))
	first, err := poster.Post(t.Context(), channel, card, delivery)
	if err != nil {
		t.Fatal(err)
	}
	again, err := poster.Post(t.Context(), channel, card, delivery)
	if err != nil || again != first {
		t.Errorf("the same delivery again: got message %s, %v; want %s", again, err, first)
	}
	other, err := poster.Post(t.Context(), channel, card, "z"+delivery[1:])
	if err != nil || other == first {
		t.Errorf("another delivery: got message %s, %v; want a new one", other, err)
	}
	for _, tt := range []struct {
		delivery, want string
	}{{delivery, first}, {"z" + delivery[1:], other}, {delivery[1:], ""}, {delivery[:19], ""}, {"nobodysdelivery00000", ""}} {
		got, found, err := poster.Find(t.Context(), channel, tt.delivery, time.Now())
		if err != nil || got != tt.want || found != (tt.want != "") {
			t.Errorf("Find(%s) = %q, %t, %v; want %q", tt.delivery, got, found, err, tt.want)
		}
	}
}

func TestDirectReachesAPerson(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, _ := newDesk(t)
	card, poster := digest(t, desk), Poster{Discord: s.discord()}
	var state struct {
		Bot struct {
			User struct{ ID string }
		}
		Guilds []struct {
			Members []struct{ ID, Name string }
		}
	}
	s.control(http.MethodGet, "/sandbox/state", nil, &state)
	reader := ""
	for _, m := range state.Guilds[0].Members {
		if m.Name == "reader" {
			reader = m.ID
		}
	}
	for _, when := range []string{"once", "again, with the same key"} {
		if err := poster.Direct(t.Context(), briefings.UserID(reader), card, delivery); err != nil {
			t.Fatalf("%s: %v", when, err)
		}
	}
	var got struct{ Messages []struct{ Text string } }
	s.control(http.MethodGet, "/sandbox/channels/@me/messages?as=reader", nil, &got)
	if len(got.Messages) != 1 {
		t.Errorf("the reader has %d direct messages, want 1", len(got.Messages))
	}
	for name, user := range map[string]string{"nobody": "1", "a bot": state.Bot.User.ID, "no id": "../guilds"} {
		err := poster.Direct(t.Context(), briefings.UserID(user), card, delivery)
		if refused := new(digests.PostError); !errors.As(err, &refused) {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
}

// archive is a channel full of messages, as Discord pages through it.
type archive struct {
	ids    []uint64 // oldest first
	marks  map[uint64]string
	asked  []string
	hidden bool // its history, from the bot
}

func (a *archive) serve(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/messages") {
		newest := uint64(0)
		for _, id := range a.ids {
			newest = max(newest, id)
		}
		reply(w, http.StatusOK, fmt.Sprintf(`{"id":"5","last_message_id":"%d"}`, newest))
		return
	}
	if a.hidden {
		reply(w, http.StatusOK, "[]")
		return
	}
	a.asked = append(a.asked, r.URL.RawQuery)
	var after uint64
	if _, err := fmt.Sscan(r.URL.Query().Get("after"), &after); err != nil {
		reply(w, http.StatusBadRequest, `{"code":50035,"message":"after is no id"}`)
		return
	}
	var page []string
	for _, id := range a.ids {
		if id > after && len(page) < 100 {
			page = append(page, fmt.Sprintf(`{"id":"%d","author":{"id":"9"},"nonce":null,"components":[{"type":17,"components":[{"type":1,"components":[{"type":2,"custom_id":"sources:talks%s"}]}]}]}`, id, a.marks[id]))
		}
	}
	for i, j := 0, len(page)-1; i < j; i, j = i+1, j-1 {
		page[i], page[j] = page[j], page[i] // newest first
	}
	reply(w, http.StatusOK, "["+strings.Join(page, ",")+"]")
}

// snowflakeAt is an id of that moment.
func snowflakeAt(at time.Time, n int) uint64 {
	return uint64(at.UnixMilli()-discordEpoch)<<22 + uint64(n)
}

func TestFindLooksThroughTheChannel(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name      string
		messages  int // one a second, from since on
		at        int // which of them is the digest; below 0 before since
		found, ok bool
		pages     int
	}{
		{"an empty channel", 0, -1000, false, true, 1},
		{"the only one", 1, 0, true, true, 1},
		{"the first of many", 250, 0, true, true, 1},
		{"amid many", 250, 130, true, true, 2},
		{"the last of many", 250, 249, true, true, 3},
		{"not there", 250, -1000, false, true, 3},
		{"exactly a page, not there", 100, -1000, false, true, 2},
		{"before since, for clocks differ", 250, -30, true, true, 1},
		{"long before since", 250, -90, false, true, 3},
		{"more than anybody reads", 1500, -1000, false, false, 10},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &archive{marks: map[uint64]string{}}
			digest := snowflakeAt(since.Add(time.Duration(tt.at)*time.Second), 0)
			if tt.at < 0 {
				a.ids = append(a.ids, digest)
			}
			for i := range tt.messages {
				a.ids = append(a.ids, snowflakeAt(since.Add(time.Duration(i)*time.Second), 0))
				a.marks[a.ids[len(a.ids)-1]] = "@otherdelivery00000000"
			}
			if tt.at > -1000 {
				a.marks[digest] = "@" + delivery
			}
			id, found, err := Poster{Discord: discordAt(t, a.serve)}.Find(t.Context(), "5", delivery, since)
			if found != tt.found || (err == nil) != tt.ok || (found && id != fmt.Sprint(digest)) {
				t.Errorf("Find = %q, %t, %v; want found %t (%d), without error %t", id, found, err, tt.found, digest, tt.ok)
			}
			if len(a.asked) != tt.pages {
				t.Errorf("asked for %d pages (%s), want %d", len(a.asked), strings.Join(a.asked, ", "), tt.pages)
			}
		})
	}
}

// Without Read Message History Discord lists nothing and refuses nothing.
func TestFindTellsAHiddenHistory(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)
	a := &archive{hidden: true, ids: []uint64{snowflakeAt(since.Add(time.Second), 0)}}
	_, found, err := Poster{Discord: discordAt(t, a.serve)}.Find(t.Context(), "5", delivery, since)
	refused := new(digests.PostError)
	if found || !errors.As(err, &refused) || !refused.Permanent || !strings.Contains(refused.Say, "Read Message History") {
		t.Errorf("Find = %t, %v; want a permanent refusal that names the right", found, err)
	}
	a.ids = []uint64{snowflakeAt(since.Add(-time.Hour), 0)}
	if _, found, err := (Poster{Discord: discordAt(t, a.serve)}).Find(t.Context(), "5", delivery, since); found || err != nil {
		t.Errorf("nothing posted since: Find = %t, %v; want nothing found", found, err)
	}
}

// Whatever is written between the two questions that tell a hidden history is
// found by asking again.
func TestFindWhileSomebodyWrites(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, time.January, 21, 8, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name  string
		mark  string
		found bool
	}{
		{"somebody else", "", false},
		{"the copy that was thought dead", "@" + delivery, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, written := &archive{marks: map[uint64]string{}}, snowflakeAt(since, 0)
			discord := discordAt(t, func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/messages") {
					a.ids, a.marks[written] = []uint64{written}, tt.mark
				}
				a.serve(w, r)
			})
			id, found, err := Poster{Discord: discord}.Find(t.Context(), "5", delivery, since)
			if err != nil || found != tt.found || found != (id == fmt.Sprint(written)) {
				t.Errorf("got %q, %t, %v; want found %t", id, found, err, tt.found)
			}
		})
	}
}

func TestFindBeforeDiscordWasThere(t *testing.T) {
	t.Parallel()
	a := &archive{}
	if _, found, err := (Poster{Discord: discordAt(t, a.serve)}).Find(t.Context(), "5", delivery, time.Time{}); found || err != nil {
		t.Errorf("Find since the year 1 = %t, %v; want nothing found", found, err)
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	t.Parallel()
	desk, _ := newDesk(t)
	card := digest(t, desk)
	for _, tt := range []struct {
		name         string
		status, code int
		permanent    bool
		say          string
	}{
		{"missing access", 403, CodeMissingAccess, true, "give me View Channel"},
		{"missing permission", 403, CodeMissingPermission, true, "Send Messages"},
		{"unknown channel", 404, CodeUnknownChannel, true, "add the digest anew"},
		{"unknown server", 404, CodeUnknownGuild, true, "invite me again"},
		{"deleted by a moderator", 404, CodeUnknownMessage, true, "next one comes"},
		{"a voice channel", 400, CodeNotAText, true, "choose a text channel"},
		{"a forum", 400, CodeForum, true, "choose a text channel"},
		{"archived thread", 400, CodeArchivedThread, true, "open it again"},
		{"locked thread", 400, CodeLockedThread, true, "unlock it"},
		{"invalid form", 400, CodeInvalidForm, true, "Tell whoever runs me"},
		{"empty", 400, CodeEmptyMessage, true, "Tell whoever runs me"},
		{"too large", 400, 40005, true, "Check the channel"},
		{"a code yet to come", 400, 999999, true, "Check the channel"},
		{"no code", 403, 0, true, "Check the channel"},
		{"slow mode", 429, CodeSlowMode, false, "tried again"},
		{"write limit of the channel", 429, CodeChannelWriteLimit, false, "tried again"},
		{"write limit of the server", 429, CodeServerWriteLimit, false, "tried again"},
		{"overloaded", 503, CodeOverloaded, false, "tried again"},
		{"a fault of Discord's", 500, 0, false, "tried again"},
		{"a proxy's page", 502, 0, false, "tried again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wait := time.Duration(0)
			discord := discordAt(t, func(w http.ResponseWriter, _ *http.Request) {
				if tt.status == http.StatusTooManyRequests {
					wait = 2 * time.Hour
					w.Header().Set("X-RateLimit-Scope", "shared")
					w.Header().Set("Retry-After", "7200")
				}
				reply(w, tt.status, fmt.Sprintf(`{"code":%d,"message":"no","retry_after":7200}`, tt.code))
			})
			id, err := Poster{Discord: discord}.Post(t.Context(), "5", card, delivery)
			refused := new(digests.PostError)
			if !errors.As(err, &refused) {
				t.Fatalf("got message %q and error %v, want a PostError", id, err)
			}
			if refused.Permanent != tt.permanent || !strings.Contains(refused.Say, tt.say) || !strings.HasSuffix(refused.Say, ".") || refused.RetryAfter != wait {
				t.Errorf("got %q, permanent %t, after %s; want a sentence with %q, permanent %t, after %s", refused.Say, refused.Permanent, refused.RetryAfter, tt.say, tt.permanent, wait)
			}
			if refusal := new(APIError); !errors.As(err, &refusal) || refusal.Status != tt.status {
				t.Errorf("got cause %v, want Discord's refusal with status %d", refused.Cause, tt.status)
			}
			if strings.Contains(refused.Say, botToken) {
				t.Errorf("got %q, want no token in it", refused.Say)
			}
		})
	}
}

// A post whose answer is lost may be there although the repetition is refused: it
// has to be looked for before it counts as failed.
func TestRefusalAfterALostAnswerIsNotFinal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		code      int
		permanent bool
	}{
		{"the permission went meanwhile", CodeMissingPermission, false},
		{"the message was there, and deleted", CodeUnknownMessage, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			discord := discordAt(t, func(w http.ResponseWriter, r *http.Request) {
				if _, _ = io.Copy(io.Discard, r.Body); asked.Add(1) == 1 {
					hangUp(w)
				}
				reply(w, http.StatusForbidden, fmt.Sprintf(`{"code":%d,"message":"no"}`, tt.code))
			})
			_, err := Poster{Discord: discord}.Post(t.Context(), "5", cardSaying("x"), delivery)
			refused := new(digests.PostError)
			if !errors.As(err, &refused) || refused.Permanent != tt.permanent || asked.Load() != 2 {
				t.Errorf("got %v after %d requests, want one that is permanent (%t) after 2", err, asked.Load(), tt.permanent)
			}
		})
	}
}

func TestDiscordOutOfReachIsTriedAgain(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	transport, err := NewTransport(server.URL + "/api")
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	discord, err := NewDiscord(botToken, transport)
	if err != nil {
		t.Fatal(err)
	}
	discord.backOff = time.Millisecond
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, ctx := range map[string]context.Context{"nobody listens": t.Context(), "the time is over": over} {
		_, posted := Poster{Discord: discord}.Post(ctx, "5", cardSaying("x"), delivery)
		_, found, looked := Poster{Discord: discord}.Find(ctx, "5", delivery, time.Now())
		for _, err := range []error{posted, looked} {
			refused := new(digests.PostError)
			if !errors.As(err, &refused) || refused.Permanent || !strings.Contains(refused.Say, "tried again") || found {
				t.Errorf("%s: got error %v, want one that isn't permanent", name, err)
			}
		}
	}
}
