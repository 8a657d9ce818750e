package scenarios

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// openChannels makes channels in the sandbox's server, where a moderator is.
func (c *cluster) openChannels(n int) (desk, moderator string, err error) {
	type named struct{ ID, Name string }
	var state struct {
		Guilds []struct {
			ID      string
			Members []named
		}
	}
	if err := c.call(http.MethodGet, "/sandbox/state", nil, &state); err != nil {
		return "", "", err
	}
	desk = state.Guilds[0].ID
	for _, m := range state.Guilds[0].Members {
		if m.Name == "moderator" {
			moderator = m.ID
		}
	}
	type channel struct {
		Channel string `json:"channel"`
	}
	var wishes struct {
		Channels []channel `json:"channels"`
	}
	for i := range n {
		wishes.Channels = append(wishes.Channels, channel{fmt.Sprintf("chaos-%d", i)})
	}
	var guild struct{ Channels []named }
	if err := c.call(http.MethodPatch, "/sandbox/guilds/"+desk, wishes, &guild); err != nil {
		return "", "", err
	}
	for _, made := range guild.Channels {
		if strings.HasPrefix(made.Name, "chaos-") {
			c.channels = append(c.channels, made.ID)
		}
	}
	return desk, moderator, nil
}

// jump sets the clock; that the move hasn't settled within the sandbox's ten
// seconds is of no matter.
func (c *cluster) jump(to time.Time) error {
	return c.call(http.MethodPost, "/sandbox/clock", map[string]string{"now": to.Format(time.RFC3339)}, nil)
}

// count adds up what befell a round, of which nothing may have been left out:
// every channel is posted to at least once.
func (c *cluster) count(plan roundPlan) error {
	var list []outage
	if err := c.call(http.MethodGet, "/sandbox/faults", nil, &list); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, o := range list {
		c.struck[plan.names[i]] += o.Used
		if strings.HasPrefix(o.Match, posts) && o.Skip == 0 && o.Used == 0 {
			return fmt.Errorf("the trouble %q never struck at %s", plan.names[i], o.Match)
		}
	}
	if len(c.points) > 0 {
		return fmt.Errorf("no copy came to where it was to be killed, by channel: %v", c.points)
	}
	return nil
}

// posted are the messages of each channel.
func (c *cluster) posted() (map[string][]posting, error) {
	all := map[string][]posting{}
	for _, channel := range c.channels {
		var got struct {
			Messages []struct {
				ID         string
				Components json.RawMessage
			}
		}
		if err := c.call(http.MethodGet, "/sandbox/channels/"+channel+"/messages?limit=1000", nil, &got); err != nil {
			return nil, err
		}
		for _, m := range got.Messages {
			all[channel] = append(all[channel], posting{m.ID, deliveriesIn(string(m.Components))})
		}
	}
	return all, nil
}

// call asks the sandbox.
func (c *cluster) call(method, path string, body, into any) error {
	sent, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(c.ctx, method, c.discord.URL+path, strings.NewReader(string(sent)))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: HTTP %d: %w: %.300s", method, path, response.StatusCode, err, said)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(said, into); err != nil {
		return fmt.Errorf("%s %s: %w: %.300s", method, path, err, said)
	}
	return nil
}
