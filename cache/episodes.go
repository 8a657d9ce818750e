package cache

import (
	"context"
	"fmt"
)

// episodeScript keeps which copies see something go on, and whether that was
// told. What a copy said a minute ago counts no more: it may be gone.
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
if redis.call('ZCARD', KEYS[1]) > 0 then
  if redis.call('SET', KEYS[2], '1', 'NX', 'PX', 2592000000) then return 1 end
  return 0
end
return -redis.call('DEL', KEYS[2])`

// Episode notes whether a copy sees the named thing go on. Of all calls by all
// copies one is told that it began, and one that it ended: that no copy sees it
// any more. A copy that sees it has to say so again within a minute.
func (c *Cache) Episode(ctx context.Context, name, copied string, on bool) (began, ended bool, err error) {
	if name == "" || len(name) > mostKey || len(copied) > mostKey {
		return false, false, fmt.Errorf("cache: an episode %.20q seen by %.20q: it takes short names", name, copied)
	}
	seen := 0
	if on {
		seen = 1
	}
	err = c.do(ctx, "note an episode", func(ctx context.Context) error {
		keys := []string{prefix + "{episode:" + name + "}:seen", prefix + "{episode:" + name + "}:told"}
		turn, err := c.episode.Run(ctx, c.client, keys, copied, seen).Int()
		began, ended = turn > 0, turn < 0
		return err
	})
	return began, ended, err
}
