package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/rest"
)

func (b *bot) heard(e *events.MessageCreate) {
	if !e.Message.Author.Bot {
		say("heard " + e.Message.Content)
	}
}

// judge checks what comes with every interaction.
func (b *bot) judge(i discord.Interaction) {
	b.want("member", i.User().Username, "reader")
	b.want("locale", i.Locale(), discord.LocaleEnglishUS)
	b.want("context", i.Context(), discord.InteractionContextTypeGuild)
	b.want("channel", i.Channel().Name(), "briefings")
	if i.GuildID() == nil || i.Member() == nil || i.AppPermissions() == nil {
		b.miss(fmt.Errorf("server, member and permissions = %v, %v, %v, want all", i.GuildID(), i.Member(), i.AppPermissions()))
		return
	}
	b.want("owner of the installation", i.AuthorizingIntegrationOwners()[discord.ApplicationIntegrationTypeGuildInstall], *i.GuildID())
	b.want("member may write", i.Member().Permissions.Has(discord.PermissionSendMessages), true)
	b.want("bot may attach files", i.AppPermissions().Has(discord.PermissionAttachFiles), true)
}

func (b *bot) autocomplete(e *events.AutocompleteInteractionCreate) {
	b.judge(e)
	b.meet("autocomplete")
	typed := e.Data.String(e.Data.Focused().Name)
	b.miss(e.AutocompleteResult([]discord.AutocompleteChoice{discord.AutocompleteChoiceString{Name: typed + "!", Value: strings.ToUpper(typed)}}))
}

func (b *bot) component(e *events.ComponentInteractionCreate) {
	b.judge(e)
	if e.Data.CustomID() == "press" {
		b.meet("button")
		b.miss(e.UpdateMessage(discord.NewMessageUpdate().WithContent("Pressed").ClearComponents()))
		return
	}
	b.meet("select")
	b.miss(e.CreateMessage(discord.NewMessageCreate().WithContent("Chose " + strings.Join(e.StringSelectMenuInteractionData().Values, ","))))
}

func (b *bot) modal(e *events.ModalSubmitInteractionCreate) {
	b.judge(e)
	b.meet("modal")
	b.miss(e.CreateMessage(discord.NewMessageCreate().WithContent("Form: " + e.Data.Text("value")).WithEphemeral(true)))
}

func (b *bot) command(e *events.ApplicationCommandInteractionCreate) {
	b.judge(e)
	name := e.Data.CommandName()
	b.meet(name)
	answers := map[string]func(*events.ApplicationCommandInteractionCreate) error{
		"greet": greet, "form": form, "slow": b.slow, "upload": b.upload, "read": b.read, "post": b.post, "Quote": quote,
	}
	if err := answers[name](e); err != nil {
		b.miss(fmt.Errorf("answering %s: %w", name, err))
	}
}

func greet(e *events.ApplicationCommandInteractionCreate) error {
	return e.CreateMessage(discord.NewMessageCreate().
		WithContent("Hello " + e.SlashCommandInteractionData().String("name")).
		AddActionRow(discord.NewPrimaryButton("Press", "press")).
		AddActionRow(discord.NewStringSelectMenu("pick", "",
			discord.NewStringSelectMenuOption("Letter A", "a"), discord.NewStringSelectMenuOption("Letter B", "b"))))
}

func form(e *events.ApplicationCommandInteractionCreate) error {
	return e.Modal(discord.NewModalCreate("form", "A form").AddLabel("Value", discord.NewShortTextInput("value")))
}

func (b *bot) slow(e *events.ApplicationCommandInteractionCreate) error {
	if err := e.DeferCreateMessage(false); err != nil {
		return err
	}
	edited, err := b.rest.UpdateInteractionResponse(e.ApplicationID(), e.Token(), discord.NewMessageUpdate().WithContent("Edited"))
	if err != nil {
		return err
	}
	b.want("content after an edit", edited.Content, "Edited")
	b.want("loading after an edit", edited.Flags.Has(discord.MessageFlagLoading), false)
	more, err := b.rest.CreateFollowupMessage(e.ApplicationID(), e.Token(), discord.NewMessageCreate().WithContent("Followed up").WithEphemeral(true))
	if err != nil {
		return err
	}
	say("followed up")
	b.want("follow-up is ephemeral", more.Flags.Has(discord.MessageFlagEphemeral), true)
	reply, err := b.rest.GetInteractionResponse(e.ApplicationID(), e.Token())
	if err != nil {
		return err
	}
	b.want("reply fetched", reply.ID, edited.ID)
	return nil
}

func (b *bot) upload(e *events.ApplicationCommandInteractionCreate) error {
	err := e.CreateMessage(discord.NewMessageCreate().WithContent("Uploaded").AddFile("note.txt", "What a note says", strings.NewReader("a note")))
	if err != nil {
		return err
	}
	reply, err := b.rest.GetInteractionResponse(e.ApplicationID(), e.Token())
	if err != nil {
		return err
	}
	if len(reply.Attachments) != 1 || reply.Attachments[0].Description == nil {
		return fmt.Errorf("attachments = %v, want one with a description", reply.Attachments)
	}
	file := reply.Attachments[0]
	b.want("file", fmt.Sprint(file.Filename, " ", file.Size, " ", *file.Description), "note.txt 6 What a note says")
	resp, err := http.Get(file.URL)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	b.want("file read back", string(text), "a note")
	return err
}

func (b *bot) read(e *events.ApplicationCommandInteractionCreate) error {
	list, err := b.rest.GetMessages(e.Channel().ID(), 0, 0, 0, 10)
	if err != nil {
		return err
	}
	for _, m := range list {
		if !m.Author.Bot {
			return e.CreateMessage(discord.NewMessageCreate().WithContent("Read: " + m.Content))
		}
	}
	return errors.New("no member's message was read")
}

// post tries again after an error of Discord's, which disgo leaves to its user. What
// disgo itself waits for are limits.
func (b *bot) post(e *events.ApplicationCommandInteractionCreate) error {
	if err := e.DeferCreateMessage(false); err != nil {
		return err
	}
	posting := discord.NewMessageCreate().WithContent("Posted")
	posted, err := b.rest.CreateMessage(e.Channel().ID(), posting)
	if failed := new(rest.Error); !errors.As(err, &failed) || failed.Response.StatusCode != http.StatusInternalServerError {
		b.miss(fmt.Errorf("posting while Discord fails: %w, want 500", err))
	} else if posted, err = b.rest.CreateMessage(e.Channel().ID(), posting); err != nil {
		return err
	}
	_, err = b.rest.UpdateInteractionResponse(e.ApplicationID(), e.Token(), discord.NewMessageUpdate().WithContent("Done: "+posted.Content))
	return err
}

func quote(e *events.ApplicationCommandInteractionCreate) error {
	m := e.MessageCommandInteractionData().TargetMessage()
	return e.CreateMessage(discord.NewMessageCreate().WithContent("Quote: " + m.Content + " by " + m.Author.Username).WithEphemeral(true))
}
