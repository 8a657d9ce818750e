package sandbox

import "testing"

const (
	docsOnly  = "the description lets more pass than the documentation"
	noValues  = "the description doesn't say which values a set of bits may hold"
	noFiles   = "the description doesn't know which files came along"
	noEmpty   = "the description doesn't see that nothing would show"
	tolerated = "clients send it, and Discord is known to take it"
)

func messageCourt() court {
	said := func(pairs ...any) obj { return with(obj{"content": "x"}, pairs...) }
	ids := func(n int) list { return many(n, func(i int) any { return letterless(i) }) }
	return court{
		request: "POST /channels/1/messages", status: 200, path: digestMessages,
		rulings: []ruling{
			{name: "content of 2000", body: obj{"content": letters(2000)}},
			{name: "content of 2001", body: obj{"content": letters(2001)}, want: []string{"content BASE_TYPE_MAX_LENGTH"}},
			{name: "2000 between spaces", body: obj{"content": " " + letters(2000) + "\n"}, alone: "Discord counts what is left after trimming"},
			{name: "content that is a number", body: obj{"content": 5}, want: []string{"content STRING_TYPE_CONVERT"}},
			{name: "nothing", body: obj{}, want: []string{"50006"}},
			{name: "spaces alone", body: obj{"content": " \n\t"}, want: []string{"50006"}},
			{name: "empty lists", body: obj{"content": "", "embeds": list{}, "components": list{}, "attachments": list{}}, want: []string{"50006"}},
			{name: "V2 without components", body: obj{"flags": flagV2}, want: []string{"50006"}},
			{name: "what clients send empty", body: said("embeds", nil, "components", nil, "attachments", list{}, "tts", false)},
			{name: "a misspelt key", body: said("contnet", "x"), want: []string{"contnet UNKNOWN_KEY"}},
			{name: "several faults at once", body: obj{"content": 5, "tts": "yes", "embeds": list{obj{"title": letters(257), "colour": 1}}}, want: []string{
				"content STRING_TYPE_CONVERT", "embeds.0.colour UNKNOWN_KEY", "embeds.0.title BASE_TYPE_MAX_LENGTH", "tts BOOLEAN_TYPE_CONVERT",
			}},
			{name: "a poll", body: said("poll", obj{}), want: []string{"poll SANDBOX_UNSUPPORTED"}},

			{name: "without previews and without a sound", body: said("flags", flagSuppressEmbeds|flagSilent)},
			{name: "crossposted", body: said("flags", 1), want: []string{"flags MESSAGE_FLAGS_INVALID"}, alone: noValues},
			{name: "loading", body: said("flags", flagLoading), want: []string{"flags MESSAGE_FLAGS_INVALID"}, alone: noValues},
			{name: "ephemeral outside an interaction", body: said("flags", flagEphemeral), want: []string{"flags MESSAGE_FLAGS_INVALID"}},
			{name: "flags as text", body: said("flags", "4"), want: []string{"flags NUMBER_TYPE_COERCE"}},
			{name: "half a flag", body: said("flags", 4.5), want: []string{"flags NUMBER_TYPE_COERCE"}},

			{name: "nonce of 25", body: said("nonce", letters(25), "enforce_nonce", true)},
			{name: "nonce of 26", body: said("nonce", letters(26)), want: []string{"nonce BASE_TYPE_MAX_LENGTH"}},
			{name: "a number for a nonce", body: said("nonce", 1234567890123)},
			{name: "a fraction for a nonce", body: said("nonce", 1.5), want: []string{"nonce NONCE_TYPE_INVALID"}},
			{name: "a list for a nonce", body: said("nonce", list{}), want: []string{"nonce NONCE_TYPE_INVALID"}},
			{name: "enforced by a word", body: said("enforce_nonce", "yes"), want: []string{"enforce_nonce BOOLEAN_TYPE_CONVERT"}},

			{name: "nobody is mentioned", body: said("allowed_mentions", obj{"parse": list{}})},
			{name: "every kind of mention", body: said("allowed_mentions", obj{"parse": list{"users", "roles", "everyone"}, "replied_user": false})},
			{name: "a kind that doesn't exist", body: said("allowed_mentions", obj{"parse": list{"channels"}}), want: []string{"allowed_mentions.parse.0 BASE_TYPE_CHOICES"}},
			{name: "a kind twice", body: said("allowed_mentions", obj{"parse": list{"users", "users"}}), want: []string{"allowed_mentions.parse.1 SET_TYPE_ALREADY_CONTAINS_VALUE"}},
			{name: "100 users", body: said("allowed_mentions", obj{"users": ids(100)})},
			{name: "101 users", body: said("allowed_mentions", obj{"users": ids(101)}), want: []string{"allowed_mentions.users BASE_TYPE_MAX_LENGTH"}},
			{name: "100 roles", body: said("allowed_mentions", obj{"roles": ids(100)})},
			{name: "101 roles", body: said("allowed_mentions", obj{"roles": ids(101)}), want: []string{"allowed_mentions.roles BASE_TYPE_MAX_LENGTH"}},
			{name: "a name for a user", body: said("allowed_mentions", obj{"users": list{"reader"}}), want: []string{"allowed_mentions.users.0 NUMBER_TYPE_COERCE"}},
			{name: "all users and one", body: said("allowed_mentions", obj{"parse": list{"users"}, "users": list{"123"}}), want: []string{"allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"}},
			{name: "all roles and one", body: said("allowed_mentions", obj{"parse": list{"roles"}, "roles": list{"123"}}), want: []string{"allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"}},
			{name: "all users and one role", body: said("allowed_mentions", obj{"parse": list{"users"}, "roles": list{"123"}})},
			{name: "an unknown rule of mentions", body: said("allowed_mentions", obj{"prase": list{}}), want: []string{"allowed_mentions.prase UNKNOWN_KEY"}},

			{name: "a file that wasn't sent", body: said("attachments", list{obj{"id": "0"}}), want: []string{"attachments.0.id ATTACHMENT_NOT_FOUND"}, alone: noFiles},
			{name: "an attachment without an id", body: said("attachments", list{obj{"filename": "a.png"}}), want: []string{"attachments.0.id BASE_TYPE_REQUIRED"}},
			{name: "an attachment with a word for an id", body: said("attachments", list{obj{"id": "zero"}}), want: []string{"attachments.0.id NUMBER_TYPE_COERCE"}},
			{name: "alt text of 1025", body: said("attachments", list{obj{"id": "0", "description": letters(1025)}}), want: []string{"attachments.0.description BASE_TYPE_MAX_LENGTH", "attachments.0.id ATTACHMENT_NOT_FOUND"}},
			{name: "an attachment without a name", body: said("attachments", list{obj{"id": "0", "filename": ""}}), want: []string{"attachments.0.filename BASE_TYPE_BAD_LENGTH", "attachments.0.id ATTACHMENT_NOT_FOUND"}},
			{name: "11 attachments", body: said("attachments", many(11, func(int) any { return obj{"id": "0"} })), want: append(
				[]string{"attachments BASE_TYPE_MAX_LENGTH", "attachments.0.id ATTACHMENT_NOT_FOUND"}, duplicates(10)...,
			)},

			{name: "a reply to nothing", body: said("message_reference", obj{}), want: []string{"message_reference.message_id BASE_TYPE_REQUIRED"}},
			{name: "a reply to what isn't there", body: said("message_reference", obj{"message_id": "1"}), want: []string{"message_reference MESSAGE_REFERENCE_UNKNOWN_MESSAGE"}, alone: "the description doesn't know the messages there are"},
			{name: "a reply that may miss", body: said("message_reference", obj{"message_id": "1", "fail_if_not_exists": false})},
			{name: "a theme", body: said("shared_client_theme", obj{"colors": list{"ff0000"}}), want: []string{"shared_client_theme UNKNOWN_KEY"}},
			{name: "a voice message in words", body: said("flags", flagVoice), want: []string{"flags MESSAGE_FLAGS_INVALID"}, alone: noValues},
			{name: "3 stickers", body: said("sticker_ids", list{"1", "2", "3"})},
			{name: "4 stickers", body: said("sticker_ids", list{"1", "2", "3", "4"}), want: []string{"sticker_ids BASE_TYPE_MAX_LENGTH"}},
		},
	}
}

// letterless is an id that is no other's.
func letterless(i int) string {
	return "10000000000000" + string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10))
}

// duplicates are the faults of attachments 1 to n that repeat the id of the first, sorted.
func duplicates(n int) []string {
	out := []string{}
	for _, i := range []string{"1", "10", "2", "3", "4", "5", "6", "7", "8", "9"}[:n] {
		out = append(out, "attachments."+i+" ATTACHMENT_ID_DUPLICATED")
	}
	return out
}

func answerCourt() court {
	said := func(pairs ...any) obj { return with(obj{"content": "x"}, pairs...) }
	return court{
		request: callbackRequest, status: 204, prefix: "data.", wrap: callback(answerMessage),
		path: func(s *stand) string { return s.asked(&interaction{kind: interactionCommand}) },
		rulings: []ruling{
			{name: "content of 2000", body: obj{"content": letters(2000)}},
			{name: "content of 2001", body: obj{"content": letters(2001)}, want: []string{"content BASE_TYPE_MAX_LENGTH"}},
			{name: "ephemeral", body: said("flags", flagEphemeral)},
			{name: "ephemeral, quiet and without previews", body: said("flags", flagEphemeral|flagSilent|flagSuppressEmbeds)},
			{name: "loading", body: said("flags", flagLoading), want: []string{"flags MESSAGE_FLAGS_INVALID"}, alone: noValues},
			{name: "a nonce", body: said("nonce", "n"), want: []string{"nonce UNKNOWN_KEY"}},
			{name: "a reply", body: said("message_reference", obj{"message_id": "1"}), want: []string{"message_reference UNKNOWN_KEY"}},
			{name: "nothing", body: obj{}, want: []string{"50006"}},
			{name: "what a client of many answers sends empty", body: said("choices", nil, "custom_id", "", "title", "", "enforce_nonce", false), alone: tolerated},
			{name: "choices that mean something", body: said("choices", list{obj{"name": "n", "value": "v"}}), want: []string{"choices UNKNOWN_KEY"}},
			{name: "a title", body: said("title", "T"), want: []string{"title UNKNOWN_KEY"}},
		},
	}
}

func TestMessageRules(t *testing.T) {
	t.Parallel()
	messageCourt().hold(t)
}

func TestAnswerRules(t *testing.T) {
	t.Parallel()
	answerCourt().hold(t)
}

func TestEditRules(t *testing.T) {
	t.Parallel()
	s := newStand(t, Options{Limits: unlimited()})
	embeds := list{obj{"title": "T"}}
	for _, tt := range []struct {
		name         string
		before, edit obj
		want         []string
		code         int
	}{
		{"new words", obj{"content": "old"}, obj{"content": "new"}, nil, 0},
		{"words away, embeds stay", obj{"content": "old", "embeds": embeds}, obj{"content": ""}, nil, 0},
		{"all away", obj{"content": "old"}, obj{"content": ""}, nil, 50006},
		{"spaces alone", obj{"content": "old"}, obj{"content": "  "}, nil, 50006},
		{"nothing changes", obj{"content": "old"}, obj{}, nil, 0},
		{"previews off", obj{"content": "old"}, obj{"flags": flagSuppressEmbeds}, nil, 0},
		{"silence afterwards", obj{"content": "old"}, obj{"flags": flagSilent}, []string{"flags MESSAGE_FLAGS_INVALID"}, 50035},
		{"ephemeral afterwards", obj{"content": "old"}, obj{"flags": flagEphemeral}, []string{"flags MESSAGE_FLAGS_INVALID"}, 50035},
		{"no nonce enforced, said all the same", obj{"content": "old"}, obj{"content": "x", "enforce_nonce": false}, nil, 0},
		{"a nonce afterwards", obj{"content": "old"}, obj{"nonce": "n"}, []string{"nonce UNKNOWN_KEY"}, 50035},
		{"into V2 with the words left over", obj{"content": "old"}, v2(display(1)), []string{"content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"}, 50035},
		{"into V2 with the embeds left over", obj{"embeds": embeds}, v2(display(1)), []string{"embeds MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"}, 50035},
		{"into V2 with both cleared", obj{"content": "old", "embeds": embeds}, with(v2(display(1)), "content", nil, "embeds", list{}), nil, 0},
		{"V2 stays V2", v2(display(1)), obj{"components": list{display(2)}}, nil, 0},
		{"V2 with words", v2(display(1)), obj{"content": "new"}, []string{"content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"}, 50035},
		{"V2 with its flag taken away", v2(display(1)), obj{"flags": 0, "content": "new"}, []string{"content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"}, 50035},
		{"V2 emptied", v2(display(1)), obj{"components": list{}}, nil, 50006},
		{"a file that it never had", obj{"content": "old"}, obj{"attachments": list{obj{"id": "5"}}}, []string{"attachments.0.id ATTACHMENT_NOT_FOUND"}, 50035},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, posted := s.bot("POST", digestMessages(s), tt.before)
			status, got := s.bot("PATCH", digestMessages(s)+"/"+textOf(posted["id"]), tt.edit)
			if tt.code == 0 && status != 200 || codeOf(got) != tt.code {
				t.Errorf("answered %d %v, want code %d", status, got, tt.code)
			}
			if found := faultsOf(got); len(found) != len(tt.want) || len(found) > 0 && found[0] != tt.want[0] {
				t.Errorf("refused for %q, want %q", found, tt.want)
			}
			if intOf(posted["flags"])&flagV2 != 0 && status == 200 && intOf(got["flags"])&flagV2 == 0 {
				t.Error("the flag of V2 was taken away, want it kept for ever")
			}
		})
	}
}
