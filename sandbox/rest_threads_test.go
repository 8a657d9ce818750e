package sandbox

import (
	"slices"
	"testing"
)

// step is one request of the bot's, and what it is answered.
type step struct {
	name, method, path string
	body               any
	status, code       int
}

// walk takes steps one after the other and returns the last answer.
func (s *stand) walk(steps ...step) obj {
	s.t.Helper()
	var got obj
	for _, p := range steps {
		status := 0
		status, got = s.bot(p.method, p.path, p.body)
		if status != p.status || codeOf(got) != p.code {
			s.t.Errorf("%s: %s %s answered %d %v, want %d with code %d", p.name, p.method, p.path, status, got, p.status, p.code)
		}
	}
	return got
}

// grant sets what the bot's own role allows, in the server.
func (s *stand) grant(bits permissions) {
	s.t.Helper()
	s.control("PATCH", "guilds/Briefing Room", obj{"roles": list{obj{"role": "sitrep", "permissions": (botInvited | bits).String()}}})
}

// withhold sets what everybody in the server may do without the bits.
func (s *stand) withhold(bits permissions) {
	s.t.Helper()
	s.control("PATCH", "guilds/Briefing Room", obj{"roles": list{obj{"role": "@everyone", "permissions": (memberDefaults &^ bits).String()}}})
}

func TestThreadFromMessage(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	w, _ := s.connect(intentGuilds)
	path := digestMessages(s)
	m := textOf(s.walk(step{"posting", "POST", path, obj{"content": "the digest"}, 200, 0})["id"])
	started := s.walk(
		step{"a thread without a name", "POST", path + "/" + m + "/threads", obj{}, 400, 50035},
		step{"a thread of nothing", "POST", path + "/1/threads", obj{"name": "x"}, 404, 10008},
		step{"a thread", "POST", path + "/" + m + "/threads", obj{"name": "Questions", "auto_archive_duration": 60}, 201, 0},
	)
	if started["id"] != m || started["type"] != float64(threadPublic) || started["parent_id"] != s.channelID("digests") {
		t.Errorf("the thread = %v, want a public one with the message's id under the channel", started)
	}
	if told := objectOf(w.until("THREAD_CREATE", opDispatch)["d"]); told["id"] != m || told["newly_created"] != true {
		t.Errorf("told %v, want the thread as new", told)
	}
	got := s.walk(
		step{"a second thread", "POST", path + "/" + m + "/threads", obj{"name": "x"}, 400, 160004},
		step{"a thread in a thread", "POST", "/channels/" + m + "/threads", obj{"name": "x", "type": 11}, 400, 50024},
		step{"writing in it", "POST", "/channels/" + m + "/messages", obj{"content": "an answer"}, 200, 0},
		step{"the message", "GET", path + "/" + m, nil, 200, 0},
	)
	if inner := objectOf(got["thread"]); intOf(got["flags"])&flagHasThread == 0 || inner["name"] != "Questions" || inner["message_count"] != 1.0 {
		t.Errorf("the message = %v, want it to have its thread", got)
	}
	active := s.walk(step{"the active ones", "GET", "/guilds/" + s.guildID() + "/threads/active", nil, 200, 0})
	if len(listOf(active["threads"])) != 1 || len(listOf(active["members"])) != 1 {
		t.Errorf("active = %v, want the thread with the bot in it", active)
	}
	if channels := s.walk(step{"the channels", "GET", "/guilds/" + s.guildID() + "/channels", nil, 200, 0}); len(listOf(channels["list"])) != 3 {
		t.Errorf("channels = %v, want no thread among them", channels)
	}
	s.walk(
		step{"deleting it without the right", "DELETE", "/channels/" + m, nil, 403, 50013},
		step{"deleting its channel without the right", "DELETE", "/channels/" + s.channelID("digests"), nil, 403, 50013},
	)
	s.grant(manageThreads | manageChannels)
	s.walk(step{"deleting it", "DELETE", "/channels/" + m, nil, 200, 0}, step{"looking for it", "GET", "/channels/" + m, nil, 404, 10003})
	if told := objectOf(w.until("THREAD_DELETE", opDispatch)["d"]); told["id"] != m {
		t.Errorf("told %v, want that the thread is gone", told)
	}
}

func TestThreadIsPutAwayAndTakenOut(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	thread := textOf(s.walk(step{"starting", "POST", "/channels/" + s.channelID("digests") + "/threads", obj{"name": "Talk", "type": 11}, 201, 0})["id"])
	path := "/channels/" + thread
	m := textOf(s.walk(step{"writing", "POST", path + "/messages", obj{"content": "x"}, 200, 0})["id"])
	archived := func(want bool) {
		t.Helper()
		got := s.walk(step{"looking", "GET", path, nil, 200, 0})
		if about := objectOf(got["thread_metadata"]); about["archived"] != want {
			t.Errorf("the thread is %v, want archived %t", about, want)
		}
	}
	s.walk(
		step{"putting it away", "PATCH", path, obj{"archived": true}, 200, 0},
		step{"editing in it", "PATCH", path + "/messages/" + m, obj{"content": "y"}, 400, 50083},
		step{"renaming it", "PATCH", path, obj{"name": "y"}, 400, 50083},
		step{"leaving it", "DELETE", path + "/thread-members/@me", nil, 400, 50083},
	)
	archived(true)
	listed := s.walk(step{"the archived ones", "GET", "/channels/" + s.channelID("digests") + "/threads/archived/public", nil, 200, 0})
	if len(listOf(listed["threads"])) != 1 {
		t.Errorf("archived = %v, want one", listed)
	}
	s.walk(step{"writing in it", "POST", path + "/messages", obj{"content": "again"}, 200, 0})
	archived(false)
	s.walk(
		step{"locking it without the right", "PATCH", path, obj{"locked": true}, 403, 50013},
		step{"slowing it without the right", "PATCH", path, obj{"rate_limit_per_user": 5}, 403, 50013},
		step{"its starter renames it", "PATCH", path, obj{"name": "Talks"}, 200, 0},
	)
	s.grant(manageThreads)
	s.walk(
		step{"locking it", "PATCH", path, obj{"locked": true, "archived": true, "rate_limit_per_user": 5, "auto_archive_duration": 10080}, 200, 0},
		step{"writing with the right", "POST", path + "/messages", obj{"content": "z"}, 200, 0},
	)
	s.grant(0)
	s.walk(
		step{"writing in a locked one", "POST", path + "/messages", obj{"content": "z"}, 400, 160005},
		step{"opening a locked one", "PATCH", path, obj{"archived": false}, 403, 50013},
	)
	if status, got := s.send("POST", "/sandbox/channels/"+thread+"/messages", "", obj{"user": "reader", "content": "Hi"}); status != 400 || got["field"] != "channel" {
		t.Errorf("a member writes in a locked thread: %d %v, want it refused", status, got)
	}
	s.control("POST", "clock", obj{"advance": "167h"})
	archived(false)
	s.control("POST", "clock", obj{"advance": "2h"})
	archived(true)
}

func TestThreadPermissions(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	s.control("PATCH", "guilds/Briefing Room", obj{"channels": list{obj{"channel": "news", "type": 5}}})
	digests, news := "/channels/"+s.channelID("digests"), "/channels/"+s.channelID("news")
	public := textOf(s.walk(
		step{"a private one in an announcement channel", "POST", news + "/threads", obj{"name": "x"}, 400, 50035},
		step{"a public one in an announcement channel", "POST", news + "/threads", obj{"name": "x", "type": 11}, 400, 50035},
		step{"one of announcements", "POST", news + "/threads", obj{"name": "x", "type": 10}, 201, 0},
		step{"a public one", "POST", digests + "/threads", obj{"name": "x", "type": 11}, 201, 0},
	)["id"])
	private := s.walk(step{"a private one, as usual", "POST", digests + "/threads", obj{"name": "hidden", "invitable": false}, 201, 0})
	if private["type"] != float64(threadPrivate) || objectOf(private["thread_metadata"])["invitable"] != false {
		t.Errorf("the thread = %v, want a private one that nobody may be invited to", private)
	}
	s.withhold(sendMessages)
	s.grant(0)
	s.control("PATCH", "guilds/Briefing Room", obj{"roles": list{obj{"role": "sitrep", "permissions": (botInvited &^ sendMessages).String()}}})
	s.walk(
		step{"the channel without SEND_MESSAGES", "POST", digests + "/messages", obj{"content": "x"}, 403, 50013},
		step{"the thread without SEND_MESSAGES", "POST", "/channels/" + public + "/messages", obj{"content": "x"}, 200, 0},
	)
	s.withhold(sendInThreads | createPublicThreads | createPrivateThreads)
	s.grant(0)
	m := textOf(s.walk(step{"the channel", "POST", digests + "/messages", obj{"content": "x"}, 200, 0})["id"])
	s.walk(
		step{"the thread without SEND_MESSAGES_IN_THREADS", "POST", "/channels/" + public + "/messages", obj{"content": "x"}, 403, 50013},
		step{"typing in the thread", "POST", "/channels/" + public + "/typing", nil, 403, 50013},
		step{"typing in the channel", "POST", digests + "/typing", nil, 204, 0},
		step{"starting from a message", "POST", digests + "/messages/" + m + "/threads", obj{"name": "x"}, 403, 50013},
		step{"starting a public one", "POST", digests + "/threads", obj{"name": "x", "type": 11}, 403, 50013},
		step{"starting a private one", "POST", digests + "/threads", obj{"name": "x"}, 403, 50013},
	)
	s.withhold(0)
	hidden := textOf(private["id"])
	s.walk(
		step{"members", "GET", "/channels/" + hidden + "/thread-members", nil, 200, 0},
		step{"members of a channel", "GET", digests + "/thread-members", nil, 400, 50024},
		step{"leaving", "DELETE", "/channels/" + hidden + "/thread-members/@me", nil, 204, 0},
		step{"a private one that it left", "GET", "/channels/" + hidden, nil, 403, 50001},
		step{"joining a public one again", "PUT", "/channels/" + public + "/thread-members/@me", nil, 204, 0},
	)
	if status, _ := s.send("GET", "/sandbox/channels/"+hidden+"/messages?as=reader", "", nil); status != 400 {
		t.Errorf("a member looked into a private thread: %d", status)
	}
	active := s.walk(step{"the active ones", "GET", "/guilds/" + s.guildID() + "/threads/active", nil, 200, 0})
	if slices.ContainsFunc(listOf(active["threads"]), func(v any) bool { return objectOf(v)["id"] == hidden }) {
		t.Errorf("active = %v, want nothing of the private thread", active)
	}
}

// Threads outlive the process, and show under their channels.
func TestThreadsOverRestarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newStand(t, Options{Dir: dir, Limits: unlimited()})
	thread := textOf(s.walk(step{"starting", "POST", "/channels/" + s.channelID("digests") + "/threads", obj{"name": "Talk", "type": 11}, 201, 0})["id"])
	s.walk(step{"writing", "POST", "/channels/" + thread + "/messages", obj{"content": "x"}, 200, 0})
	want := s.snapshot()
	again := newStand(t, Options{Dir: killed(t, dir, ""), Limits: unlimited()})
	if got := again.snapshot(); got != want {
		t.Errorf("after a restart:\n got %s\nwant %s", got, want)
	}
	if threads := listOf(again.room()["threads"]); len(threads) != 1 || objectOf(threads[0])["name"] != "Talk" {
		t.Errorf("threads = %v, want the one", threads)
	}
	_, ready := again.connect(intentGuilds)
	if ready["session_id"] == nil {
		t.Errorf("READY = %v", ready)
	}
	if got := again.control("GET", "channels/Talk/messages?as=reader", nil)["messages"].(list); len(got) != 1 {
		t.Errorf("messages in the thread = %v, want one", got)
	}
}

func threadCourt() court {
	thread := func(pairs ...any) obj { return with(obj{"name": "x", "type": 11}, pairs...) }
	return court{
		request: "POST /channels/1/threads", status: 201, path: func(s *stand) string { return "/channels/" + s.channelID("digests") + "/threads" },
		rulings: []ruling{
			{name: "a name of 100", body: thread("name", letters(100))},
			{name: "a name of 101", body: thread("name", letters(101)), want: []string{"name BASE_TYPE_BAD_LENGTH"}},
			{name: "no name", body: without(thread(), "name"), want: []string{"name BASE_TYPE_REQUIRED"}},
			{name: "an empty name", body: thread("name", ""), want: []string{"name BASE_TYPE_REQUIRED"}},
			{name: "a week", body: thread("auto_archive_duration", 10080)},
			{name: "two hours", body: thread("auto_archive_duration", 120), want: []string{"auto_archive_duration BASE_TYPE_CHOICES"}},
			{name: "six hours between messages", body: thread("rate_limit_per_user", 21600)},
			{name: "a second more", body: thread("rate_limit_per_user", 21601), want: []string{"rate_limit_per_user NUMBER_TYPE_MAX"}},
			{name: "of announcements in a channel of text", body: thread("type", 10), want: []string{"type BASE_TYPE_CHOICES"}, alone: "the description doesn't know the channel"},
			{name: "a type that is no thread's", body: thread("type", 5), want: []string{"type BASE_TYPE_CHOICES"}},
			{name: "a misspelt key", body: thread("archive", 60), want: []string{"archive UNKNOWN_KEY"}},
		},
	}
}

func TestThreadRules(t *testing.T) {
	t.Parallel()
	threadCourt().hold(t)
}

func TestChannelsAreChanged(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	path := "/channels/" + s.channelID("digests")
	dm := textOf(s.walk(step{"a direct message", "POST", "/users/@me/channels", obj{"recipient_id": s.userID("reader")}, 200, 0})["id"])
	s.walk(
		step{"without the right", "PATCH", path, obj{"name": "news"}, 403, 50013},
		step{"a direct message", "PATCH", "/channels/" + dm, obj{"name": "news"}, 400, 50024},
		step{"deleting a direct message", "DELETE", "/channels/" + dm, nil, 403, 50003},
		step{"none", "PATCH", "/channels/1", obj{"name": "news"}, 404, 10003},
	)
	s.grant(manageChannels)
	got := s.walk(
		step{"a name of 101", "PATCH", path, obj{"name": letters(101)}, 400, 50035},
		step{"a voice channel", "PATCH", path, obj{"type": 2}, 400, 50035},
		step{"a topic", "PATCH", path, obj{"topic": "x"}, 400, 50035},
		step{"a misspelt key", "PATCH", path, obj{"names": "x"}, 400, 50035},
		step{"a name of 100", "PATCH", path, obj{"name": letters(100)}, 200, 0},
		step{"a second name, a type, a place and a pause", "PATCH", path, obj{"name": "news", "type": 5, "position": 9, "rate_limit_per_user": 3}, 200, 0},
		step{"a third name", "PATCH", path, obj{"name": "more"}, 429, 0},
		step{"the same name", "PATCH", path, obj{"name": "news"}, 200, 0},
	)
	if got["name"] != "news" || got["type"] != 5.0 || got["position"] != 9.0 || got["rate_limit_per_user"] != 3.0 {
		t.Errorf("the channel = %v", got)
	}
	s.walk(step{"deleting it", "DELETE", path, nil, 200, 0}, step{"looking for it", "GET", path, nil, 404, 10003})
}
