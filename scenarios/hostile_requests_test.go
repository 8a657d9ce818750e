package scenarios

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A forger has the key that a running sitrep believes to be Discord's, and
// writes requests byte by byte.
type forger struct {
	t    *testing.T
	key  ed25519.PrivateKey
	host string
	next int
}

// newForger starts sitrep with an endpoint, before a Discord that names the
// forger's key as that of the application.
func newForger(t *testing.T) (*forger, spawned) {
	t.Helper()
	f := &forger{t: t, key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize)), next: int(time.Now().UnixMilli())}
	public := hex.EncodeToString(f.key.Public().(ed25519.PublicKey))
	discord := startSandbox(t)
	var me struct{ ID string }
	request, err := http.NewRequest(http.MethodGet, discord.URL+"/api/v10/applications/@me", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bot "+discord.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&me); err != nil {
		t.Fatal(err)
	}
	door := newFront(t, discord)
	door.meet(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/applications/@me") {
			fmt.Fprintf(w, `{"id":"%s","name":"sitrep","verify_key":"%s"}`, me.ID, public)
			return true
		}
		return false
	})
	bot := spawnReady(t, "DISCORD_TOKEN="+discord.Token, "DISCORD_PUBLIC_KEY="+public, "SITREP_DISCORD_API="+door.URL+"/api", "SITREP_DATA="+filepath.Join(t.TempDir(), "data"))
	f.host = strings.TrimPrefix(bot.log.address(), "http://")
	return f, bot
}

// question is a new /talks, and the headers that sign it at a time.
func (f *forger) question(at time.Time) (signed, body string) {
	f.next++
	body = fmt.Sprintf(`{"id":"%d","application_id":"1","type":2,"token":"t","guild_id":"3","member":{"user":{"id":"2"},"roles":[],"permissions":"0"},"data":{"name":"talks"}}`, f.next)
	stamp := strconv.FormatInt(at.Unix(), 10)
	signature := ed25519.Sign(f.key, []byte(stamp+body))
	return "X-Signature-Timestamp: " + stamp + "\r\nX-Signature-Ed25519: " + hex.EncodeToString(signature) + "\r\n", body
}

func (f *forger) dial() net.Conn {
	f.t.Helper()
	conn, err := net.Dial("tcp", f.host)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// said reads one response; 0 where the connection ended without one.
func (f *forger) said(from *bufio.Reader) (status int, body string) {
	f.t.Helper()
	response, err := http.ReadResponse(from, nil)
	if err != nil {
		if strings.Contains(err.Error(), "timeout") {
			f.t.Errorf("no answer within %s: %v", patience, err)
		}
		return 0, ""
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		f.t.Errorf("reading an answer: %v", err)
	}
	return response.StatusCode, string(raw)
}

// send writes a request whole and reads what it comes to.
func (f *forger) send(request string) (status int, body string) {
	f.t.Helper()
	conn := f.dial()
	_, _ = io.WriteString(conn, request) // what is refused early isn't read to its end
	return f.said(bufio.NewReader(conn))
}

func sized(body string) string { return "Content-Length: " + strconv.Itoa(len(body)) + "\r\n" }

// Whatever is written to /interactions of the real server, it answers what
// Discord signed, and nothing else, and lives on.
func TestHostileRequests(t *testing.T) {
	t.Parallel()
	f, bot := newForger(t)
	const start = "POST /interactions HTTP/1.1\r\nHost: x\r\n"
	genuine := func(at time.Time, headers string) string {
		signed, body := f.question(at)
		return start + headers + signed + sized(body) + "\r\n" + body
	}
	signed, body := f.question(time.Now())
	chunked := fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	upper, upperBody := f.question(time.Now())
	stamp, signature, _ := strings.Cut(upper, "\r\n")
	name, digits, _ := strings.Cut(signature, ": ")
	old, oldBody := f.question(time.Now())
	twice, twiceBody := f.question(time.Now())
	_, twiceSignature, _ := strings.Cut(twice, "\r\n")
	endless := strings.Repeat("10000\r\n"+strings.Repeat("x", 0x10000)+"\r\n", 32)
	for _, tt := range []struct {
		name, request string
		status        int
	}{
		{"genuine", genuine(time.Now(), ""), 200},
		{"almost five minutes old", genuine(time.Now().Add(-4*time.Minute-55*time.Second), ""), 200},
		{"over five minutes old", genuine(time.Now().Add(-5*time.Minute-2*time.Second), ""), 401},
		{"almost five minutes early", genuine(time.Now().Add(4*time.Minute+55*time.Second), ""), 200},
		{"over five minutes early", genuine(time.Now().Add(5*time.Minute+5*time.Second), ""), 401},
		{"10,000 bytes of headers", genuine(time.Now(), "X-Pad: "+strings.Repeat("p", 10_000)+"\r\n"), 200},
		{"40,000 bytes of headers", genuine(time.Now(), "X-Pad: "+strings.Repeat("p", 40_000)+"\r\n"), 431},
		{"10,000 headers", genuine(time.Now(), strings.Repeat("X-Pad: p\r\n", 10_000)), 431},
		{"without a length", start + signed + chunked, 200},
		{"without an end", start + signed + "Transfer-Encoding: chunked\r\n\r\n" + endless, 413},
		{"two megabytes announced", start + signed + "Content-Length: 2097152\r\n\r\n" + body, 413},
		{"two lengths", start + signed + sized(body) + "Content-Length: 5\r\n\r\n" + body, 400},
		{"in capitals", start + stamp + "\r\n" + name + ": " + strings.ToUpper(digits) + sized(upperBody) + "\r\n" + upperBody, 200},
		{"another signature first", start + "X-Signature-Ed25519: " + strings.Repeat("ab", 64) + "\r\n" + twice + sized(twiceBody) + "\r\n" + twiceBody, 401},
		{"a timestamp that isn't signed", start + "X-Signature-Timestamp: 1\r\n" + twiceSignature + sized(twiceBody) + "\r\n" + twiceBody, 401},
		{"unsigned", start + sized(body) + "\r\n" + body, 401},
		{"no body", start + signed + "\r\n", 401},
		{"HTTP/1.0", "POST /interactions HTTP/1.0\r\n" + old + sized(oldBody) + "\r\n" + oldBody, 200},
		{"another method", "PUT" + strings.TrimPrefix(genuine(time.Now(), ""), "POST"), 405},
		{"GET", "GET /interactions HTTP/1.1\r\nHost: x\r\n\r\n", 405},
		{"another path", strings.Replace(genuine(time.Now(), ""), "/interactions", "/interactions/x", 1), 404},
		{"no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400},
		{"a method without end", strings.Repeat("A", 50_000), 431},
	} {
		status, got := f.send(tt.request)
		if status != tt.status || (status == 200) != strings.Contains(got, `"components"`) {
			t.Errorf("%s: got %d %.100s, want %d", tt.name, status, got, tt.status)
		}
	}
	expect(t, bot, "this machine's clock is off")

	// one that is cut short, and then nothing
	conn := f.dial()
	signed, body = f.question(time.Now())
	fmt.Fprintf(conn, "%s%s%s\r\n%s", start, signed, sized(body), body[:40])
	_ = conn.Close()

	// a connection goes on after a request that was refused
	conn = f.dial()
	answers := bufio.NewReader(conn)
	for n := range 6 {
		request, want := genuine(time.Now(), ""), 200
		if n%2 == 0 {
			request, want = start+sized(body)+"\r\n"+body, 401
		}
		_, _ = io.WriteString(conn, request)
		if status, _ := f.said(answers); status != want {
			t.Errorf("request %d of one connection: got %d, want %d", n+1, status, want)
		}
	}
	if log := bot.log.all(); strings.Contains(log, "panic") || strings.Count(log, "level=ERROR") != 1 {
		t.Errorf("the log holds more than that the clock is off:\n%s", log)
	}
}

// Hundreds that send their headers or bodies slowly hold nobody up, and are
// hung up on.
func TestSlowRequests(t *testing.T) {
	t.Parallel()
	f, bot := newForger(t)
	const each = 150
	var slow []net.Conn
	for range each {
		headers, bodies := f.dial(), f.dial()
		fmt.Fprint(headers, "POST /interactions HTTP/1.1\r\nHost: x\r\nX-Signature-Timestamp: 1")
		signed, body := f.question(time.Now())
		fmt.Fprintf(bodies, "POST /interactions HTTP/1.1\r\nHost: x\r\n%s%s\r\n%s", signed, sized(body), body[:20])
		slow = append(slow, headers, bodies)
	}
	for range 20 {
		signed, body := f.question(time.Now())
		if status, got := f.send("POST /interactions HTTP/1.1\r\nHost: x\r\n" + signed + sized(body) + "\r\n" + body); status != 200 {
			t.Errorf("a question meanwhile: got %d %s, want an answer", status, got)
		}
	}
	for n, conn := range slow {
		if status, _ := f.said(bufio.NewReader(conn)); n%2 == 1 && status != 413 || status == 200 {
			t.Errorf("connection %d: got %d, want it hung up on", n, status)
		}
	}
	if log := bot.log.all(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the log holds errors:\n%s", log)
	}
}

// A public key that is none ends sitrep at the start, with what to do.
func TestPublicKeysThatAreNone(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"ab", strings.Repeat("ab", 31), strings.Repeat("ab", 33), strings.Repeat("zz", 32), strings.Repeat("ab", 64)} {
		code, said := finish(t, []string{"DISCORD_TOKEN=MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y", "SITREP_DISCORD_API=http://127.0.0.1:1/api", "DISCORD_PUBLIC_KEY=" + key, "SITREP_DATA=" + t.TempDir()})
		if code != 1 || !strings.Contains(said, "DISCORD_PUBLIC_KEY") || !strings.Contains(said, "64") {
			t.Errorf("%.10s of %d digits: exit code %d, want 1, and what to do:\n%s", key, len(key), code, said)
		}
	}
}
