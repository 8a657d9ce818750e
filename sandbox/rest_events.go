package sandbox

import (
	"net/http"
	"slices"
	"time"
)

func eventRoutes() []*route {
	const all = "/guilds/{guild.id}/scheduled-events"
	const one = all + "/{guild_scheduled_event.id}"
	return []*route{
		{method: "GET", path: all, serve: locked(listEvents)},
		{method: "POST", path: all, serve: locked(createEvent)},
		{method: "GET", path: one, serve: locked(getEvent)},
		{method: "PATCH", path: one, serve: locked(patchEvent)},
		{method: "DELETE", path: one, serve: locked(deleteEvent)},
	}
}

// Statuses of a scheduled event, by Discord's numbers.
const (
	eventScheduled = 1
	eventActive    = 2
	eventCompleted = 3
	eventCancelled = 4
)

const (
	maxEvents     = 100
	eventExternal = 3
)

// scheduled is an event outside Discord: the sandbox has no voice channels for others.
type scheduled struct {
	ID          string         `json:"id"`
	Guild       string         `json:"guild"`
	Creator     string         `json:"creator"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Location    string         `json:"location"`
	Start       time.Time      `json:"start"`
	End         time.Time      `json:"end"`
	Status      int            `json:"status"`
	Recurrence  map[string]any `json:"recurrence,omitempty"`
}

// at is the event as it stands at a time: events elsewhere start and end by themselves.
func (e scheduled) at(now time.Time) scheduled {
	if e.Status == eventScheduled && !now.Before(e.Start) {
		e.Status = eventActive
	}
	if e.Status == eventActive && !now.Before(e.End) {
		e.Status = eventCompleted
	}
	return e
}

func (e scheduled) over() bool { return e.Status >= eventCompleted }

func (e scheduled) object() map[string]any {
	obj := map[string]any{
		"id": e.ID, "guild_id": e.Guild, "channel_id": nil, "creator_id": e.Creator, "name": e.Name, "description": nil,
		"scheduled_start_time": timeText(e.Start), "scheduled_end_time": timeText(e.End), "privacy_level": 2, "status": e.Status,
		"entity_type": eventExternal, "entity_id": nil, "entity_metadata": map[string]any{"location": e.Location},
		"image": nil, "recurrence_rule": nil, "guild_scheduled_event_exceptions": []any{},
	}
	if e.Description != "" {
		obj["description"] = e.Description
	}
	if e.Recurrence != nil {
		obj["recurrence_rule"] = e.Recurrence
	}
	return obj
}

// eventsOf lists a server's events that aren't over, those first that start first.
func (st *state) eventsOf(guild string) []*scheduled {
	list := []*scheduled{}
	for _, e := range st.events {
		if e.Guild == guild && !e.over() {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b *scheduled) int {
		if d := a.Start.Compare(b.Start); d != 0 {
			return d
		}
		return byAge(a.ID, b.ID)
	})
	return list
}

func (st *state) eventObjects(guild string) []any {
	list := []any{}
	for _, e := range st.eventsOf(guild) {
		list = append(list, e.object())
	}
	return list
}

func listEvents(c *call) (reply, error) {
	c.catchUp()
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	list := []any{}
	for _, e := range c.state.eventsOf(g.ID) {
		list = append(list, c.eventObject(e))
	}
	return ok(list), nil
}

func (c *call) eventObject(e *scheduled) map[string]any {
	obj := e.object()
	if c.r.URL.Query().Get("with_user_count") == "true" {
		obj["user_count"] = 0
	}
	return obj
}

// event finds the event of the path, as it stands now.
func (c *call) event() (*scheduled, error) {
	c.catchUp()
	g, err := c.guild()
	if err != nil {
		return nil, err
	}
	e := c.state.events[c.id("guild_scheduled_event")]
	if e == nil || e.Guild != g.ID {
		return nil, refuse(10070)
	}
	return e, nil
}

func getEvent(c *call) (reply, error) {
	e, err := c.event()
	if err != nil {
		return reply{}, err
	}
	return ok(c.eventObject(e)), nil
}

func eventFields(need bool) []field {
	return []field{
		{name: "name", kind: textValue, min: 1, max: 100, need: need},
		{name: "description", kind: textValue, max: 1000},
		{name: "scheduled_start_time", kind: textValue, need: need, each: judgeTimestamp},
		{name: "scheduled_end_time", kind: textValue, each: judgeTimestamp},
		{name: "privacy_level", kind: wholeValue, min: 2, max: 2, need: need},
		{name: "entity_type", kind: wholeValue, need: need, each: judgeEntity},
		{name: "channel_id", each: func(at *spot, _ any) {
			at.fail("GUILD_SCHEDULED_EVENT_CHANNEL_ID", "An event elsewhere has no channel.")
		}},
		{name: "entity_metadata", kind: objectValue, each: func(at *spot, v any) {
			judge(at, v, []field{{name: "location", kind: textValue, min: 1, max: 100, need: true}})
		}},
		{name: "recurrence_rule", kind: objectValue, each: judgeRecurrence},
		unheld("image"),
	}
}

func judgeEntity(at *spot, v any) {
	if intOf(v) != eventExternal {
		at.fail("SANDBOX_UNSUPPORTED", "The sandbox has no voice channels: an event is of type 3, elsewhere.")
	}
}

func createEvent(c *call) (reply, error) {
	root := &spot{}
	body := judge(root, c.object(), eventFields(true))
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	if !g.inGuild(c.state.install.ID).has(createEvents) {
		return reply{}, refuse(50013)
	}
	e := scheduled{Guild: g.ID, Creator: c.state.install.ID, Status: eventScheduled}
	e.fill(body)
	e.judge(root, c.clock.now())
	if err := root.err(); err != nil {
		return reply{}, err
	}
	if c.catchUp(); len(c.state.eventsOf(g.ID)) >= maxEvents {
		return reply{}, refuse(30038)
	}
	e.ID = c.ids.next()
	return ok(e.object()), c.commit(change{Event: &e})
}

// fill puts a body's fields in place of an event's own.
func (e *scheduled) fill(body map[string]any) {
	for key, into := range map[string]*string{"name": &e.Name, "description": &e.Description} {
		if v, there := body[key]; there {
			*into = textOf(v)
		}
	}
	for key, into := range map[string]*time.Time{"scheduled_start_time": &e.Start, "scheduled_end_time": &e.End} {
		if v, there := body[key]; there {
			*into, _ = time.Parse(time.RFC3339, textOf(v)) // judged already
		}
	}
	if about := objectOf(body["entity_metadata"]); about != nil {
		e.Location = textOf(about["location"])
	}
	if v, there := body["recurrence_rule"]; there {
		e.Recurrence = objectOf(v)
	}
}

// judge checks what needs several fields of the event as it would stand.
func (e *scheduled) judge(root *spot, now time.Time) {
	if root.clean() && e.Location == "" {
		root.at("entity_metadata").fail("BASE_TYPE_REQUIRED", "This field is required")
	}
	if root.clean() && e.End.IsZero() {
		root.at("scheduled_end_time").fail("BASE_TYPE_REQUIRED", "This field is required")
	}
	switch {
	case !root.clean():
	case e.Status == eventScheduled && !e.Start.After(now):
		root.at("scheduled_start_time").fail("GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", "Cannot schedule event in the past.")
	case !e.End.After(e.Start):
		root.at("scheduled_end_time").fail("GUILD_SCHEDULED_EVENT_END_BEFORE_START", "Cannot schedule event to end before it starts.")
	}
}

func patchEvent(c *call) (reply, error) {
	e, err := c.event()
	if err != nil {
		return reply{}, err
	}
	if err := c.mayManage(e); err != nil {
		return reply{}, err
	}
	if e.over() {
		return reply{}, refuse(180000)
	}
	root := &spot{}
	body := judge(root, c.object(), append(eventFields(false), field{name: "status", kind: wholeValue, each: e.judgeStatus}))
	next := *e
	next.fill(body)
	if body["status"] != nil {
		next.Status = intOf(body["status"])
	}
	if !next.over() && (!next.Start.Equal(e.Start) || !next.End.Equal(e.End)) || next.Location == "" {
		next.judge(root, c.clock.now())
	}
	if err := root.err(); err != nil {
		return reply{}, err
	}
	return ok(next.object()), c.commit(change{Event: &next})
}

// judgeStatus lets an event begin or be cancelled, and then end.
func (e scheduled) judgeStatus(at *spot, v any) {
	next := intOf(v)
	switch {
	case next == e.Status:
	case e.Status == eventScheduled && (next == eventActive || next == eventCancelled):
	case e.Status == eventActive && next == eventCompleted:
	default:
		at.fail("TRANSITION_INVALID", "An event of status %d can't become one of status %d.", e.Status, next)
	}
}

// mayManage lets the bot change its own events with the right to make some, and those of
// others with the right to manage all.
func (c *call) mayManage(e *scheduled) error {
	may := c.state.guilds[e.Guild].inGuild(c.state.install.ID)
	if may.has(manageEvents) || e.Creator == c.state.install.ID && may.has(createEvents) {
		return nil
	}
	return refuse(50013)
}

func deleteEvent(c *call) (reply, error) {
	e, err := c.event()
	if err != nil {
		return reply{}, err
	}
	if err := c.mayManage(e); err != nil {
		return reply{}, err
	}
	return reply{http.StatusNoContent, nil}, c.commit(change{Gone: &gone{Guild: e.Guild, Event: e.ID}})
}

// judgeRecurrence takes the rules that Discord's own client makes: yearly, monthly, weekly
// or daily, each with what belongs to it.
func judgeRecurrence(at *spot, v any) {
	weekday := func(at *spot, v any) { field{kind: wholeValue, max: 6}.judge(at, v) }
	obj := judge(at, v, []field{
		{name: "start", kind: textValue, need: true, each: judgeTimestamp},
		{name: "end", kind: textValue, each: judgeTimestamp},
		{name: "frequency", kind: wholeValue, max: 3, need: true},
		{name: "interval", kind: wholeValue, min: 1, max: 2, need: true},
		{name: "by_weekday", kind: listValue, max: 7, unique: true, each: weekday},
		{name: "by_n_weekday", kind: listValue, max: 1, each: func(at *spot, v any) {
			judge(at, v, []field{{name: "n", kind: wholeValue, min: 1, max: 5, need: true}, {name: "day", kind: wholeValue, max: 6, need: true}})
		}},
		{name: "by_month", kind: listValue, max: 1, each: func(at *spot, v any) { field{kind: wholeValue, min: 1, max: 12}.judge(at, v) }},
		{name: "by_month_day", kind: listValue, max: 1, each: func(at *spot, v any) { field{kind: wholeValue, min: 1, max: 31}.judge(at, v) }},
		{name: "by_year_day", kind: listValue, max: 0},
		{name: "count", kind: wholeValue},
	})
	kinds := map[string]int{"by_month": 0, "by_month_day": 0, "by_n_weekday": 1}
	for key, frequency := range kinds {
		if !blank(obj[key]) && intOf(obj["frequency"]) != frequency {
			at.at(key).fail("GUILD_SCHEDULED_EVENT_RECURRENCE_INVALID", "%s doesn't go with frequency %d.", key, intOf(obj["frequency"]))
		}
	}
	if intOf(obj["interval"]) == 2 && intOf(obj["frequency"]) != 2 {
		at.at("interval").fail("GUILD_SCHEDULED_EVENT_RECURRENCE_INVALID", "Only a weekly event may be every other time.")
	}
}
