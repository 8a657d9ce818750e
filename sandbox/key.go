package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
)

// key is what everyone has to bring who drives a guarded sandbox: drawn from the signing
// key, so that it stays the same as long as the folder does.
func (i *install) key() string {
	mac := hmac.New(sha256.New, []byte(i.PrivateKey))
	mac.Write([]byte("the key of the page and of the control routes"))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// keyCookie differs from sandbox to sandbox: a browser sends cookies to every port of a host.
func (s *Sandbox) keyCookie() string { return "sandbox-" + s.credentials.ApplicationID }

// holdsKey says whether a request brings the key, or needs none: as a bearer, as the password
// of an address like http://:KEY@host/, or in the cookie that the page's link sets.
func (s *Sandbox) holdsKey(r *http.Request) bool {
	want := s.credentials.Key
	if want == "" {
		return true
	}
	got, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if _, password, is := r.BasicAuth(); is {
		got = password
	} else if cookie, err := r.Cookie(s.keyCookie()); err == nil && got == "" {
		got = cookie.Value
	}
	return sameKey(got, want)
}

func sameKey(got, want string) bool {
	return subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}

// keyed lets those at the page who hold the key. Its link, /?key=KEY, is traded for a
// cookie, so that the key doesn't stay in the address.
func (s *Sandbox) keyed(page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch given := r.URL.Query().Get("key"); {
		case s.credentials.Key != "" && given != "" && sameKey(given, s.credentials.Key):
			http.SetCookie(w, &http.Cookie{
				Name: s.keyCookie(), Value: given, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
			})
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Referrer-Policy", "no-referrer")
			http.Redirect(w, r, "/", http.StatusSeeOther)
		case s.holdsKey(r):
			page.ServeHTTP(w, r)
		default:
			http.Error(w, "This sandbox can be reached from other machines, so it wants its key: open the link that was printed when it started.", http.StatusUnauthorized)
		}
	})
}
