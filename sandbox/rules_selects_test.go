package sandbox

import (
	"fmt"
	"testing"
)

func selectCourt() court {
	rowed := func(component obj) obj { return obj{"components": list{row(component)}} }
	of := func(options int, pairs ...any) obj { return rowed(with(selectOf(options), pairs...)) }
	option := func(pairs ...any) obj {
		return of(1, "options", list{with(obj{"label": "L", "value": "v"}, pairs...)})
	}
	chosen := func(n int, pairs ...any) obj {
		return of(3, append(pairs, "options", many(3, func(i int) any {
			return obj{"label": "L", "value": fmt.Sprint(i), "default": i < n}
		}))...)
	}
	people := func(typ int, pairs ...any) obj { return rowed(with(obj{"type": typ, "custom_id": "s"}, pairs...)) }
	beforehand := func(typ int, kinds ...string) obj {
		values := list{}
		for i, kind := range kinds {
			values = append(values, obj{"id": letterless(i), "type": kind})
		}
		return people(typ, "default_values", values, "max_values", max(1, len(kinds)))
	}
	return court{
		request: "POST /channels/1/messages", status: 200, path: digestMessages,
		rulings: []ruling{
			{name: "1 option", body: of(1)},
			{name: "no option", body: of(0), want: []string{rowAt + ".options BASE_TYPE_REQUIRED"}},
			{name: "25 options", body: of(25)},
			{name: "26 options", body: of(26), want: []string{rowAt + ".options BASE_TYPE_BAD_LENGTH"}},
			{name: "no list of options", body: rowed(obj{"type": typeStringSelect, "custom_id": "s"}), want: []string{rowAt + ".options BASE_TYPE_REQUIRED"}},
			{name: "no custom_id", body: rowed(without(selectOf(1), "custom_id")), want: []string{rowAt + ".custom_id BASE_TYPE_REQUIRED"}},
			{name: "custom_id of 100", body: of(1, "custom_id", letters(100))},
			{name: "custom_id of 101", body: of(1, "custom_id", letters(101)), want: []string{rowAt + ".custom_id BASE_TYPE_BAD_LENGTH"}},
			{name: "placeholder of 150", body: of(1, "placeholder", letters(150))},
			{name: "placeholder of 151", body: of(1, "placeholder", letters(151)), want: []string{rowAt + ".placeholder BASE_TYPE_MAX_LENGTH"}},
			{name: "none to 25 of them", body: of(25, "min_values", 0, "max_values", 25)},
			{name: "fewer than none", body: of(25, "min_values", -1), want: []string{rowAt + ".min_values NUMBER_TYPE_MIN"}},
			{name: "26 of them", body: of(25, "max_values", 26), want: []string{rowAt + ".max_values NUMBER_TYPE_MAX"}},
			{name: "at most none", body: of(25, "max_values", 0), want: []string{rowAt + ".max_values NUMBER_TYPE_MIN", rowAt + ".min_values COMPONENT_MIN_VALUES_OVER_MAX"}},
			{name: "at least two of one", body: of(25, "min_values", 2), want: []string{rowAt + ".min_values COMPONENT_MIN_VALUES_OVER_MAX"}, alone: docsOnly},
			{name: "as many as there may be", body: of(25, "min_values", 3, "max_values", 3)},
			{name: "disabled", body: of(1, "disabled", true)},
			{name: "required in a message, which means nothing there", body: of(1, "required", true)},

			{name: "label, value and description of 100", body: option("label", letters(100), "value", letters(100), "description", letters(100))},
			{name: "label of 101", body: option("label", letters(101)), want: []string{rowAt + ".options.0.label BASE_TYPE_BAD_LENGTH"}},
			{name: "value of 101", body: option("value", letters(101)), want: []string{rowAt + ".options.0.value BASE_TYPE_BAD_LENGTH"}},
			{name: "description of 101", body: option("description", letters(101)), want: []string{rowAt + ".options.0.description BASE_TYPE_MAX_LENGTH"}},
			{name: "no label", body: option("label", ""), want: []string{rowAt + ".options.0.label BASE_TYPE_REQUIRED"}},
			{name: "no value", body: option("value", ""), want: []string{rowAt + ".options.0.value BASE_TYPE_REQUIRED"}},
			{name: "an emoji", body: option("emoji", obj{"name": "🔎"})},
			{name: "a key too many", body: option("colour", 1), want: []string{rowAt + ".options.0.colour UNKNOWN_KEY"}},
			{
				name: "one value twice", body: of(2, "options", list{obj{"label": "A", "value": "v"}, obj{"label": "B", "value": "v"}}),
				want: []string{rowAt + ".options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"}, alone: docsOnly,
			},
			{name: "one chosen beforehand", body: chosen(1)},
			{name: "two chosen beforehand of one", body: chosen(2), want: []string{rowAt + ".options SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS"}, alone: docsOnly},
			{name: "two chosen beforehand of two", body: chosen(2, "max_values", 2)},

			{name: "users", body: beforehand(typeUserSelect, "user")},
			{name: "roles", body: beforehand(typeRoleSelect, "role")},
			{name: "users and roles", body: beforehand(typeMentionSelect, "user", "role")},
			{name: "channels", body: beforehand(typeChannelSelect, "channel")},
			{name: "a role among users", body: beforehand(typeUserSelect, "role"), want: []string{rowAt + ".default_values.0.type BASE_TYPE_CHOICES"}},
			{name: "a channel among users and roles", body: beforehand(typeMentionSelect, "user", "channel"), want: []string{rowAt + ".default_values.1.type BASE_TYPE_CHOICES"}},
			{
				name: "two users beforehand of one", body: with(people(typeUserSelect, "default_values", list{obj{"id": "1", "type": "user"}, obj{"id": "2", "type": "user"}})),
				want: []string{rowAt + ".default_values SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES"}, alone: docsOnly,
			},
			{name: "a user without an id", body: people(typeUserSelect, "default_values", list{obj{"type": "user"}}), want: []string{rowAt + ".default_values.0.id BASE_TYPE_REQUIRED"}},
			{name: "users with options", body: people(typeUserSelect, "options", list{obj{"label": "L", "value": "v"}}), want: []string{rowAt + ".options UNKNOWN_KEY"}},
			{
				name: "options with users", body: of(1, "default_values", list{obj{"id": "1", "type": "user"}}),
				want: []string{rowAt + ".default_values UNKNOWN_KEY"},
			},
			{name: "channels of some kinds", body: people(typeChannelSelect, "channel_types", list{0, 5})},
			{name: "channels of one kind twice", body: people(typeChannelSelect, "channel_types", list{0, 0}), want: []string{rowAt + ".channel_types.1 SET_TYPE_ALREADY_CONTAINS_VALUE"}},
			{name: "channels of a kind that doesn't exist", body: people(typeChannelSelect, "channel_types", list{17}), want: []string{rowAt + ".channel_types.0 NUMBER_TYPE_MAX"}},
			{name: "users of some kinds", body: people(typeUserSelect, "channel_types", list{0}), want: []string{rowAt + ".channel_types UNKNOWN_KEY"}},
		},
	}
}

func TestSelectRules(t *testing.T) {
	t.Parallel()
	selectCourt().hold(t)
}
