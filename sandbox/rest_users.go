package sandbox

import "net/http"

func userRoutes() []*route {
	return []*route{
		{method: "GET", path: "/gateway", open: true, serve: getGateway},
		{method: "GET", path: "/gateway/bot", serve: getGatewayBot},
		{method: "GET", path: "/users/@me", serve: getSelf},
		{method: "GET", path: "/users/{user.id}", serve: getUser},
		{method: "GET", path: "/users/@me/guilds", serve: getSelfGuilds},
		{method: "POST", path: "/users/@me/channels", serve: createDM},
	}
}

func (c *call) gatewayURL() string { return "ws://" + c.r.Host + "/gateway" }

func getGateway(c *call) (reply, error) {
	return ok(map[string]any{"url": c.gatewayURL()}), nil
}

func getGatewayBot(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	joined := 0
	for id := range c.state.guilds {
		if c.state.joined(id) != nil {
			joined++
		}
	}
	return ok(map[string]any{"url": c.gatewayURL(), "shards": 1 + joined/1000, "session_start_limit": c.gate.startLimit()}), nil
}

func getSelf(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return ok(c.state.selfObject()), nil
}

func getUser(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.state.users[c.id("user")]
	if u == nil {
		return reply{}, refuse(10013)
	}
	return ok(userObject(u)), nil
}

func getSelfGuilds(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := []any{}
	for _, g := range c.state.guildList() {
		if c.state.joined(g.ID) == nil {
			continue
		}
		list = append(list, map[string]any{
			"id": g.ID, "name": g.Name, "icon": nil, "banner": nil, "owner": false, "features": []any{},
			"permissions": g.inGuild(c.state.install.ID).String(),
		})
	}
	return ok(list), nil
}

func createDM(c *call) (reply, error) {
	root := &spot{}
	body := judge(root, c.object(), []field{{name: "recipient_id", kind: idValue, need: true}, {name: "access_tokens"}, {name: "nicks"}})
	if err := root.err(); err != nil {
		return reply{}, err
	}
	id, _ := idOf(body["recipient_id"])
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.state.users[id]
	if u == nil {
		return reply{}, refuse(10013)
	}
	if u.Bot {
		return reply{}, refuse(50007)
	}
	dm := c.state.dmWith(id)
	if dm == nil {
		dm = &channel{ID: c.ids.next(), Type: channelDM, Recipient: id}
		if err := c.commit(change{Channel: dm}); err != nil {
			return reply{}, err
		}
	}
	return reply{http.StatusOK, c.state.channelObject(dm)}, nil
}

func (st *state) dmWith(user string) *channel {
	for _, c := range st.channels {
		if c.Type == channelDM && c.Recipient == user && c.Other == "" {
			return c
		}
	}
	return nil
}
