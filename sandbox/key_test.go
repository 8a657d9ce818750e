package sandbox

import (
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
)

func TestKey(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Guarded: true})
	key := s.Credentials().Key
	if len(key) != 32 {
		t.Fatalf("the key is %q, want 32 digits", key)
	}
	for _, tt := range []struct {
		name, path, authorisation, host, origin string
		want                                    int
	}{
		{"none", "/sandbox/state", "", "", "", 401},
		{"none for the page", "/", "", "", "", 401},
		{"none for its parts", "/app.js", "", "", "", 401},
		{"none for events", "/sandbox/events", "", "", "", 401},
		{"another", "/sandbox/state", "Bearer " + strings.Repeat("0", 32), "", "", 401},
		{"a part", "/sandbox/state", "Bearer " + key[:31], "", "", 401},
		{"another in the link", "/?key=0", "", "", "", 401},
		{"the bot's token", "/sandbox/state", "Bot " + s.Credentials().Token, "", "", 401},
		{"bearer", "/sandbox/state", "Bearer " + key, "", "", 200},
		{"any name of the machine", "/sandbox/state", "Bearer " + key, "box.lan:8080", "", 200},
		{"from a page elsewhere", "/sandbox/state", "Bearer " + key, "", "http://evil.test", 403},
		{"in the address", "/sandbox/clock", basic(key), "", "", 200},
		{"the page", "/", "Bearer " + key, "", "", 200},
		{"the API takes its own", "/api/v10/gateway", "", "", "", 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequest("GET", s.url+tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = tt.host
			for name, value := range map[string]string{"Authorization": tt.authorisation, "Origin": tt.origin} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			if got := s.status(http.DefaultClient, r); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}

// basic is what a client sends to an address with a password.
func basic(key string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth("", key)
	return r.Header.Get("Authorization")
}

// The link is opened once; from then on the browser is known, and the address holds no key.
func TestKeyOfTheLink(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Guarded: true})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var landed string
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		landed = r.URL.String()
		return nil
	}}
	for _, path := range []string{"/?key=" + s.Credentials().Key, "/app.js", "/sandbox/state"} {
		r, err := http.NewRequest("GET", s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.status(browser, r); got != 200 {
			t.Errorf("%s: %d, want 200", path, got)
		}
	}
	if landed != s.url+"/" {
		t.Errorf("the link leads to %q, want %s/", landed, s.url)
	}
}

// The key outlives the process, and a sandbox that only its own machine reaches has none.
func TestKeyIsKept(t *testing.T) {
	t.Parallel()
	dir, keys := t.TempDir(), []string{}
	for _, guarded := range []bool{true, true, false} {
		s, err := Open(Options{Dir: dir, Guarded: guarded})
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, s.Credentials().Key)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if keys[0] == "" || keys[1] != keys[0] || keys[2] != "" {
		t.Errorf("keys %q, want the same twice and then none", keys)
	}
}

func (s *stand) status(client *http.Client, r *http.Request) int {
	s.t.Helper()
	response, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode
}
