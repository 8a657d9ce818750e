package clients_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bwmarrin/discordgo"

	"sitrep/sandbox"
)

func TestDiscordgo(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.undescribed = true // it has no field for that
	b := &gobot{t: t, s: s}
	dg := b.session()
	b.register(dg)
	if err := dg.Open(); err != nil {
		t.Fatal(err)
	}
	if dg.State.User.ID != b.creds.ApplicationID || len(dg.State.Guilds) != 1 {
		t.Errorf("logged in as %v with %d servers, want the bot with one", dg.State.User, len(dg.State.Guilds))
	}
	end := sync.OnceFunc(func() {
		if err := dg.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
		b.answering.Wait()
		s.lines <- "ended"
	})
	t.Cleanup(end)
	s.lines <- "ready"
	s.walk(end)
	slices.Sort(b.met)
	if got := strings.Join(slices.Compact(b.met), " "); got != "Quote autocomplete button form greet modal post read select slow upload" {
		t.Errorf("met %s, want all there is", got)
	}
}

// gobot is a bot as most are that use discordgo: a session with its handlers.
type gobot struct {
	t     *testing.T
	s     *stand
	creds sandbox.Credentials

	answering sync.WaitGroup
	mu        sync.Mutex
	met       []string
}

// elsewhere sends requests for Discord to the sandbox, for discordgo has no setting for
// another address.
type elsewhere struct{ base *url.URL }

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = e.base.Scheme, e.base.Host, e.base.Host
	return http.DefaultTransport.RoundTrip(r)
}

func (b *gobot) session() *discordgo.Session {
	b.t.Helper()
	if err := json.Unmarshal([]byte(b.s.creds), &b.creds); err != nil {
		b.t.Fatal(err)
	}
	dg, err := discordgo.New("Bot " + b.creds.Token)
	if err != nil {
		b.t.Fatal(err)
	}
	base, err := url.Parse(b.s.url)
	if err != nil {
		b.t.Fatal(err)
	}
	dg.Client.Transport = elsewhere{base}
	dg.LogLevel = -1 // what it says of connections that end, it says to the standard error
	dg.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentMessageContent
	dg.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) {
		if !m.Author.Bot {
			b.s.lines <- "heard " + m.Content
		}
	})
	dg.AddHandler(func(*discordgo.Session, *discordgo.Resumed) { b.s.lines <- "resumed" })
	dg.AddHandler(func(dg *discordgo.Session, i *discordgo.InteractionCreate) {
		b.answering.Add(1)
		defer b.answering.Done()
		what, err := b.answer(dg, i)
		if err != nil {
			b.t.Errorf("answering %s: %v", what, err)
		}
		b.mu.Lock()
		b.met = append(b.met, what)
		b.mu.Unlock()
	})
	return dg
}

func (b *gobot) register(dg *discordgo.Session) {
	b.t.Helper()
	commands := []*discordgo.ApplicationCommand{
		{Name: "greet", Description: "Greets somebody", Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionString, Name: "name", Description: "Whom", Required: true, Autocomplete: true},
		}},
		{Type: discordgo.MessageApplicationCommand, Name: "Quote"},
	}
	for _, name := range []string{"form", "slow", "upload", "read", "post"} {
		commands = append(commands, &discordgo.ApplicationCommand{Name: name, Description: "Shows " + name})
	}
	put, err := dg.ApplicationCommandBulkOverwrite(b.creds.ApplicationID, "", commands)
	if err != nil || len(put) != len(commands) {
		b.t.Fatalf("registered %v, %v, want %d commands", put, err, len(commands))
	}
	refused := new(discordgo.RESTError)
	_, err = dg.ApplicationCommandBulkOverwrite(b.creds.ApplicationID, "", []*discordgo.ApplicationCommand{{Name: "Not Lower", Description: "x"}})
	if !errors.As(err, &refused) || refused.Message == nil || refused.Message.Code != discordgo.ErrCodeInvalidFormBody {
		b.t.Errorf("a bad name: %v, want code 50035", err)
	}
	dg.Token = "Bot wrong"
	if _, err = dg.User("@me"); !errors.As(err, &refused) || refused.Response.StatusCode != http.StatusUnauthorized {
		b.t.Errorf("a wrong token: %v, want 401", err)
	}
	dg.Token = "Bot " + b.creds.Token
}

// answer answers one interaction and says what it was.
func (b *gobot) answer(dg *discordgo.Session, i *discordgo.InteractionCreate) (string, error) {
	if i.Member.User.Username != "reader" || i.Locale != discordgo.EnglishUS || i.AppPermissions&discordgo.PermissionAttachFiles == 0 {
		b.t.Errorf("interaction of %v in %s, may %b, want reader's", i.Member.User, i.Locale, i.AppPermissions)
	}
	switch i.Type {
	case discordgo.InteractionApplicationCommandAutocomplete:
		typed := i.ApplicationCommandData().Options[0].StringValue()
		return "autocomplete", dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionApplicationCommandAutocompleteResult,
			Data: &discordgo.InteractionResponseData{Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: typed + "!", Value: strings.ToUpper(typed)}}},
		})
	case discordgo.InteractionMessageComponent:
		data := i.MessageComponentData()
		if data.CustomID == "pick" {
			return "select", respond(dg, i, "Chose "+strings.Join(data.Values, ","), 0)
		}
		return "button", dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseUpdateMessage,
			Data: &discordgo.InteractionResponseData{Content: "Pressed", Components: []discordgo.MessageComponent{}},
		})
	case discordgo.InteractionModalSubmit:
		row := i.ModalSubmitData().Components[0].(*discordgo.ActionsRow)
		return "modal", respond(dg, i, "Form: "+row.Components[0].(*discordgo.TextInput).Value, discordgo.MessageFlagsEphemeral)
	}
	data := i.ApplicationCommandData()
	answers := map[string]func(*discordgo.Session, *discordgo.InteractionCreate) error{
		"greet": greet, "form": form, "slow": b.slow, "upload": upload, "read": read, "post": b.post, "Quote": quote,
	}
	return data.Name, answers[data.Name](dg, i)
}

func respond(dg *discordgo.Session, i *discordgo.InteractionCreate, content string, flags discordgo.MessageFlags) error {
	return dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
		Type: discordgo.InteractionResponseChannelMessageWithSource,
		Data: &discordgo.InteractionResponseData{Content: content, Flags: flags},
	})
}

func greet(dg *discordgo.Session, i *discordgo.InteractionCreate) error {
	return dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
		Type: discordgo.InteractionResponseChannelMessageWithSource,
		Data: &discordgo.InteractionResponseData{
			Content: "Hello " + i.ApplicationCommandData().Options[0].StringValue(),
			Components: []discordgo.MessageComponent{
				discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{CustomID: "press", Label: "Press"}}},
				discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.SelectMenu{CustomID: "pick", Options: []discordgo.SelectMenuOption{
					{Label: "Letter A", Value: "a"}, {Label: "Letter B", Value: "b"},
				}}}},
			},
		},
	})
}

func form(dg *discordgo.Session, i *discordgo.InteractionCreate) error {
	return dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
		Type: discordgo.InteractionResponseModal,
		Data: &discordgo.InteractionResponseData{CustomID: "form", Title: "A form", Components: []discordgo.MessageComponent{
			discordgo.ActionsRow{Components: []discordgo.MessageComponent{
				discordgo.TextInput{CustomID: "value", Label: "Value", Style: discordgo.TextInputShort, MaxLength: 5},
			}},
		}},
	})
}

func (b *gobot) slow(dg *discordgo.Session, i *discordgo.InteractionCreate) error {
	err := dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource})
	if err != nil {
		return err
	}
	text := "Edited"
	edited, err := dg.InteractionResponseEdit(i.Interaction, &discordgo.WebhookEdit{Content: &text})
	if err != nil {
		return err
	}
	more, err := dg.FollowupMessageCreate(i.Interaction, true, &discordgo.WebhookParams{Content: "Followed up", Flags: discordgo.MessageFlagsEphemeral})
	if err != nil {
		return err
	}
	b.s.lines <- "followed up"
	reply, err := dg.InteractionResponse(i.Interaction)
	if err != nil {
		return err
	}
	if reply.ID != edited.ID || reply.Content != text || reply.Flags != 0 || more.Flags != discordgo.MessageFlagsEphemeral {
		b.t.Errorf("reply %+v and follow-up %+v, want it edited, and the other ephemeral", reply, more)
	}
	return nil
}

func upload(dg *discordgo.Session, i *discordgo.InteractionCreate) error {
	err := dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
		Type: discordgo.InteractionResponseChannelMessageWithSource,
		Data: &discordgo.InteractionResponseData{Content: "Uploaded", Files: []*discordgo.File{
			{Name: "note.txt", ContentType: "text/plain", Reader: strings.NewReader("a note")},
		}},
	})
	if err != nil {
		return err
	}
	reply, err := dg.InteractionResponse(i.Interaction)
	if err != nil {
		return err
	}
	resp, err := http.Get(reply.Attachments[0].URL)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || !bytes.Equal(text, []byte("a note")) {
		return fmt.Errorf("the file holds %q, %w, want a note", text, err)
	}
	return nil
}

func read(dg *discordgo.Session, i *discordgo.InteractionCreate) error {
	list, err := dg.ChannelMessages(i.ChannelID, 10, "", "", "")
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(m *discordgo.Message) bool { return !m.Author.Bot })
	if at < 0 {
		return errors.New("no member's message was read")
	}
	return respond(dg, i, "Read: "+list[at].Content, 0)
}

// post tries again after an error of Discord's, which discordgo leaves to its user. What
// it waits for by itself are limits.
func (b *gobot) post(dg *discordgo.Session, i *discordgo.InteractionCreate) error {
	err := dg.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource})
	if err != nil {
		return err
	}
	_, err = dg.ChannelMessageSend(i.ChannelID, "Posted")
	if failed := new(discordgo.RESTError); !errors.As(err, &failed) || failed.Response.StatusCode != http.StatusInternalServerError {
		b.t.Errorf("posting while Discord fails: %v, want 500", err)
	}
	posted, err := dg.ChannelMessageSend(i.ChannelID, "Posted")
	if err != nil {
		return err
	}
	text := "Done: " + posted.Content
	_, err = dg.InteractionResponseEdit(i.Interaction, &discordgo.WebhookEdit{Content: &text})
	return err
}

func quote(dg *discordgo.Session, i *discordgo.InteractionCreate) error {
	data := i.ApplicationCommandData()
	m := data.Resolved.Messages[data.TargetID]
	return respond(dg, i, "Quote: "+m.Content+" by "+m.Author.Username, discordgo.MessageFlagsEphemeral)
}
