package sandbox

func guildRoutes() []*route {
	return []*route{
		{method: "GET", path: "/guilds/{guild.id}", serve: getGuild},
		{method: "GET", path: "/guilds/{guild.id}/channels", serve: getGuildChannels},
		{method: "GET", path: "/guilds/{guild.id}/roles", serve: getGuildRoles},
	}
}

// guild finds the guild of the path if the bot is in it. The lock is held.
func (c *call) guild() (*guild, error) {
	if _, ok := snowflake(c.id("guild")); !ok || c.state.guilds[c.id("guild")] == nil {
		return nil, refuse(10004)
	}
	g := c.state.joined(c.id("guild"))
	if g == nil {
		return nil, refuse(50001)
	}
	return g, nil
}

func getGuild(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	obj := c.state.guildObject(g)
	if c.r.URL.Query().Get("with_counts") == "true" {
		obj["approximate_member_count"], obj["approximate_presence_count"] = len(g.Members), 1
	}
	return ok(obj), nil
}

func getGuildChannels(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	return ok(c.state.channelObjects(g.ID)), nil
}

func getGuildRoles(c *call) (reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.guild()
	if err != nil {
		return reply{}, err
	}
	return ok(c.state.guildObject(g)["roles"]), nil
}
