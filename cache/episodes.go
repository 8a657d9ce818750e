package cache

import (
	"context"
	"crypto/rand"
	"fmt"
)

// episodeScript keeps which copies see something go on, and to which call that
// it began or ended was told last. What a copy said a minute ago counts no more:
// it may be gone. The library repeats a call whose answer got lost, so that each
// brings a token.
const episodeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60000)
if ARGV[2] == '1' then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], 120000)
else
  redis.call('ZREM', KEYS[1], ARGV[1])
end
local told = redis.call('GET', KEYS[2]) or ''
if redis.call('ZCARD', KEYS[1]) > 0 then
  if told == 'began ' .. ARGV[3] then return 1 end
  if string.sub(told, 1, 6) == 'began ' then return 0 end
  redis.call('SET', KEYS[2], 'began ' .. ARGV[3], 'PX', 2592000000)
  return 1
end
if told == 'ended ' .. ARGV[3] then return -1 end
if string.sub(told, 1, 6) ~= 'began ' then return 0 end
redis.call('SET', KEYS[2], 'ended ' .. ARGV[3], 'PX', 60000)
return -1`

// Episode notes whether a copy sees the named thing go on. Of all calls by all
// copies one is told that it began, and one that it ended: that no copy sees it
// any more. A copy that sees it has to say so again within a minute.
func (c *Cache) Episode(ctx context.Context, name, copied string, on bool) (began, ended bool, err error) {
	if name == "" || len(name) > mostKey || len(copied) > mostKey {
		return false, false, fmt.Errorf("cache: an episode %.20q seen by %.20q: it takes short names", name, copied)
	}
	token := rand.Text()
	err = c.do(ctx, "note an episode", episodeKeys(name)[0], func(ctx context.Context) (err error) {
		began, ended, err = c.episodeTurn(ctx, name, copied, token, on)
		return err
	})
	return began, ended, err
}

func episodeKeys(name string) []string {
	return []string{prefix + "{episode:" + name + "}:seen", prefix + "{episode:" + name + "}:told"}
}

func (c *Cache) episodeTurn(ctx context.Context, name, copied, token string, on bool) (began, ended bool, err error) {
	seen := 0
	if on {
		seen = 1
	}
	turn, err := c.episode.Run(ctx, c.client, episodeKeys(name), copied, seen, token).Int()
	return turn > 0, turn < 0, err
}
