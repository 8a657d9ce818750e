package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

// stand is a sandbox on a port, and what tests ask of it.
type stand struct {
	*Sandbox
	t   *testing.T
	url string
}

func newStand(t *testing.T, opts Options) *stand {
	t.Helper()
	s, err := Open(opts)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
		server.Close()
	})
	return &stand{s, t, server.URL}
}

func unlimited() Limits { return Limits{Global: -1, Messages: -1, Others: -1, Concurrency: -1} }

// send makes a request and decodes its JSON answer.
func (s *stand) send(method, path, token string, body any) (int, map[string]any) {
	s.t.Helper()
	var r io.Reader
	if body != nil {
		r = jsonBody(s.t, body)
	}
	req, err := http.NewRequest(method, s.url+path, r)
	if err != nil {
		s.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bot "+token)
	}
	return s.do(req)
}

func (s *stand) do(req *http.Request) (int, map[string]any) {
	s.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	raw, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		s.t.Fatal(err)
	}
	var v any
	if len(raw) > 0 && json.Unmarshal(raw, &v) != nil {
		s.t.Fatalf("%s %s answered %d with %q, want JSON", req.Method, req.URL.Path, resp.StatusCode, raw)
	}
	if list, is := v.([]any); is {
		return resp.StatusCode, map[string]any{"list": list}
	}
	obj, _ := v.(map[string]any)
	return resp.StatusCode, obj
}

func jsonBody(t *testing.T, v any) io.Reader {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(raw)
}

// control drives the sandbox and wants 200.
func (s *stand) control(method, path string, body any) map[string]any {
	s.t.Helper()
	if body == nil && method != "GET" {
		body = map[string]any{}
	}
	status, got := s.send(method, "/sandbox/"+path, "", body)
	if status != 200 {
		s.t.Fatalf("%s /sandbox/%s answered %d %v, want 200", method, path, status, got)
	}
	return got
}

// bot makes a request with the bot's token.
func (s *stand) bot(method, path string, body any) (int, map[string]any) {
	s.t.Helper()
	return s.send(method, "/api/v10"+path, s.credentials.Token, body)
}

func (s *stand) channelID(name string) string {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.namedGuild("")
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := s.namedChannel(g, name)
	if err != nil {
		s.t.Fatal(err)
	}
	return c.ID
}

type redirect struct{ base *url.URL }

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = r.base.Scheme, r.base.Host, r.base.Host
	return http.DefaultTransport.RoundTrip(req)
}

// client is discordgo, pointed here and not yet connected.
func (s *stand) client() *discordgo.Session {
	s.t.Helper()
	base, err := url.Parse(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	dg, err := discordgo.New("Bot " + s.credentials.Token)
	if err != nil {
		s.t.Fatal(err)
	}
	dg.Client = &http.Client{Transport: redirect{base}, Timeout: 20 * time.Second}
	dg.Identify.Intents = discordgo.IntentsGuilds
	dg.StateEnabled = false
	dg.ShouldReconnectOnError = false
	dg.LogLevel = -1
	return dg
}

// login opens a discordgo session that ends with the test.
func (s *stand) login(dg *discordgo.Session) {
	s.t.Helper()
	if err := dg.Open(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = dg.Close() })
}

// register puts one command for all servers.
func (s *stand) register(commands ...map[string]any) {
	s.t.Helper()
	if status, got := s.bot("PUT", "/applications/"+s.credentials.ApplicationID+"/commands", commands); status != 200 {
		s.t.Fatalf("registering answered %d %v, want 200", status, got)
	}
}

func slash(name string, options ...map[string]any) map[string]any {
	return map[string]any{"name": name, "description": "About " + name, "options": options}
}

func TestDiscordgoAnswersACommand(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	dg := s.client()
	dg.AddHandler(func(dg *discordgo.Session, i *discordgo.InteractionCreate) {
		err := dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{
				Content: "Hello " + i.Member.User.Username + ", " + i.ApplicationCommandData().Options[0].StringValue(),
				Flags:   discordgo.MessageFlagsEphemeral,
			},
		})
		if err != nil {
			t.Errorf("InteractionRespond() = %v", err)
		}
	})
	s.login(dg)
	_, err := dg.ApplicationCommandBulkOverwrite(s.credentials.ApplicationID, "", []*discordgo.ApplicationCommand{{
		Name: "talks", Description: "What was said", Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionString, Name: "about", Description: "What about", Required: true},
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got := s.control("POST", "interactions", map[string]any{"user": "reader", "command": "talks", "options": map[string]any{"about": "energy"}})
	if got["error"] != nil || got["kind"] != "message" || got["ephemeral"] != true || got["text"] != "Hello reader, energy" {
		t.Errorf("outcome = %v, want an ephemeral greeting", got)
	}
	for as, want := range map[string]int{"reader": 1, "moderator": 0} {
		list := s.control("GET", "channels/briefings/messages?as="+as, nil)["messages"].([]any)
		if len(list) != want {
			t.Errorf("%s sees %d messages, want %d", as, len(list), want)
		}
	}
}

func TestDiscordgoDefersAndEdits(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	dg := s.client()
	dg.AddHandler(func(dg *discordgo.Session, i *discordgo.InteractionCreate) {
		if err := dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource}); err != nil {
			t.Errorf("InteractionRespond() = %v", err)
		}
		text := "Done"
		if _, err := dg.InteractionResponseEdit(i.Interaction, &discordgo.WebhookEdit{Content: &text}); err != nil {
			t.Errorf("InteractionResponseEdit() = %v", err)
		}
		more := &discordgo.WebhookParams{Content: "More", Files: []*discordgo.File{{Name: "a b.txt", Reader: strings.NewReader("x")}}}
		if _, err := dg.FollowupMessageCreate(i.Interaction, true, more); err != nil {
			t.Errorf("FollowupMessageCreate() = %v", err)
		}
	})
	s.login(dg)
	s.register(slash("talks"))
	got := s.control("POST", "interactions", map[string]any{"user": "reader", "command": "talks"})
	if got["error"] != nil || got["kind"] != "message" || got["done_ms"] == nil {
		t.Fatalf("outcome = %v, want a message", got)
	}
	if text := got["text"]; text != "Done" && text != "More" {
		t.Errorf("text = %q, want Done", text)
	}
}

func TestDiscordgoModal(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	dg := s.client()
	dg.AddHandler(func(dg *discordgo.Session, i *discordgo.InteractionCreate) {
		answer := &discordgo.InteractionResponse{Type: discordgo.InteractionResponseModal, Data: &discordgo.InteractionResponseData{
			CustomID: "figure", Title: "A figure", Components: []discordgo.MessageComponent{
				discordgo.ActionsRow{Components: []discordgo.MessageComponent{
					discordgo.TextInput{CustomID: "value", Label: "Value", Style: discordgo.TextInputShort, Required: true, MaxLength: 5},
				}},
			},
		}}
		if i.Type == discordgo.InteractionModalSubmit {
			row := i.ModalSubmitData().Components[0].(*discordgo.ActionsRow)
			value := row.Components[0].(*discordgo.TextInput).Value
			answer = &discordgo.InteractionResponse{
				Type: discordgo.InteractionResponseChannelMessageWithSource,
				Data: &discordgo.InteractionResponseData{Content: "It is " + value},
			}
		}
		if err := dg.InteractionRespond(i.Interaction, answer); err != nil {
			t.Errorf("InteractionRespond() = %v", err)
		}
	})
	s.login(dg)
	s.register(slash("figure"))
	got := s.control("POST", "interactions", map[string]any{"user": "moderator", "command": "figure"})
	if got["kind"] != "modal" || got["text"] != "A figure\nValue" {
		t.Fatalf("outcome = %v, want a modal", got)
	}
	for _, tt := range []struct {
		user, value, want string
		status            int
	}{
		{"reader", "612", "", 400},
		{"moderator", "", "", 400},
		{"moderator", "123456", "", 400},
		{"moderator", "612", "It is 612", 200},
		{"moderator", "612", "", 400},
	} {
		status, got := s.send("POST", "/sandbox/interactions", "", map[string]any{
			"user": tt.user, "modal": "figure", "fields": map[string]any{"value": tt.value},
		})
		if text, _ := got["text"].(string); status != tt.status || text != tt.want {
			t.Errorf("%s sends %q: %d %v, want %d %q", tt.user, tt.value, status, got, tt.status, tt.want)
		}
	}
}

func TestDiscordgoResumesAfterACut(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	dg := s.client()
	cut, resumed := make(chan bool, 1), make(chan bool, 1)
	created := make(chan string, 4)
	dg.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { cut <- true })
	dg.AddHandler(func(*discordgo.Session, *discordgo.Resumed) { resumed <- true })
	dg.AddHandler(func(_ *discordgo.Session, c *discordgo.ChannelCreate) { created <- c.Name })
	s.login(dg)
	s.control("PUT", "faults", []any{map[string]any{"match": "NOW", "close": 4000, "times": 1}})
	<-cut
	s.control("PATCH", "guilds/Briefing Room", map[string]any{"channels": []any{map[string]any{"channel": "missed"}}})
	if err := dg.Open(); err != nil {
		t.Fatal(err)
	}
	<-resumed
	if got := <-created; got != "missed" {
		t.Errorf("replayed channel = %q, want missed", got)
	}
}
