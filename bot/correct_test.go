package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sitrep/cards"
	"sitrep/digests"
)

// postedMessage is a message as Discord tells of it.
type postedMessage struct {
	ID          string `json:"id"`
	Flags       int    `json:"flags"`
	Type        int    `json:"type"`
	Edited      string `json:"edited_timestamp"`
	Components  json.RawMessage
	Attachments []struct{ Filename, Description string }
	Mentions    []any
	Reference   struct {
		Message string `json:"message_id"`
	} `json:"message_reference"`
}

func (s *stage) messageOf(channel digests.ChannelID, id string) (m postedMessage) {
	s.t.Helper()
	path := fmt.Sprintf("/channels/%s/messages/%s", channel, id)
	if err := s.discord().read(s.t.Context(), path, &m); err != nil {
		s.t.Fatal(err)
	}
	return m
}

func TestEditReplacesTextAndPicture(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, _ := newDesk(t)
	card, poster, channel := digest(t, desk), Poster{Discord: s.discord()}, digests.ChannelID(s.channel("digests"))
	card.Picture = &cards.Picture{Name: "countdown.png", PNG: []byte("\x89PNG"), Alt: "In 2 days."}
	id, err := poster.Post(t.Context(), channel, card, delivery)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		picture *cards.Picture
	}{
		{"another picture", &cards.Picture{Name: "tracks.png", PNG: []byte("\x89PNG"), Alt: "Who met whom."}},
		{"the same name again", &cards.Picture{Name: "tracks.png", PNG: []byte("\x89PNG"), Alt: "Who met whom, corrected."}},
		{"no picture", nil},
	} {
		card.Title, card.Picture = cards.Markup("## "+tt.name+" <@1> @everyone"), tt.picture
		if err := poster.Edit(t.Context(), channel, id, card, delivery); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		m := s.messageOf(channel, id)
		if m.Edited == "" || m.Flags&flagComponentsV2 == 0 || len(m.Mentions) > 0 {
			t.Errorf("%s: edited %q, flags %d, mentions %v; want an edit with the flags it had and no mention", tt.name, m.Edited, m.Flags, m.Mentions)
		}
		if text := string(m.Components); !strings.Contains(text, tt.name) || !strings.Contains(text, "@"+delivery) {
			t.Errorf("%s: it reads %s, want the new title and the delivery id", tt.name, text)
		}
		var want []struct{ Filename, Description string }
		if tt.picture != nil {
			want = append(want, struct{ Filename, Description string }{tt.picture.Name, tt.picture.Alt})
		}
		if fmt.Sprint(m.Attachments) != fmt.Sprint(want) {
			t.Errorf("%s: attached %v, want %v", tt.name, m.Attachments, want)
		}
	}
	if got, found, err := poster.Find(t.Context(), channel, delivery, time.Now()); err != nil || !found || got != id {
		t.Errorf("Find after the edits = %q, %t, %v; want the message", got, found, err)
	}
}

func TestReplyTwiceIsOneMessage(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	desk, _ := newDesk(t)
	card, poster, channel := digest(t, desk), Poster{Discord: s.discord()}, digests.ChannelID(s.channel("digests"))
	to, err := poster.Post(t.Context(), channel, card, delivery)
	if err != nil {
		t.Fatal(err)
	}
	const mark = "z0123456789abcdefghi"
	first, err := poster.Reply(t.Context(), channel, to, card, mark)
	if err != nil {
		t.Fatal(err)
	}
	again, err := poster.Reply(t.Context(), channel, to, card, mark)
	if err != nil || again != first {
		t.Errorf("the same reply again: got %s, %v; want %s", again, err, first)
	}
	if m := s.messageOf(channel, first); m.Reference.Message != to || len(m.Mentions) > 0 {
		t.Errorf("the reply is to %q and mentions %v, want %s and nobody", m.Reference.Message, m.Mentions, to)
	}
	if got, found, err := poster.Find(t.Context(), channel, mark, time.Now()); err != nil || !found || got != first {
		t.Errorf("Find = %q, %t, %v; want the reply", got, found, err)
	}
	if _, err := s.discord().do(t.Context(), call{method: http.MethodDelete, path: fmt.Sprintf("/channels/%s/messages/%s", channel, to)}); err != nil {
		t.Fatal(err)
	}
	if _, err := poster.Reply(t.Context(), channel, to, card, "y"+mark[1:]); err != nil {
		t.Errorf("a reply to what was deleted: %v, want a plain message", err)
	}
	refused := new(digests.PostError)
	if err := poster.Edit(t.Context(), channel, to, card, delivery); !errors.As(err, &refused) || !refused.Permanent {
		t.Errorf("an edit of what was deleted: %v, want a permanent refusal", err)
	}
}

// TestOldMessagesEditedTooOften: 30046 comes as a 429, whose time is passed on.
func TestOldMessagesEditedTooOften(t *testing.T) {
	t.Parallel()
	discord := discordAt(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "1800")
		reply(w, http.StatusTooManyRequests, `{"code":30046,"message":"Maximum number of edits to messages older than 1 hour reached. Try again later","retry_after":1800,"global":false}`)
	})
	err := Poster{Discord: discord}.Edit(t.Context(), "5", "6", cardSaying("x"), delivery)
	refused := new(digests.PostError)
	if !errors.As(err, &refused) || refused.Permanent || refused.RetryAfter != 30*time.Minute {
		t.Errorf("got %v, want to wait half an hour", err)
	}
}
