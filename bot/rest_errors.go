package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Codes that Discord puts into the body of a refusal.
const (
	CodeUnknownChannel      = 10003
	CodeUnknownGuild        = 10004
	CodeUnknownMember       = 10007
	CodeUnknownMessage      = 10008 // a moderator deleted it
	CodeUnknownRole         = 10011
	CodeUnknownWebhook      = 10015 // also an interaction over 15 minutes old
	CodeUnknownInteraction  = 10062 // answered too late
	CodeSlowMode            = 20016
	CodeEditLimit           = 20022 // of published messages
	CodeChannelWriteLimit   = 20028
	CodeServerWriteLimit    = 20029
	CodeTooManyCommands     = 30034 // made in a day
	CodeOldMessageEdits     = 30046
	CodeAlreadyPublished    = 40033
	CodeForum               = 40058
	CodeAlreadyAcknowledged = 40060
	CodeTooManyFollowUps    = 40094
	CodeMissingAccess       = 50001
	CodeWrongChannelType    = 50024
	CodeNotOurMessage       = 50005
	CodeEmptyMessage        = 50006
	CodeNoDirectMessages    = 50007
	CodeNotAText            = 50008
	CodeMissingPermission   = 50013
	CodeInvalidToken        = 50027 // of an interaction or a webhook
	CodeInvalidForm         = 50035
	CodeArchivedThread      = 50083
	CodeOverloaded          = 130000
	CodeThreadExists        = 160004
	CodeLockedThread        = 160005
	CodeTooManyThreads      = 160006 // active ones, in a server
)

var (
	// ErrTokenRefused means that nothing will work until the operator acts.
	ErrTokenRefused = errors.New("bot: Discord refused the token: check DISCORD_TOKEN, " +
		"or make a new one under Bot at https://discord.com/developers/applications")

	// ErrSent means that Discord did as asked, and that its reply was unreadable:
	// what was made has an id that isn't known. Never send such a thing again.
	ErrSent = errors.New("sent, but Discord's reply could not be read")

	// ErrUnknownWhetherSent means that the connection failed after the request had
	// gone out, and that repeating it might do it twice.
	ErrUnknownWhetherSent = errors.New("no reply from Discord: it may or may not have done it")
)

// An APIError is Discord's refusal of one request.
type APIError struct {
	Status     int           // of HTTP
	Code       int           // one of the Code constants, or another; 0 if Discord gave none
	Message    string        // Discord's words and the fields they are about, without secrets
	RetryAfter time.Duration // for status 429
}

// Error says what Discord said.
func (e *APIError) Error() string {
	text := fmt.Sprintf("HTTP %d", e.Status)
	if e.Code != 0 {
		text += fmt.Sprintf(", code %d", e.Code)
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf(" (for %s)", e.RetryAfter.Round(time.Millisecond))
	}
	return text
}

// Temporary tells whether the same request may work a little later.
func (e *APIError) Temporary() bool {
	return e.Status == http.StatusTooManyRequests || e.Status == http.StatusRequestTimeout || e.Status >= 500
}

// IsCode tells whether err is a refusal by Discord with one of these codes.
func IsCode(err error, codes ...int) bool {
	refusal := new(APIError)
	return errors.As(err, &refusal) && slices.Contains(codes, refusal.Code)
}

// refusal reads the body of an unsuccessful reply, whatever it is.
func refusal(status int, body []byte) *APIError {
	var said struct {
		Code    int             `json:"code"`
		Message string          `json:"message"`
		Errors  json.RawMessage `json:"errors"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		// A page of HTML, from a proxy or from Discord's front: its text is no use.
		return &APIError{Status: status}
	}
	message := said.Message
	if fields := fieldErrors("", said.Errors, nil); len(fields) > 0 {
		message += " (" + strings.Join(fields, "; ") + ")"
	}
	return &APIError{Status: status, Code: said.Code, Message: tidy(message)}
}

// fieldErrors walks Discord's tree of errors and returns up to three as
// "data.components.0: Must be 100 or fewer in length."
func fieldErrors(path string, tree json.RawMessage, found []string) []string {
	var node map[string]json.RawMessage
	if len(found) >= 3 || strings.Count(path, ".") > 20 || json.Unmarshal(tree, &node) != nil {
		return found
	}
	var here []struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(node["_errors"], &here) == nil && len(here) > 0 {
		return append(found, path+": "+here[0].Message)
	}
	for _, name := range slices.Sorted(maps.Keys(node)) {
		below := name
		if path != "" {
			below = path + "." + name
		}
		found = fieldErrors(below, node[name], found)
	}
	return found
}

// tidy makes words from outside fit for one line of a log.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > 400 {
		s = string(runes[:400]) + "…"
	}
	return strings.TrimSpace(s)
}

// redact puts dots in place of each secret.
func redact(s string, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "…")
		}
	}
	return s
}
