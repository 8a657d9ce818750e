package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

// apiURL is what discordgo's own calls use too; the Transport puts the real
// address in its place.
const apiURL = "https://" + discordHost + "/api/v9"

// silent is under discordgo's lowest level: its log lines hold tokens, and its
// logger is one variable for the whole process.
const silent = -1

var pathPart = regexp.MustCompile(`^(?:[0-9]{1,20}|[A-Za-z0-9_=-][A-Za-z0-9_.=-]{0,511})$`)

// Discord is the client of Discord's REST API: no call holds up another, every
// one ends with its context, and none is repeated where it might act twice.
// Bodies are any value that marshals to the JSON that Discord documents. Safe
// for concurrent use.
type Discord struct {
	session   *discordgo.Session
	transport *Transport
	token     string
	backOff   time.Duration // before the first repetition
}

// NewDiscord returns a client that acts as the bot with this token, which is
// written without "Bot " before it. It sends nothing yet.
func NewDiscord(token string, transport *Transport) (*Discord, error) {
	if token == "" {
		return nil, errors.New("bot: there is no token: set DISCORD_TOKEN")
	}
	session, err := discordgo.New("Bot " + token)
	if err != nil {
		return nil, fmt.Errorf("bot: making a session: %w", err)
	}
	session.LogLevel = silent
	session.MaxRestRetries = 0
	session.ShouldRetryOnRateLimit = false
	session.StateEnabled = false
	session.Client = &http.Client{Transport: transport, Timeout: attemptTimeout, CheckRedirect: stay}
	return &Discord{session: session, transport: transport, token: token, backOff: 250 * time.Millisecond}, nil
}

// Respond gives the first answer to an interaction, within three seconds of it.
// It is repeated where it is not known to have arrived: Discord takes only one,
// and its refusal of the second says that the first was taken.
func (d *Discord) Respond(ctx context.Context, interaction, token string, body any) error {
	path, err := join("/interactions", interaction, token, "callback")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	_, err = d.do(ctx, call{method: http.MethodPost, path: path, body: body, secret: token, repeat: true})
	return err
}

// answerTime is how long Discord waits for a first answer.
const answerTime = 3 * time.Second

// EditOriginal replaces the first answer, for 15 minutes after the interaction.
func (d *Discord) EditOriginal(ctx context.Context, app, token string, body any) error {
	return d.original(ctx, http.MethodPatch, app, token, body)
}

// DeleteOriginal takes the first answer back.
func (d *Discord) DeleteOriginal(ctx context.Context, app, token string) error {
	return d.original(ctx, http.MethodDelete, app, token, nil)
}

func (d *Discord) original(ctx context.Context, method, app, token string, body any) error {
	path, err := join("/webhooks", app, token, "messages", "@original")
	if err != nil {
		return err
	}
	_, err = d.do(ctx, call{method: method, path: path, body: body, secret: token, repeat: true})
	return err
}

// Followup adds a message to an interaction that was answered. Discord knows no
// nonce here, so it isn't repeated after it has gone out.
func (d *Discord) Followup(ctx context.Context, app, token string, body any) error {
	path, err := join("/webhooks", app, token)
	if err != nil {
		return err
	}
	_, err = d.do(ctx, call{method: http.MethodPost, path: path, body: body, secret: token})
	return err
}

// Application is what Discord calls this bot.
type Application struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Key  string `json:"verify_key"` // hexadecimal; signs HTTP interactions
	// Endpoint is where Discord sends interactions, empty for the gateway.
	Endpoint string `json:"interactions_endpoint_url"`
}

// Me returns the application whose token this is, or ErrTokenRefused.
func (d *Discord) Me(ctx context.Context) (Application, error) {
	var app Application
	if err := d.read(ctx, "/applications/@me", &app); err != nil {
		return Application{}, err
	}
	if app.ID == "" {
		return Application{}, errors.New("bot: Discord named no application id")
	}
	return app, nil
}

// Date is the time by Discord's clock, to the second.
func (d *Discord) Date(ctx context.Context) (time.Time, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, apiURL+"/gateway", nil)
	if err != nil {
		return time.Time{}, fmt.Errorf("bot: asking Discord for the time: %w", err)
	}
	response, err := d.session.Client.Do(request)
	if err != nil {
		return time.Time{}, fmt.Errorf("bot: asking Discord for the time: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return time.Time{}, fmt.Errorf("bot: reading Discord's time: %w", err)
	}
	return date, nil
}

// GatewayLimits is what Discord says about connecting to its gateway.
type GatewayLimits struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"` // that it recommends
	Starts struct {
		Total          int   `json:"total"`
		Remaining      int   `json:"remaining"`
		ResetAfter     int64 `json:"reset_after"` // milliseconds
		MaxConcurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// GatewayBot asks how the gateway may be used now; ErrTokenRefused if not at all.
func (d *Discord) GatewayBot(ctx context.Context) (GatewayLimits, error) {
	var limits GatewayLimits
	err := d.read(ctx, "/gateway/bot", &limits)
	return limits, err
}

// Commands lists the registered commands of a server, or the global ones where
// guild is empty, as Discord returned them.
func (d *Discord) Commands(ctx context.Context, app, guild string) ([]json.RawMessage, error) {
	path, err := commandsPath(app, guild)
	if err != nil {
		return nil, err
	}
	var commands []json.RawMessage
	err = d.read(ctx, path+"?with_localizations=true", &commands)
	return commands, err
}

// SetCommands replaces all registered commands of a server, or the global ones
// where guild is empty, and with a command's name also who may use it.
func (d *Discord) SetCommands(ctx context.Context, app, guild string, commands any) error {
	path, err := commandsPath(app, guild)
	if err != nil {
		return err
	}
	_, err = d.do(ctx, call{method: http.MethodPut, path: path, body: commands, repeat: true})
	return err
}

// SetCommand adds a global command, or replaces the one of its name.
func (d *Discord) SetCommand(ctx context.Context, app string, command any) error {
	path, err := commandsPath(app, "")
	if err != nil {
		return err
	}
	_, err = d.do(ctx, call{method: http.MethodPost, path: path, body: command, repeat: true})
	return err
}

func commandsPath(app, guild string) (string, error) {
	if guild == "" {
		return join("/applications", app, "commands")
	}
	return join("/applications", app, "guilds", guild, "commands")
}

// read gets a path into a value.
func (d *Discord) read(ctx context.Context, path string, into any) error {
	reply, err := d.do(ctx, call{method: http.MethodGet, path: path, repeat: true})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(reply, into); err != nil {
		return fmt.Errorf("bot: reading Discord's reply to %s: %w", d.describe(call{method: http.MethodGet, path: path}), err)
	}
	return nil
}

// join builds a path of ids and tokens, and refuses any that could change where
// the path leads.
func join(root string, parts ...string) (string, error) {
	for _, part := range parts {
		if part != "@original" && !pathPart.MatchString(part) {
			return "", errors.New("bot: an id or a token that Discord would not make: nothing is sent")
		}
		root += "/" + part
	}
	return root, nil
}

func query(path string, limit int, after string) string {
	values := url.Values{"limit": {strconv.Itoa(limit)}}
	if after != "" {
		values.Set("after", after)
	}
	return path + "?" + values.Encode()
}
