// Command disgobot is a bot on disgo, which knows Discord and nothing of the sandbox. It
// answers what members do, says on its standard output what it lives through, one line
// each, and ends with status 1 where anything wasn't as Discord would have it.
//
// SANDBOX holds the line of JSON that "sitrep sandbox" prints; the end of the standard
// input tells the bot to log out. It is a module of its own so that nothing of what it
// needs is among what sitrep needs.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/disgoorg/disgo"
	dbot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type credentials struct {
	BaseURL     string       `json:"base_url"`
	Token       string       `json:"token"`
	Application snowflake.ID `json:"application_id"`
}

func run() error {
	var creds credentials
	if err := json.Unmarshal([]byte(os.Getenv("SANDBOX")), &creds); err != nil {
		return fmt.Errorf("SANDBOX isn't what sitrep sandbox prints: %w", err)
	}
	b := &bot{creds: creds, met: map[string]bool{}}
	ready := make(chan *events.Ready, 1)
	client, err := disgo.New(creds.Token,
		dbot.WithLogger(slog.New(faults{b})),
		dbot.WithRestClientConfigOpts(rest.WithURL(creds.BaseURL+"/api/v10")),
		dbot.WithGatewayConfigOpts(gateway.WithIntents(gateway.IntentGuilds, gateway.IntentGuildMessages, gateway.IntentMessageContent)),
		dbot.WithEventListenerFunc(func(e *events.Ready) { ready <- e }),
		dbot.WithEventListenerFunc(func(*events.Resumed) { say("resumed") }),
		dbot.WithEventListenerFunc(b.heard),
		dbot.WithEventListenerFunc(b.command),
		dbot.WithEventListenerFunc(b.autocomplete),
		dbot.WithEventListenerFunc(b.component),
		dbot.WithEventListenerFunc(b.modal),
	)
	if err != nil {
		return err
	}
	b.rest = client.Rest
	if err := b.register(client); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := client.OpenGateway(ctx); err != nil {
		return err
	}
	first := <-ready
	b.want("bot", first.User.ID, creds.Application)
	b.want("servers", len(first.Guilds), 1)
	say("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	client.Close(ctx)
	err = b.verdict()
	say("ended")
	return err
}

func say(line string) { fmt.Println(line) }

// bot answers members and keeps what went wrong.
type bot struct {
	creds credentials
	rest  rest.Rest

	mu     sync.Mutex
	met    map[string]bool
	misses []error
}

func (b *bot) miss(err error) {
	if err == nil {
		return
	}
	b.mu.Lock()
	b.misses = append(b.misses, err)
	b.mu.Unlock()
}

func (b *bot) want(what string, got, wanted any) {
	if got != wanted {
		b.miss(fmt.Errorf("%s = %v, want %v", what, got, wanted))
	}
}

func (b *bot) meet(what string) {
	b.mu.Lock()
	b.met[what] = true
	b.mu.Unlock()
}

func (b *bot) verdict() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, what := range []string{"Quote", "autocomplete", "button", "form", "greet", "modal", "post", "read", "select", "slow", "upload"} {
		if !b.met[what] {
			b.misses = append(b.misses, fmt.Errorf("met no %s", what))
		}
	}
	return errors.Join(b.misses...)
}

// faults makes a miss of what disgo logs where it can't read what it was sent. What it
// says about connections that end is no fault: they are ended on purpose.
type faults struct{ bot *bot }

func (faults) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }
func (f faults) WithAttrs([]slog.Attr) slog.Handler             { return f }
func (f faults) WithGroup(string) slog.Handler                  { return f }

func (f faults) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool { text += " " + a.String(); return true })
	if strings.Contains(text, "pars") || strings.Contains(text, "marshal") || strings.Contains(text, "json") || strings.Contains(text, "panic") {
		f.bot.miss(errors.New("disgo says: " + text))
	}
	return nil
}

func (b *bot) register(client *dbot.Client) error {
	commands := []discord.ApplicationCommandCreate{
		discord.SlashCommandCreate{Name: "greet", Description: "Greets somebody", Options: []discord.ApplicationCommandOption{
			discord.ApplicationCommandOptionString{Name: "name", Description: "Whom", Required: true, Autocomplete: true},
		}},
		discord.MessageCommandCreate{Name: "Quote"},
	}
	for _, name := range []string{"form", "slow", "upload", "read", "post"} {
		commands = append(commands, discord.SlashCommandCreate{Name: name, Description: "Shows " + name})
	}
	put, err := client.Rest.SetGlobalCommands(b.creds.Application, commands)
	if err != nil {
		return err
	}
	b.want("commands registered", len(put), len(commands))
	list, err := client.Rest.GetGlobalCommands(b.creds.Application, false)
	if err != nil {
		return err
	}
	names := []string{}
	for _, c := range list {
		names = append(names, c.Name())
	}
	slices.Sort(names)
	b.want("names listed", strings.Join(names, " "), "Quote form greet post read slow upload")
	_, err = client.Rest.SetGlobalCommands(b.creds.Application, []discord.ApplicationCommandCreate{discord.SlashCommandCreate{Name: "Not Lower", Description: "x"}})
	refused := new(rest.Error)
	if !errors.As(err, &refused) || refused.Code != 50035 || !strings.Contains(string(refused.Errors), "APPLICATION_COMMAND_INVALID_NAME") {
		b.miss(fmt.Errorf("a bad name: %w, want code 50035 and its field", err))
	}
	_, err = client.Rest.GetCurrentUser("Bot wrong")
	if !errors.As(err, &refused) || refused.Response.StatusCode != http.StatusUnauthorized {
		b.miss(fmt.Errorf("a wrong token: %w, want 401", err))
	}
	return nil
}
