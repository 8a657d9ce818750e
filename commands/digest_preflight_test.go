package commands

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sitrep/briefings"
	"sitrep/digests"
)

// moderating is member with roles to mention, and with one right less here.
func moderating(without Rights) Caller {
	who := member()
	who.Channel.Name, who.Channel.Rights, who.Channel.Theirs = "here", everyRight&^without, MentionEveryone
	who.NamedRoles = map[string]ServerRole{"88": {Name: "Readers", Mentionable: true}, "89": {Name: "Staff"}}
	return who
}

func TestDigestAddKeepsItsExtras(t *testing.T) {
	t.Parallel()
	news := moderating(0)
	news.Channel.News = true
	mighty := moderating(0)
	mighty.Channel.Rights |= MentionEveryone
	french := moderating(0)
	french.Locales = []string{"en-GB", "fr"}
	for _, tt := range []struct {
		name string
		who  Caller
		in   Input
		want digests.Subscription
		said []string
	}{
		{"a language", member(), Input{"language": "uk"}, digests.Subscription{Locale: "uk"}, []string{"in Ukrainian"}},
		{"the server's language", french, nil, digests.Subscription{Locale: "fr"}, []string{"!in French"}},
		{"a role for everyone to mention", moderating(0), Input{"mention": "88"}, digests.Subscription{Locale: "en-GB", Mention: "88"}, []string{"mentions <@&88>"}},
		{"a role for the mighty to mention", mighty, Input{"mention": "89"}, digests.Subscription{Locale: "en-GB", Mention: "89"}, []string{"mentions <@&89>"}},
		{"a thread", moderating(0), Input{"thread": "true"}, digests.Subscription{Locale: "en-GB", Thread: true}, []string{"with a thread"}},
		{"no thread", moderating(CreatePublicThreads), Input{"thread": "false"}, digests.Subscription{Locale: "en-GB"}, []string{"!thread"}},
		{"an announcement channel", news, nil, digests.Subscription{Locale: "en-GB", Publish: true}, []string{"published to those who follow"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			got := r.ask(tt.who, "digest add", Input{"at": "09:30"}.with(tt.in))
			kept := r.kept(tt.who)
			if len(kept) != 1 {
				t.Fatalf("got %d kept, want 1 (%s)", len(kept), got.say)
			}
			k := kept[0]
			if have := (digests.Subscription{Locale: k.Locale, Mention: k.Mention, Thread: k.Thread, Publish: k.Publish}); have != tt.want {
				t.Errorf("kept %+v, want %+v", have, tt.want)
			}
			holds(t, "what is said", got.text, tt.said...)
			holds(t, "the list", r.ask(tt.who, "digest list", nil).text, tt.said...)
		})
	}
}

// TestDigestPreflight: a digest that could not be posted is not kept, and what
// is missing is named with the channel.
func TestDigestPreflight(t *testing.T) {
	t.Parallel()
	inThread := moderating(SendMessages)
	inThread.Channel.Thread = true
	meek := moderating(0)
	meek.Channel.Rights, meek.Channel.Theirs = everyRight|MentionEveryone, everyRight
	away := moderating(0)
	away.Channels = map[string]Channel{"77": {ID: "77", Name: "there", Known: true, Rights: everyRight | MentionEveryone, Theirs: everyRight}}
	for _, tt := range []struct {
		name string
		who  Caller
		in   Input
		want []string
	}{
		{"no pictures", moderating(AttachFiles), nil, []string{"#here", "I lack Attach Files there"}},
		{"no threads", moderating(CreatePublicThreads), Input{"thread": "true"}, []string{"#here", "Create Public Threads"}},
		{"two at once", moderating(AttachFiles | ReadMessageHistory), nil, []string{"Attach Files, Read Message History"}},
		{"a thread's own right", inThread, nil, []string{"Send Messages in Threads"}},
		{"a thread in a thread", inThread, Input{"thread": "true"}, []string{"is a thread itself", "!Create Public Threads"}},
		{"a role not to be mentioned", moderating(0), Input{"mention": "89"}, []string{"I can't ping Staff in #here", "All Roles"}},
		{"a role that they may mention only here", away, Input{"mention": "89", "channel": "77"}, []string{"You may not ping Staff in #there yourself"}},
		{"a role that only the bot may mention", meek, Input{"mention": "89"}, []string{"You may not ping Staff in #here yourself", "All Roles"}},
		{"everyone", moderating(0), Input{"mention": "1001"}, []string{"never pings everyone"}},
		{"another server's role", moderating(0), Input{"mention": "2002"}, []string{"gone from this server"}},
		{"rights and role", moderating(AttachFiles), Input{"mention": "89"}, []string{"Attach Files", "ping Staff"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			holds(t, tt.name, r.ask(tt.who, "digest add", Input{"at": "09:30"}.with(tt.in)).say, tt.want...)
			if kept := r.kept(tt.who); len(kept) != 0 {
				t.Errorf("got %d kept, want none", len(kept))
			}
		})
	}
}

// TestDigestPreflightElsewhere: what an interaction doesn't tell of a digest's
// channel and role, Discord is asked.
func TestDigestPreflightElsewhere(t *testing.T) {
	t.Parallel()
	elsewhere := member()
	elsewhere.Channel.ID = "60"
	for _, tt := range []struct {
		name   string
		change func(*rooms)
		edit   string
		dry    []string // of a rehearsal
	}{
		{"all is well", func(*rooms) {}, "", []string{"✓ All would be well now: my permissions in #room"}},
		{"a right is missing", func(r *rooms) {
			r.channels["55"] = Channel{ID: "55", Name: "room", Known: true, Rights: everyRight &^ AttachFiles}
		}, "Attach Files", []string{"It would fail now", "#room", "Attach Files"}},
		{"the channel is gone", func(r *rooms) { delete(r.channels, "55") }, "Its channel is gone", []string{"It would fail now: Its channel is gone"}},
		{"the role is gone", func(r *rooms) { delete(r.roles, "88") }, "The role to mention is gone", []string{"It would fail now: The role to mention is gone"}},
		{"the role is for few to mention", func(r *rooms) { r.roles["88"] = ServerRole{Name: "Readers"} }, "can't ping Readers in #room", []string{"can't ping Readers"}},
		{"the bot may mention it all the same", func(r *rooms) {
			r.roles["88"] = ServerRole{Name: "Readers"}
			r.channels["55"] = Channel{ID: "55", Name: "room", Known: true, Rights: everyRight | MentionEveryone}
		}, "", []string{"All would be well"}},
		{"Discord is away", func(r *rooms) { r.away = true }, "Discord does not answer", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.rooms.channels = map[digests.ChannelID]Channel{"55": {ID: "55", Name: "room", Known: true, Rights: everyRight}}
			r.rooms.roles = map[digests.RoleID]ServerRole{"88": {Name: "Readers", Mentionable: true}}
			s := r.added(Input{"at": "09:30", "mention": "88"})
			tt.change(&r.rooms)
			rehearsal := r.ask(elsewhere, "digest rehearse", Input{"digest": s.ID})
			holds(t, "rehearsal", rehearsal.text, tt.dry...)
			if tt.dry == nil {
				holds(t, "rehearsal", rehearsal.say, tt.edit)
			}
			got := r.ask(elsewhere, "digest edit", Input{"digest": s.ID, "at": "10:00"})
			holds(t, "edit", got.say, tt.edit)
			if kept := r.kept(elsewhere)[0]; (kept.At == "10:00") != (tt.edit == "") {
				t.Errorf("kept it at %s after %q", kept.At, got.say)
			}
		})
	}
}

func TestDigestEditClears(t *testing.T) {
	t.Parallel()
	who := moderating(0)
	full := Input{"at": "09:30", "mention": "88", "thread": "true", "sections": "talks", "language": "uk"}
	wished := digests.Subscription{Mention: "88", Thread: true, Sections: "section/talks", Locale: "uk"}
	for _, tt := range []struct {
		clear string
		want  func(*digests.Subscription)
	}{
		{"mention", func(s *digests.Subscription) { s.Mention = "" }},
		{"thread", func(s *digests.Subscription) { s.Thread = false }},
		{"sections", func(s *digests.Subscription) { s.Sections = "" }},
		{"language", func(s *digests.Subscription) { s.Locale = "en-GB" }},
	} {
		t.Run(tt.clear, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if got := r.ask(who, "digest add", full); got.say != "" {
				t.Fatal(got.say)
			}
			in := Input{"digest": r.kept(who)[0].ID, "clear": tt.clear}
			holds(t, "set and cleared", r.ask(who, "digest edit", in.with(Input{tt.clear: full[tt.clear]})).say, tt.clear+" can't be set and cleared")
			// what is cleared is no longer asked for either
			r.ask(moderatingWithout(tt.clear), "digest edit", in)
			want, k := wished, r.kept(who)[0]
			tt.want(&want)
			if have := (digests.Subscription{Mention: k.Mention, Thread: k.Thread, Sections: k.Sections, Locale: k.Locale}); have != want {
				t.Errorf("kept %+v, want %+v", have, want)
			}
		})
	}
}

// moderatingWithout may no longer do what an extra needs.
func moderatingWithout(extra string) Caller {
	who := moderating(0)
	switch extra {
	case "mention":
		who.NamedRoles = nil
	case "thread":
		who = moderating(CreatePublicThreads)
	}
	return who
}

func TestDigestThreadIsTakenOff(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.added(Input{"at": "09:30", "thread": "true"})
	r.ask(member(), "digest edit", Input{"digest": s.ID, "at": "10:00"})
	if !r.kept(member())[0].Thread {
		t.Error("the thread went with another change")
	}
	r.ask(member(), "digest edit", Input{"digest": s.ID, "thread": "false"})
	if r.kept(member())[0].Thread {
		t.Error("the thread was not taken off")
	}
}

// TestDigestsInTwoLanguages: a channel may get one and the same digest in two
// languages, but not twice in one.
func TestDigestsInTwoLanguages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.added(Input{"at": "09:30"})
	r.now = r.now.Add(time.Second)
	holds(t, "the same language", r.ask(member(), "digest add", Input{"at": "09:30", "language": "en"}).say, "already gets a digest")
	holds(t, "another one", r.ask(member(), "digest add", Input{"at": "09:30", "language": "de"}).text, "in German")
	preview := r.ask(member(), "digest preview", Input{"digest": r.kept(member())[1].ID})
	holds(t, "its preview", preview.text, "KURZBERICHT")
}

func TestDigestPreviewNamesTheRole(t *testing.T) {
	t.Parallel()
	r, who := newRig(t), moderating(0)
	r.ask(who, "digest add", Input{"at": "09:30", "mention": "88"})
	preview := r.ask(who, "digest preview", Input{"digest": r.kept(who)[0].ID})
	if !strings.HasPrefix(preview.text, "<@&88>\n") || preview.card.Mention != "88" {
		t.Errorf("got %.80q, want it to begin with the role", preview.text)
	}
}

// TestDigestNeedsSomethingToSay: without a section there is nothing to post.
func TestDigestNeedsSomethingToSay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.restartWith([]briefings.Item{})
	holds(t, "an empty desk", r.ask(member(), "digest add", Input{"at": "09:30"}).say, "no sections")
}

// TestDigestListFits: fifty digests with all they can have fit into one message.
func TestDigestListFits(t *testing.T) {
	t.Parallel()
	r, who := newRig(t), moderating(0)
	who.Locales, who.Channel.ID, who.Channel.News = []string{"uk", "en-GB"}, "1463112233445566778", true
	who.NamedRoles["1463112233445566779"] = ServerRole{Name: "Readers", Mentionable: true}
	for i := range mostDigests {
		r.now = r.now.Add(time.Second)
		in := Input{"at": fmt.Sprintf("09:%02d", i), "zone": "America/Argentina/ComodRivadavia", "days": "mon,tue,wed,thu,fri,sat", "mention": "1463112233445566779", "thread": "true", "language": "de"}
		if got := r.ask(who, "digest add", in); got.say != "" {
			t.Fatalf("digest %d: %s", i, got.say)
		}
	}
	list := r.ask(who, "digest list", nil)
	holds(t, "the list", list.text, "50", "о 09:00", "із гілкою", "і ще")
	if n := size(list.card); n > 4000 {
		t.Errorf("the list has %d characters, want at most 4000", n)
	}
}
