package sandbox

import (
	"testing"
	"time"
)

func TestPermissionsIn(t *testing.T) {
	t.Parallel()
	now := time.Now()
	g := &guild{ID: "1", Owner: "owner", Roles: []role{
		{ID: "1", Permissions: viewChannel | sendMessages | embedLinks | readHistory},
		{ID: "2", Permissions: manageMessages},
		{ID: "3", Permissions: administrator},
		{ID: "4"},
	}, Members: []member{
		{User: "owner"},
		{User: "plain"},
		{User: "mod", Roles: []string{"2"}},
		{User: "root", Roles: []string{"3"}},
		{User: "two", Roles: []string{"2", "4"}},
		{User: "silenced", Roles: []string{"2"}, Timeout: now.Add(time.Hour)},
		{User: "free", Timeout: now.Add(-time.Hour)},
	}}
	all := viewChannel | sendMessages | embedLinks | readHistory
	hidden := []overwrite{{ID: "1", Type: overwriteRole, Deny: viewChannel}, {ID: "2", Type: overwriteRole, Allow: viewChannel}}
	for _, tt := range []struct {
		name, user string
		overwrites []overwrite
		want       permissions
	}{
		{"roles alone", "plain", nil, all},
		{"summed roles", "mod", nil, all | manageMessages},
		{"owner", "owner", hidden, everyPermission},
		{"administrator", "root", hidden, everyPermission},
		{"stranger", "nobody", nil, 0},
		{"hidden", "plain", hidden, 0},
		{"let in by a role", "mod", hidden, all | manageMessages},
		{"one role denies, another allows", "two", append(hidden, overwrite{ID: "4", Deny: viewChannel}), all | manageMessages},
		{"own overwrite is last", "mod", append(hidden, overwrite{ID: "mod", Type: overwriteMember, Deny: viewChannel}), 0},
		{"no sending means no embeds", "plain", []overwrite{{ID: "1", Deny: sendMessages}}, viewChannel | readHistory},
		{"timed out", "silenced", nil, viewChannel | readHistory},
		{"timeout over", "free", nil, all},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := g.in(&channel{Guild: "1", Overwrites: tt.overwrites}, tt.user, now); got != tt.want {
				t.Errorf("permissions = %b, want %b", got, tt.want)
			}
		})
	}
}

func TestFreshServer(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{})
	for _, tt := range []struct {
		channel, user string
		want          bool
	}{
		{"briefings", "reader", true},
		{"moderators", "reader", false},
		{"moderators", "moderator", true},
		{"moderators", "second-moderator", true},
		{"moderators", "admin", true},
		{"moderators", "sitrep", true},
	} {
		status, got := s.send("GET", "/sandbox/channels/"+tt.channel+"/messages?as="+tt.user, "", nil)
		if (status == 200) != tt.want {
			t.Errorf("%s reads %s: %d %v, want %t", tt.user, tt.channel, status, got, tt.want)
		}
	}
}
