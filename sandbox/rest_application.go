package sandbox

import (
	"context"
	"strconv"
	"time"
)

func applicationRoutes() []*route {
	return []*route{
		{method: "GET", path: "/applications/@me", serve: getApplication},
		{method: "PATCH", path: "/applications/@me", serve: patchApplication},
		{method: "GET", path: "/oauth2/applications/@me", serve: getApplication},
	}
}

func getApplication(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return ok(c.state.applicationObject()), nil
}

// verifyWithin bounds all checks of an endpoint together.
const verifyWithin = 10 * time.Second

// patchApplication judges, has an endpoint prove itself, and commits. The lock is not held
// while the endpoint is asked.
func patchApplication(c *call) (reply, error) {
	root := &spot{}
	body := judge(root, c.object(), []field{
		{name: "interactions_endpoint_url", kind: linkValue, max: 2048},
		{name: "description", each: judgeDescription},
		{name: "tags", kind: listValue, max: 5, unique: true, each: func(at *spot, v any) {
			field{kind: textValue, min: 1, max: 20}.judge(at, v)
		}},
		{name: "integration_types_config", kind: objectValue, each: judgeInstallTypes},
		unheld("icon"), unheld("cover_image"), unheld("flags"), unheld("install_params"), unheld("custom_install_url"),
		unheld("role_connections_verification_url"), unheld("event_webhooks_url"), unheld("event_webhooks_status"),
		unheld("event_webhooks_types"),
	})
	if err := root.err(); err != nil {
		return reply{}, err
	}
	if url := textOf(body["interactions_endpoint_url"]); url != "" {
		c.mu.Lock()
		e, self := c.endpointAt(url), c.state.install.ID
		c.mu.Unlock()
		ctx, cancel := context.WithTimeout(c.r.Context(), verifyWithin)
		defer cancel()
		if err := e.verify(ctx, self, c.ids.next()); err != nil {
			root.at("interactions_endpoint_url").fail("APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
				"The specified interactions endpoint url could not be verified: %v.", err)
			return reply{}, root.err()
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.state.install.with(body)
	if err := c.commit(change{Install: &next}); err != nil {
		return reply{}, err
	}
	return ok(c.state.applicationObject()), nil
}

// unheld is a documented field for which the sandbox has no use; only null passes.
func unheld(name string) field {
	return field{name: name, each: func(at *spot, _ any) { at.fail("SANDBOX_UNSUPPORTED", "The sandbox holds no %s.", name) }}
}

// judgeDescription takes a text, as documented, or one with translations, as the
// description of the API has it.
func judgeDescription(at *spot, v any) {
	text := field{name: "default", kind: textValue, max: 400}
	if obj := objectOf(v); obj != nil {
		judge(at, obj, []field{text, {name: "localizations", kind: objectValue}})
		return
	}
	text.judge(at, v)
}

func judgeInstallTypes(at *spot, v any) {
	types := judge(at, v, []field{{name: "0", kind: objectValue}, {name: "1", kind: objectValue}})
	if len(types) == 0 {
		at.fail("BASE_TYPE_MIN_LENGTH", "Must be 1 or more in length.")
	}
}

// with is an install with the body's fields in place of its own; null empties one.
func (i install) with(body map[string]any) install {
	if v, there := body["interactions_endpoint_url"]; there {
		i.Endpoint = textOf(v)
	}
	if v, there := body["description"]; there {
		if i.Description = textOf(v); objectOf(v) != nil {
			i.Description = textOf(objectOf(v)["default"])
		}
	}
	if v, there := body["tags"]; there {
		i.Tags = nil
		for _, tag := range listOf(v) {
			i.Tags = append(i.Tags, textOf(tag))
		}
	}
	if types := objectOf(body["integration_types_config"]); types != nil {
		_, i.UserInstall = types["1"]
	}
	return i
}

func (st *state) applicationObject() map[string]any {
	joined := 0
	for id := range st.guilds {
		if st.joined(id) != nil {
			joined++
		}
	}
	installs := map[string]any{"0": map[string]any{}}
	if st.install.UserInstall {
		installs["1"] = map[string]any{}
	}
	obj := map[string]any{
		"id": st.install.ID, "name": "sitrep", "icon": nil, "description": st.install.Description, "bot_public": true,
		"bot_require_code_grant": false, "verify_key": st.install.PublicKey,
		"flags": st.install.intentFlags(), "flags_new": strconv.Itoa(st.install.intentFlags()),
		"summary": "", "type": nil, "bot": st.selfObject(), "owner": st.userObject(st.install.ID), "team": nil,
		"approximate_guild_count": joined, "interactions_endpoint_url": nil,
		"integration_types_config": installs, "redirect_uris": []any{}, "tags": append([]string{}, st.install.Tags...),
	}
	if st.install.Endpoint != "" {
		obj["interactions_endpoint_url"] = st.install.Endpoint
	}
	return obj
}
