package sandbox

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// freshStart is the sandbox's time when it is started on an empty folder.
func freshStart() time.Time { return time.Date(2026, time.January, 19, 6, 0, 0, 0, time.UTC) }

// fresh makes the credentials, the people and the one server of an empty sandbox.
func (s *Sandbox) fresh(now time.Time) ([]change, error) {
	keys, err := s.freshInstall()
	if err != nil {
		return nil, err
	}
	list := []change{{Install: keys}, {User: &user{ID: keys.ID, Username: "sitrep", Bot: true}}}
	var people []*user
	for _, name := range []string{"reader", "moderator", "second-moderator", "admin", "owner"} {
		u := &user{ID: s.ids.next(), Username: name}
		people = append(people, u)
		list = append(list, change{User: u})
	}
	return append(list, s.freshGuild("Briefing Room", now, keys.ID, people)...), nil
}

// freshInstall makes a token of Discord's form, whose first part is the application's id;
// clients read the id out of it.
func (s *Sandbox) freshInstall() (*install, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("sandbox: making the signing key: %w", err)
	}
	id := s.ids.next()
	parts := []string{
		base64.RawURLEncoding.EncodeToString([]byte(id)),
		rand.Text()[:6],
		rand.Text() + rand.Text()[:12],
	}
	return &install{
		Token:      strings.Join(parts, "."),
		ID:         id,
		PublicKey:  hex.EncodeToString(public),
		PrivateKey: hex.EncodeToString(private.Seed()),
	}, nil
}

// freshGuild makes a server with the usual channels and roles. people are reader,
// moderator, second-moderator, admin and owner, in this order.
func (s *Sandbox) freshGuild(name string, now time.Time, bot string, people []*user) []change {
	g := &guild{ID: s.ids.next(), Name: name, Owner: people[len(people)-1].ID}
	botRole := role{ID: s.ids.next(), Name: "sitrep", Permissions: botInvited, Position: 1, Managed: true}
	moderators := role{ID: s.ids.next(), Name: "Moderator", Permissions: manageMessages, Position: 2}
	admins := role{ID: s.ids.next(), Name: "Admin", Permissions: manageGuild | manageMessages, Position: 3}
	g.Roles = []role{{ID: g.ID, Name: "@everyone", Permissions: memberDefaults}, botRole, moderators, admins}
	held := [][]string{{}, {moderators.ID}, {moderators.ID}, {admins.ID}, {}}
	for i, u := range people {
		g.Members = append(g.Members, member{User: u.ID, Roles: held[i], Joined: now})
	}
	g.Members = append(g.Members, member{User: bot, Roles: []string{botRole.ID}, Joined: now})
	list := []change{{Guild: g}}
	for i, name := range []string{"briefings", "digests", "moderators"} {
		c := &channel{ID: s.ids.next(), Guild: g.ID, Name: name, Position: i}
		if name == "moderators" {
			c.Overwrites = privateTo(g.ID, moderators.ID, admins.ID, botRole.ID)
		}
		list = append(list, change{Channel: c})
	}
	return list
}

// privateTo hides a channel from everyone but the holders of the roles.
func privateTo(guild string, roles ...string) []overwrite {
	list := []overwrite{{ID: guild, Type: overwriteRole, Deny: viewChannel}}
	for _, id := range roles {
		list = append(list, overwrite{ID: id, Type: overwriteRole, Allow: viewChannel})
	}
	return list
}
