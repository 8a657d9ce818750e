package sandbox

import (
	"fmt"
	"testing"
	"time"
)

// soon is a time so many hours after the sandbox's start.
func soon(hours int) string {
	return freshStart().Add(time.Duration(hours) * time.Hour).Format(time.RFC3339)
}

func outing(pairs ...any) obj {
	return with(obj{
		"name": "Summit", "scheduled_start_time": soon(24), "scheduled_end_time": soon(30), "privacy_level": 2,
		"entity_type": 3, "entity_metadata": obj{"location": "Geneva"},
	}, pairs...)
}

func eventCourt() court {
	weekly := func(pairs ...any) obj {
		return outing("recurrence_rule", with(obj{"start": soon(24), "frequency": 2, "interval": 1, "by_weekday": list{2}}, pairs...))
	}
	return court{
		request: "POST /guilds/1/scheduled-events", status: 200,
		path: func(s *stand) string {
			s.grant(createEvents)
			return "/guilds/" + s.guildID() + "/scheduled-events"
		},
		rulings: []ruling{
			{name: "a name of 100", body: outing("name", letters(100))},
			{name: "a name of 101", body: outing("name", letters(101)), want: []string{"name BASE_TYPE_BAD_LENGTH"}},
			{name: "no name", body: without(outing(), "name"), want: []string{"name BASE_TYPE_REQUIRED"}},
			{name: "a description of 1000", body: outing("description", letters(1000))},
			{name: "a description of 1001", body: outing("description", letters(1001)), want: []string{"description BASE_TYPE_MAX_LENGTH"}},
			{name: "a place of 100", body: outing("entity_metadata", obj{"location": letters(100)})},
			{name: "a place of 101", body: outing("entity_metadata", obj{"location": letters(101)}), want: []string{"entity_metadata.location BASE_TYPE_BAD_LENGTH"}},
			{name: "no place", body: without(outing(), "entity_metadata"), want: []string{"entity_metadata BASE_TYPE_REQUIRED"}},
			{name: "a place without a name", body: outing("entity_metadata", obj{}), want: []string{"entity_metadata.location BASE_TYPE_REQUIRED"}},
			{name: "no end", body: without(outing(), "scheduled_end_time"), want: []string{"scheduled_end_time BASE_TYPE_REQUIRED"}, alone: docsOnly},
			{name: "an end at its start", body: outing("scheduled_end_time", soon(24)), want: []string{"scheduled_end_time GUILD_SCHEDULED_EVENT_END_BEFORE_START"}, alone: docsOnly},
			{name: "a start in the past", body: outing("scheduled_start_time", soon(-1)), want: []string{"scheduled_start_time GUILD_SCHEDULED_EVENT_SCHEDULE_PAST"}, alone: "the description knows no clock"},
			{name: "a start that is no time", body: outing("scheduled_start_time", "soon"), want: []string{"scheduled_start_time DATE_TIME_TYPE_PARSE"}},
			{name: "for everybody", body: outing("privacy_level", 1), want: []string{"privacy_level NUMBER_TYPE_MIN"}},
			{name: "no privacy", body: without(outing(), "privacy_level"), want: []string{"privacy_level BASE_TYPE_REQUIRED"}},
			{name: "in a channel", body: outing("channel_id", "1"), want: []string{"channel_id GUILD_SCHEDULED_EVENT_CHANNEL_ID"}, alone: docsOnly},
			{name: "in a channel that is none", body: outing("channel_id", nil)},
			{name: "on a stage", body: outing("entity_type", 1), want: []string{"entity_type SANDBOX_UNSUPPORTED"}, alone: "the sandbox has no stages"},
			{name: "weekly", body: weekly()},
			{name: "every other week", body: weekly("interval", 2)},
			{name: "every third week", body: weekly("interval", 3), want: []string{"recurrence_rule.interval NUMBER_TYPE_MAX"}, alone: docsOnly},
			{name: "every other day", body: weekly("interval", 2, "frequency", 3), want: []string{"recurrence_rule.interval GUILD_SCHEDULED_EVENT_RECURRENCE_INVALID"}, alone: docsOnly},
			{name: "weekly on the first Monday of a month", body: weekly("by_n_weekday", list{obj{"n": 1, "day": 0}}), want: []string{"recurrence_rule.by_n_weekday GUILD_SCHEDULED_EVENT_RECURRENCE_INVALID"}, alone: docsOnly},
			{name: "on an eighth day of the week", body: weekly("by_weekday", list{7}), want: []string{"recurrence_rule.by_weekday.0 NUMBER_TYPE_MAX"}},
			{name: "a picture", body: outing("image", "x"), want: []string{"image SANDBOX_UNSUPPORTED"}, alone: "the sandbox keeps no pictures of events"},
			{name: "a misspelt key", body: outing("location", "Geneva"), want: []string{"location UNKNOWN_KEY"}},
		},
	}
}

func TestEventRules(t *testing.T) {
	t.Parallel()
	eventCourt().hold(t)
}

func TestEventsLive(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	w, _ := s.connect(intentGuilds | intentScheduled)
	path := "/guilds/" + s.guildID() + "/scheduled-events"
	s.walk(step{"without the right", "POST", path, outing(), 403, 50013})
	s.grant(manageEvents)
	s.walk(step{"with the right to manage alone", "POST", path, outing(), 403, 50013})
	s.grant(createEvents)
	made := s.walk(step{"an event", "POST", path, outing(), 200, 0})
	one := path + "/" + textOf(made["id"])
	if told := objectOf(w.until("GUILD_SCHEDULED_EVENT_CREATE", opDispatch)["d"]); told["id"] != made["id"] || told["status"] != 1.0 {
		t.Errorf("told %v, want the event", told)
	}
	got := s.walk(
		step{"of another server", "GET", "/guilds/1/scheduled-events", nil, 404, 10004},
		step{"none", "GET", path + "/1", nil, 404, 10070},
		step{"over before it began", "PATCH", one, obj{"status": eventCompleted}, 400, 50035},
		step{"an empty name", "PATCH", one, obj{"name": ""}, 400, 50035},
		step{"an end before the start", "PATCH", one, obj{"scheduled_end_time": soon(1)}, 400, 50035},
		step{"another name", "PATCH", one, obj{"name": "Talks", "description": "In Geneva"}, 200, 0},
		step{"all", "GET", path + "?with_user_count=true", nil, 200, 0},
	)
	if all := listOf(got["list"]); len(all) != 1 || objectOf(all[0])["name"] != "Talks" || objectOf(all[0])["user_count"] != 0.0 {
		t.Errorf("all = %v, want the one", all)
	}
	s.control("POST", "clock", obj{"advance": "25h"})
	if got := s.walk(step{"after its start", "GET", one, nil, 200, 0}); got["status"] != float64(eventActive) {
		t.Errorf("the event = %v, want it active", got)
	}
	s.walk(step{"cancelled while it goes on", "PATCH", one, obj{"status": eventCancelled}, 400, 50035})
	s.control("POST", "clock", obj{"advance": "6h"})
	s.walk(step{"changed after its end", "PATCH", one, obj{"name": "x"}, 400, 180000})
	if got := s.walk(step{"all", "GET", path, nil, 200, 0}); len(listOf(got["list"])) != 0 {
		t.Errorf("all = %v, want none", got)
	}
	s.grant(0)
	s.walk(step{"deleted without the right", "DELETE", one, nil, 403, 50013})
	s.grant(manageEvents)
	s.walk(step{"deleted", "DELETE", one, nil, 204, 0}, step{"looked for", "GET", one, nil, 404, 10070})
	if told := objectOf(w.until("GUILD_SCHEDULED_EVENT_DELETE", opDispatch)["d"]); told["id"] != made["id"] {
		t.Errorf("told %v, want that it's gone", told)
	}
}

func TestHundredEvents(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newStand(t, Options{Dir: dir, Limits: unlimited()})
	s.grant(createEvents)
	path := "/guilds/" + s.guildID() + "/scheduled-events"
	first := textOf(s.walk(step{"the first", "POST", path, outing(), 200, 0})["id"])
	for i := range maxEvents - 1 {
		s.walk(step{fmt.Sprint(i), "POST", path, outing(), 200, 0})
	}
	s.walk(
		step{"one more", "POST", path, outing(), 400, 30038},
		step{"one cancelled", "PATCH", path + "/" + first, obj{"status": eventCancelled}, 200, 0},
		step{"one more in its place", "POST", path, outing(), 200, 0},
	)
	for range 2 { // the second reads what the first wrote anew
		dir = killed(t, dir, "")
		again := newStand(t, Options{Dir: dir, Limits: unlimited()})
		if got := again.walk(step{"after a restart", "GET", path, nil, 200, 0}); len(listOf(got["list"])) != maxEvents {
			t.Errorf("%d events after a restart, want %d", len(listOf(got["list"])), maxEvents)
		}
	}
}
