package bot

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"sitrep/commands"
)

// FuzzEndpoint sends whole requests, signed by Discord or by nobody. What isn't
// signed is refused whatever it holds; what is, is carried out once at most, and
// answered again as before.
func FuzzEndpoint(f *testing.F) {
	for _, name := range []string{"guild_command", "direct_message", "autocomplete", "component", "modal_labels"} {
		f.Add(true, "", "", sample(f, name))
	}
	f.Add(true, "", "", []byte(question("1")))
	f.Add(true, "", "", []byte(`{"type":1}`))
	f.Add(false, strconv.FormatInt(time.Now().Unix(), 10), strings.Repeat("ab", 64), []byte(question("2")))
	f.Add(false, "-9223372036854775808", "zz", []byte(`{"type":1}`))

	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	var done, sent atomic.Int64
	r := soundless(f, new(memory), func(*http.Request) (*http.Response, error) {
		sent.Add(1)
		return canned(http.StatusNoContent, ""), nil
	})
	r.Set.Commands = []commands.Command{{Name: "talks", Run: func(context.Context, commands.Caller, commands.Input) (commands.Reply, error) {
		done.Add(1)
		return commands.Reply{Card: cardSaying("answered")}, nil
	}}}
	e, err := NewEndpoint(hex.EncodeToString(key.Public().(ed25519.PublicKey)), slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	c := &counter{router: r, inbox: newInbox(context.Background(), GatewayOptions{Log: e.log}, e.pace.underWay)}
	e.open.Store(c)
	f.Cleanup(func() {
		if err := c.inbox.finish(time.Second, time.Second); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, signed bool, stamp, signature string, body []byte) {
		if signed {
			stamp = strconv.FormatInt(time.Now().Unix(), 10)
			signature = hex.EncodeToString(ed25519.Sign(key, append([]byte(stamp), body...)))
		}
		ask := func() *httptest.ResponseRecorder {
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/interactions", bytes.NewReader(body))
			r.Header["X-Signature-Timestamp"], r.Header["X-Signature-Ed25519"] = []string{stamp}, []string{signature}
			e.ServeHTTP(w, r)
			return w
		}
		before := done.Load()
		first := ask()
		again := ask()
		if first.Code != again.Code || first.Body.String() != again.Body.String() {
			t.Errorf("%q: got %d %s, and again %d %s", body, first.Code, first.Body, again.Code, again.Body)
		}
		in, unread := ParseInteraction(body)
		switch n := done.Load() - before; {
		case !signed && first.Code != http.StatusUnauthorized && first.Code != http.StatusRequestEntityTooLarge:
			t.Errorf("%q, signed by nobody at %q: got %d", body, stamp, first.Code)
		case n > 1 || n == 1 && (!signed || first.Code != http.StatusOK):
			t.Errorf("%q: carried out %d times, and answered %d", body, n, first.Code)
		case signed && (first.Code == http.StatusBadRequest) != (unread != nil):
			t.Errorf("%q: got %d, reading it gives %v", body, first.Code, unread)
		case first.Code == http.StatusOK && !json.Valid(first.Body.Bytes()):
			t.Errorf("%q: got %s, want JSON", body, first.Body)
		case !slices.Contains([]int{200, 202, 400, 401, 413}, first.Code):
			t.Errorf("%q, of type %d: got %d", body, in.Type, first.Code)
		}
		if sent.Load() > 0 {
			t.Errorf("%q: it asked Discord for something", body)
		}
	})
}

// FuzzRefusal has Discord, or whatever stands in its place, refuse a request with
// anything. It is told in one line of a bounded length.
func FuzzRefusal(f *testing.F) {
	for _, body := range []string{
		`{"code":50035,"message":"Invalid Form Body","errors":{"data":{"components":{"0":{"_errors":[{"message":"Must be 100 or fewer in length."}]}}}}}`,
		`{"code":1e3}`, `{"errors":` + strings.Repeat(`{"a":`, 50) + `1`, `<html>`, "", `{"message":"a\nb\u0000\ufffd"}`, `{"message":"` + strings.Repeat("ж", 3000) + `"}`,
	} {
		f.Add(400, []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		err := refusal(status, body)
		said := err.Error()
		if utf8.RuneCountInString(said) > 600 || strings.ContainsFunc(said, unicode.IsControl) || err.Status != status {
			t.Errorf("%d %q: got %q", status, body, said)
		}
	})
}

// FuzzAttachmentAddress has an interaction claim that an attachment is anywhere.
// Where it is fetched, the request goes to one of Discord's two hosts, over TLS.
func FuzzAttachmentAddress(f *testing.F) {
	for _, address := range []string{
		"https://cdn.discordapp.com/attachments/1/2/a.yaml?ex=1", "https://media.discordapp.net/attachments/1/2/a.zip", "https://cdn.discordapp.com@evil.example/",
		"https://cdn.discordapp.com:443/", "https://cdn.discordapp.com\\@evil.example", "//cdn.discordapp.com", "https:cdn.discordapp.com", "http://cdn.discordapp.com/",
		"https://cdn.discordapp.com/a/../../b", "https://cdn.discordapp.com/%2e%2e/", "https://CDN.discordapp.com/", "https://169.254.169.254/",
	} {
		f.Add(address)
	}
	files, err := NewFiles("")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if !files.ours(address) {
			return
		}
		r, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatalf("%q counts as Discord's, and is no address: %v", address, err)
		}
		u := &url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host}
		if at := u.String(); at != "https://cdn.discordapp.com" && at != "https://media.discordapp.net" || r.Host != r.URL.Host || strings.Contains(r.URL.Path, "..") && strings.Contains(r.URL.Path, "/../") {
			t.Errorf("%q counts as Discord's, and leads to %s, host %s", address, r.URL, r.Host)
		}
	})
}
