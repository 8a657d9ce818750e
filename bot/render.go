package bot

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"sitrep/cards"
)

// Types of components.
// https://docs.discord.com/developers/components/reference
const (
	actionRow    = 1
	button       = 2
	stringSelect = 3
	textInput    = 4
	textDisplay  = 10
	mediaGallery = 12
	file         = 13
	separator    = 14
	container    = 17
	label        = 18
)

// Message flags. https://docs.discord.com/developers/resources/message
const (
	flagEphemeral    = 1 << 6
	flagComponentsV2 = 1 << 15
)

// component is any of Discord's; discordgo v0.29.0 lacks labels and always
// sends a text input's own label, which Discord forbids inside of one.
type component struct {
	Type        int            `json:"type"`
	CustomID    string         `json:"custom_id,omitempty"`
	Content     string         `json:"content,omitempty"`
	AccentColor int            `json:"accent_color,omitempty"`
	Components  []component    `json:"components,omitempty"`
	Style       int            `json:"style,omitempty"`
	Label       string         `json:"label,omitempty"`
	Description string         `json:"description,omitempty"`
	URL         string         `json:"url,omitempty"`
	Placeholder string         `json:"placeholder,omitempty"`
	Options     []selectOption `json:"options,omitempty"`
	Value       string         `json:"value,omitempty"`
	Required    *bool          `json:"required,omitempty"`
	MaxLength   int            `json:"max_length,omitempty"`
	MinValues   *int           `json:"min_values,omitempty"`
	MaxValues   int            `json:"max_values,omitempty"`
	Component   *component     `json:"component,omitempty"`
	Items       []galleryItem  `json:"items,omitempty"`
	File        *media         `json:"file,omitempty"`
}

// media names what is shown: for us always a file that comes with the message.
type media struct {
	URL string `json:"url"`
}

// galleryItem is one picture of a media gallery.
type galleryItem struct {
	Media       media  `json:"media"`
	Description string `json:"description"`
}

// attachment announces a file that comes with the message.
type attachment struct {
	ID          string `json:"id"` // the number of its part
	Filename    string `json:"filename"`
	Description string `json:"description"`
}

type selectOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// message is what is sent for a card.
type message struct {
	Flags           int             `json:"flags"`
	Components      []component     `json:"components"`
	AllowedMentions allowedMentions `json:"allowed_mentions"`
	Nonce           string          `json:"nonce,omitempty"`
	EnforceNonce    bool            `json:"enforce_nonce,omitempty"`
	Attachments     []attachment    `json:"attachments,omitzero"` // those it keeps; an edit with none drops all

	files []upload
}

func (m message) uploads() []upload { return m.files }

// allowedMentions with an empty list of kinds lets nothing ping but the roles.
type allowedMentions struct {
	Parse []string `json:"parse"`
	Roles []string `json:"roles,omitempty"`
}

// mostRuled is how many blocks are set apart by rules: with them, the footer and
// the controls, a message stays under Discord's 40 components.
const mostRuled = 8

// render lays a card out as Components V2. With a delivery id, every button
// carries it.
func render(c cards.Card, delivery string) message {
	box := component{Type: container, AccentColor: c.Colour}
	title := string(c.Title)
	for i, b := range c.Blocks {
		text := strings.TrimSpace(blockText(b))
		if text == "" {
			continue
		}
		text, title = strings.TrimSpace(title+"\n"+text), "" // in one with what comes first
		last := len(box.Components) - 1
		switch {
		case i >= mostRuled && last >= 0:
			box.Components[last].Content += "\n\n" + text
			continue
		case last >= 0:
			box.Components = append(box.Components, component{Type: separator})
		}
		box.Components = append(box.Components, component{Type: textDisplay, Content: text})
	}
	if title != "" {
		box.Components = append(box.Components, component{Type: textDisplay, Content: title})
	}
	m := message{Flags: flagComponentsV2, AllowedMentions: allowedMentions{Parse: []string{}}}
	if c.Picture != nil {
		about := m.attach(upload{name: c.Picture.Name, kind: "image/png", data: c.Picture.PNG}, c.Picture.Alt)
		box.Components = append(box.Components, component{Type: mediaGallery, Items: []galleryItem{{Media: media{URL: "attachment://" + c.Picture.Name}, Description: about}}})
	}
	if c.File != nil {
		m.attach(upload{name: c.File.Name, kind: c.File.Kind, data: c.File.Data}, c.File.About)
		box.Components = append(box.Components, component{Type: file, File: &media{URL: "attachment://" + c.File.Name}})
	}
	if len(c.Footer) > 0 {
		var footer []string
		for _, f := range c.Footer {
			footer = append(footer, "-# "+string(f))
		}
		box.Components = append(box.Components, component{Type: textDisplay, Content: strings.Join(footer, "\n")})
	}
	box.Components = append(box.Components, controls(c, delivery)...)
	if c.Mention != "" { // outside the box, where it pings as any message's text
		m.Components = append(m.Components, component{Type: textDisplay, Content: string(cards.Role(c.Mention))})
	}
	m.Components = append(m.Components, box)
	return m
}

// blockText is empty for a block that lost all its lines.
func blockText(b cards.Block) string {
	if len(b.Lines) == 0 {
		return ""
	}
	var lines []string
	if b.Heading != "" {
		lines = append(lines, string(b.Heading))
	}
	for _, l := range b.Lines {
		lines = append(lines, string(l.Text))
	}
	return strings.Join(lines, "\n")
}

func controls(c cards.Card, delivery string) []component {
	var rows []component
	for _, s := range c.Selects {
		if len(s.Options) == 0 {
			continue
		}
		selection := component{Type: stringSelect, CustomID: customID(s.Action, delivery), Placeholder: s.Placeholder, Options: options(s.Options)}
		if s.Many {
			selection.MaxValues = len(selection.Options)
		}
		rows = append(rows, component{Type: actionRow, Components: []component{selection}})
	}
	for few := range slices.Chunk(c.Buttons[:min(mostButtons, len(c.Buttons))], mostInRow) {
		row := component{Type: actionRow}
		for _, b := range few {
			const secondary, link = 2, 5
			if b.URL != "" {
				row.Components = append(row.Components, component{Type: button, Style: link, Label: b.Label, URL: b.URL})
				continue
			}
			row.Components = append(row.Components, component{Type: button, Style: secondary, Label: b.Label, CustomID: customID(b.Action, delivery)})
		}
		rows = append(rows, row)
	}
	return rows
}

// attach announces u, which comes with the message, and returns what is said of it.
func (m *message) attach(u upload, about string) string {
	about = cards.Clip(about, 1024)
	m.Attachments = append(m.Attachments, attachment{ID: strconv.Itoa(len(m.files)), Filename: u.name, Description: about})
	m.files = append(m.files, u)
	return about
}

// Discord's bounds of one row, and how many buttons a message has at most: two
// rows of them.
const (
	mostInRow   = 5
	mostOptions = 25
	mostButtons = 2 * mostInRow
)

func customID(action, delivery string) string {
	if delivery == "" {
		return action
	}
	return action + "@" + delivery
}

func options(choices []cards.Choice) []selectOption {
	choices = choices[:min(mostOptions, len(choices))]
	all := make([]selectOption, len(choices))
	for i, c := range choices {
		all[i] = selectOption{Label: c.Label, Value: c.Value, Description: c.Description, Default: c.Chosen}
	}
	return all
}

// modal is what is sent for a form.
type modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

func renderForm(f cards.Form) modal {
	const short, paragraph = 1, 2
	m := modal{CustomID: f.Action, Title: cards.Clip(f.Title, 45)}
	for _, field := range f.Fields {
		required := field.Required
		input := component{Type: textInput, CustomID: field.Name, Style: short, Value: field.Value, Required: &required, MaxLength: field.Most}
		if field.Long {
			input.Style = paragraph
		}
		if len(field.Choices) > 0 {
			input = component{Type: stringSelect, CustomID: field.Name, Options: options(field.Choices), Required: &required}
			if !required {
				input.MinValues = new(int)
			}
			if field.Many {
				input.MaxValues = len(input.Options)
			}
		}
		m.Components = append(m.Components, component{Type: label, Label: field.Label, Description: field.Hint, Component: &input})
	}
	return m
}

// Message is the JSON that Discord gets for a card, as the data of a callback.
func Message(c cards.Card) ([]byte, error) { return json.MarshalIndent(render(c, ""), "", "  ") }
