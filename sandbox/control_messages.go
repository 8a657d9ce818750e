package sandbox

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// sees says whether a member may read a channel; a direct message is its recipient's.
func (st *state) sees(user string, c *channel) bool {
	if c.Type == channelDM {
		return c.Recipient == user || c.Other == user
	}
	return st.may(user, c, time.Now()).has(viewChannel)
}

// pathChannel is the channel of the path, by id, or by name in the server asked
// for; @me is the member's direct messages with the bot.
func (s *Sandbox) pathChannel(r *http.Request, member string) (*channel, error) {
	if r.PathValue("channel") == "@me" {
		u, err := s.namedUser(member)
		if err != nil {
			return nil, err
		}
		return s.conversation(u.ID, "")
	}
	g, err := s.namedGuild(r.URL.Query().Get("guild"))
	if err != nil {
		return nil, err
	}
	return s.namedChannel(g, r.PathValue("channel"))
}

const (
	usualMessages = 200
	mostMessages  = 1000
)

func readLimit(text string) (int, error) {
	if text == "" {
		return usualMessages, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostMessages {
		return 0, wrong("limit", "limit is a number between 1 and %d", mostMessages)
	}
	return n, nil
}

// getChannelMessages tells the newest of what a member sees in a channel, newest last;
// without a member, of what everybody who may read there sees.
func (s *Sandbox) getChannelMessages(r *http.Request) (any, error) {
	limit, err := readLimit(r.URL.Query().Get("limit"))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	as := r.URL.Query().Get("as")
	c, err := s.pathChannel(r, as)
	if err != nil {
		return nil, err
	}
	viewer := ""
	if as != "" {
		u, err := s.namedUser(as)
		if err != nil {
			return nil, err
		}
		if viewer = u.ID; !s.state.sees(u.ID, c) {
			return nil, wrong("as", "%s can't see %s", u.Username, c.Name)
		}
	}
	list := []any{}
	for _, m := range slices.Backward(s.state.messages[c.ID]) {
		if len(list) == limit {
			break
		}
		if m.Visible == "" || m.Visible == viewer {
			list = append(list, s.shownMessage(m, base(r)))
		}
	}
	slices.Reverse(list)
	return map[string]any{"messages": list}, nil
}

// shownMessage is a message with what a page needs beside Discord's own fields.
func (s *Sandbox) shownMessage(m *message, base string) map[string]any {
	obj := s.state.messageObject(m, base)
	maps.Copy(obj, map[string]any{
		"text": messageText(m), "ephemeral": m.Visible != "", "loading": m.Flags&flagLoading != 0, "guild_id": m.Guild,
	})
	return obj
}

// sentFile is a file in a control request.
type sentFile struct {
	Filename string `json:"filename"`
	Base64   string `json:"base64"`
}

func (f sentFile) decode() (upload, error) {
	data, err := base64.StdEncoding.DecodeString(f.Base64)
	if err != nil || f.Filename == "" {
		return upload{}, wrong("attachments", "an attachment is {filename, base64}")
	}
	if len(data) > maxFile {
		return upload{}, wrong("attachments", "%s is larger than 10 MiB", cleanFilename(f.Filename))
	}
	return upload{filename: f.Filename, data: data}, nil
}

// postChannelMessage lets a member write.
func (s *Sandbox) postChannelMessage(r *http.Request) (any, error) {
	var body struct {
		User        string     `json:"user"`
		Content     string     `json:"content"`
		Attachments []sentFile `json:"attachments"`
	}
	if err := readControl(r, &body); err != nil {
		return nil, err
	}
	content := strings.TrimSpace(body.Content)
	if n := utf8.RuneCountInString(content); n > 2000 || n == 0 && len(body.Attachments) == 0 {
		return nil, wrong("content", "a message has 1 to 2000 characters, or a file")
	}
	if len(body.Attachments) > maxFiles {
		return nil, wrong("attachments", "10 files at most")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, u, err := s.writer(r, body.User, len(body.Attachments) > 0)
	if err != nil {
		return nil, err
	}
	m := &message{ID: s.ids.next(), Channel: c.ID, Guild: c.Guild, Author: u.ID, At: s.clock.now()}
	d := &draft{at: &spot{}, body: map[string]any{"content": content}}
	for _, f := range body.Attachments {
		file, err := f.decode()
		if err != nil {
			return nil, err
		}
		d.files = append(d.files, file)
	}
	if err := s.commitMessage(m, d, true); err != nil {
		return nil, err
	}
	return s.shownMessage(m, base(r)), nil
}

// writer is the channel of the path and a member who may write there.
func (s *Sandbox) writer(r *http.Request, name string, files bool) (*channel, *user, error) {
	c, err := s.pathChannel(r, name)
	if err != nil {
		return nil, nil, err
	}
	u, err := s.namedUser(name)
	if err != nil {
		return nil, nil, asWrong(err)
	}
	if u.Bot {
		return nil, nil, wrong("user", "bots write through Discord's API, with their token")
	}
	may := s.state.may(u.ID, c, time.Now())
	need := sendingIn(c)
	if files {
		need |= attachFiles
	}
	if !s.state.sees(u.ID, c) || !may.has(need) {
		return nil, nil, wrong("user", "%s may not write that in %s", u.Username, c.Name)
	}
	if c.mayWrite(may) != nil {
		return nil, nil, wrong("channel", "%s is locked", c.Name)
	}
	return c, u, nil
}
