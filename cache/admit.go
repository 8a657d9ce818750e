package cache

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"time"
)

const (
	mostKey = 200
	// window is what quotas are counted in.
	window = 10 * time.Second
)

// admitScript notes a key with a token of the caller's, and then takes a place
// in each quota, or in none where one of them is used up. The library repeats a
// command whose answer got lost; the token then shows that the caller itself was
// first. A quota is the time, in microseconds of Redis's own clock, until which
// it is taken: it may reach a window ahead, more is a clock that was set back.
const admitScript = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
	return {redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0, 0}
end
local time = redis.call('TIME')
local now, window, wait = time[1] * 1000000 + time[2], tonumber(ARGV[3]), 0
local taken = {}
for i = 2, #KEYS do
	local until_ = tonumber(redis.call('GET', KEYS[i]) or 0)
	if until_ < now or until_ > now + window then until_ = now end
	taken[i] = until_ + window / tonumber(ARGV[i + 2])
	wait = math.max(wait, taken[i] - now - window)
end
if wait <= 0 then
	for i = 2, #KEYS do
		redis.call('SET', KEYS[i], string.format('%.0f', taken[i]), 'PX', math.ceil(window / 1000))
	end
end
return {1, math.ceil(wait)}`

// Admit reports whether it is the first call with key, of all copies, within
// ttl, and how long whoever calls has to wait because one of the quotas is used
// up: each is a name and how many calls it takes in ten seconds, at once or
// spread. A call that has to wait uses up nothing. Keys and quotas with
// different tags have nothing to do with one another; a Redis Cluster keeps those
// with the same on one node. It is one command; where Redis is away nobody can
// tell, and the error says so.
func (c *Cache) Admit(ctx context.Context, tag, key string, ttl time.Duration, quotas map[string]int) (first bool, wait time.Duration, err error) {
	if tag == "" || len(tag) > mostKey {
		return false, 0, fmt.Errorf("cache: a tag of %d bytes: it takes 1 to %d", len(tag), mostKey)
	}
	if key == "" || len(key) > mostKey || ttl < time.Millisecond {
		return false, 0, fmt.Errorf("cache: a key of %d bytes for %s: it takes 1 to %d, for at least a millisecond", len(key), ttl, mostKey)
	}
	for name, most := range quotas {
		if name == "" || len(name) > mostKey || most < 1 {
			return false, 0, fmt.Errorf("cache: a quota of %d with a name of %d bytes: it takes at least 1, and 1 to %d", most, len(name), mostKey)
		}
	}
	token := rand.Text()
	err = c.do(ctx, "note what was seen", onceKey(tag, key), func(ctx context.Context) (err error) {
		first, wait, err = c.mark(ctx, tag, key, token, ttl, quotas)
		return err
	})
	return first, wait, err
}

func onceKey(tag, key string) string { return prefix + "{" + tag + "}:once:" + key }

func (c *Cache) mark(ctx context.Context, tag, key, token string, ttl time.Duration, quotas map[string]int) (first bool, wait time.Duration, err error) {
	keys, args := []string{onceKey(tag, key)}, []any{token, ttl.Milliseconds(), window.Microseconds()}
	for _, name := range slices.Sorted(maps.Keys(quotas)) {
		keys, args = append(keys, prefix+"{"+tag+"}:quota:"+name), append(args, quotas[name])
	}
	got, err := c.admit.Run(ctx, c.client, keys, args...).Int64Slice()
	if err != nil {
		return false, 0, err
	}
	if len(got) != 2 {
		return false, 0, fmt.Errorf("cache: Redis answered %d numbers", len(got))
	}
	return got[0] == 1, time.Duration(got[1]) * time.Microsecond, nil
}
