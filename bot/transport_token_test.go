package bot

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sitrep/digests"
)

// Once Discord refuses the token, it is asked no more than twice a minute, those
// requests that carry a token of their own go on, and the log says so once.
func TestRefusedTokenIsNotInsistedOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var status, sent atomic.Int32
		var bare atomic.Bool
		status.Store(401)
		transport := transportOver(t, func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, "/interactions/") {
				bare.Store(r.Header.Get("Authorization") == "")
				return canned(204, ""), nil
			}
			sent.Add(1)
			return canned(int(status.Load()), `{"message":"401: Unauthorized","code":0}`), nil
		})
		log := new(diary)
		transport.Log = log.logger()
		d, err := NewDiscord(botToken, transport)
		if err != nil {
			t.Fatal(err)
		}
		ask := func() error { return d.EditMessage(t.Context(), "3", "4", "x") }
		if err := d.Respond(t.Context(), "1", interactionToken, "x"); err != nil || bare.Load() {
			t.Errorf("before: %v, without the token: %t, want it sent along", err, bare.Load())
		}
		for range 1000 { // ten minutes
			if err := ask(); !errors.Is(err, ErrTokenRefused) {
				t.Fatalf("got %v, want that the token is refused", err)
			}
			time.Sleep(600 * time.Millisecond)
		}
		if got := sent.Load(); got < 15 || got > 21 {
			t.Errorf("%d requests in ten minutes, want about two a minute", got)
		}
		if err := d.Respond(t.Context(), "1", interactionToken, "x"); err != nil || !bare.Load() {
			t.Errorf("an answer meanwhile: %v, without the token: %t, want it sent without", err, bare.Load())
		}
		if got := strings.Count(log.String(), "Discord refuses the token: set a new DISCORD_TOKEN"); got != 1 {
			t.Errorf("the log says so %d times, want once:\n%s", got, log)
		}
		status.Store(200)
		time.Sleep(tokenProbe)
		for range 3 {
			if err := ask(); err != nil {
				t.Errorf("once it is taken again: %v", err)
			}
		}
		if !strings.Contains(log.String(), "takes the token again") || strings.Contains(log.String(), botToken) {
			t.Errorf("got the log\n%s\nwant that the token is taken again, and not the token", log)
		}
	})
}

// What was refused for an interaction's own token is no word on the bot's.
func TestExpiredInteractionIsNoRefusedToken(t *testing.T) {
	t.Parallel()
	d := discordAt(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/webhooks/") {
			reply(w, 401, `{"message":"Invalid Webhook Token","code":50027}`)
			return
		}
		reply(w, 200, `{}`)
	})
	if err := d.EditOriginal(t.Context(), "2", interactionToken, "x"); !IsCode(err, CodeInvalidToken) || errors.Is(err, ErrTokenRefused) {
		t.Errorf("got %v, want Discord's code alone", err)
	}
	if err := d.EditMessage(t.Context(), "3", "4", "x"); err != nil {
		t.Errorf("what the bot asks next: %v", err)
	}
}

// A refused token is nothing that a digest could be at fault for.
func TestRefusedTokenFailsNoDigest(t *testing.T) {
	t.Parallel()
	d := discordAt(t, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 401, `{"message":"401: Unauthorized","code":0}`)
	})
	_, err := Poster{Discord: d}.Post(t.Context(), "3", cardSaying("x"), "d1")
	refused := new(digests.PostError)
	if !errors.As(err, &refused) || refused.Permanent || !strings.Contains(refused.Say, "token") {
		t.Errorf("got %#v, want it tried again", err)
	}
}

// A proxy that gave up on Discord may have left it at work: what may be repeated
// is, and of the rest nobody knows.
func TestAProxysTimeoutIsNoRefusal(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	d := discordAt(t, func(w http.ResponseWriter, _ *http.Request) {
		if sent.Add(1)%2 == 1 {
			w.WriteHeader(http.StatusRequestTimeout)
			_, _ = w.Write([]byte(`Post "https://discord.com/api/v10/interactions/1/` + interactionToken + `/callback?": context deadline exceeded`))
			return
		}
		reply(w, 200, `{"id":"7"}`)
	})
	if err := d.Respond(t.Context(), "1", interactionToken, "x"); err != nil || sent.Load() != 2 {
		t.Errorf("an answer: %v after %d requests, want it repeated", err, sent.Load())
	}
	if _, err := d.CreateMessage(t.Context(), "3", "x", true); err != nil || sent.Load() != 4 {
		t.Errorf("a message with a nonce: %v after %d requests, want it repeated", err, sent.Load())
	}
	_, err := d.CreateMessage(t.Context(), "3", "x", false)
	if !errors.Is(err, ErrUnknownWhetherSent) || sent.Load() != 5 || strings.Contains(err.Error(), interactionToken) {
		t.Errorf("a message without: %v after %d requests, want that nobody knows", err, sent.Load())
	}
	if refused := new(APIError); !errors.As(err, &refused) || !refused.Temporary() {
		t.Errorf("got %v, want it to be temporary", err)
	}
}
