package cache

import (
	"context"
	"fmt"
	"time"
)

const (
	// startsKept outlives the day in which Discord counts the starts of sessions.
	startsKept = 25 * time.Hour
	mostLane   = 1 << 20
)

// startScript keeps, in microseconds of Redis's own clock, when each lane of a
// bot is free again, how many starts are left, and until when that counts. What
// the caller was told is believed where it is less; a time too far ahead is that
// of a clock that was set back.
const startScript = `
local time = redis.call('TIME')
local now, lane, every, kept = time[1] * 1000000 + time[2], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[5])
local had = redis.call('HMGET', KEYS[1], lane, 'left', 'resets')
local free, left, resets = tonumber(had[1] or 0), tonumber(ARGV[3]), tonumber(had[3] or 0)
if had[2] and now < resets and resets < now + kept then
	left = math.min(left, tonumber(had[2]))
else
	resets = now + tonumber(ARGV[4])
end
if left <= 0 then return {resets - now, 1} end
if free > now and free <= now + every then return {free - now, 0} end
redis.call('HSET', KEYS[1], lane, string.format('%.0f', now + every), 'left', left - 1, 'resets', string.format('%.0f', resets))
redis.call('PEXPIRE', KEYS[1], math.ceil(kept / 1000))
return {0, 0}`

// Start takes one start of a gateway session out of what all copies of a bot may
// start: where one is left, and the last in the same lane was every ago. Then
// wait is 0; otherwise it is how long to wait before asking again, and spent says
// that none is left until then. Left is how many Discord said were left, and
// resets after how long it counts anew; of what the copies were told and took
// since, the least counts.
func (c *Cache) Start(ctx context.Context, bot string, lane int, every time.Duration, left int, resets time.Duration) (wait time.Duration, spent bool, err error) {
	if bot == "" || len(bot) > mostKey || lane < 0 || lane > mostLane || every < time.Microsecond || resets < 0 || resets >= startsKept {
		return 0, false, fmt.Errorf("cache: a start in lane %d of bot %.20q, every %s, with %s until they are counted anew", lane, bot, every, resets)
	}
	key := prefix + "starts:" + bot
	err = c.do(ctx, "take a start of a session", key, func(ctx context.Context) error {
		got, err := c.start.Run(ctx, c.client, []string{key},
			lane, every.Microseconds(), left, resets.Microseconds(), startsKept.Microseconds()).Int64Slice()
		if err != nil {
			return err
		}
		if len(got) != 2 {
			return fmt.Errorf("cache: Redis answered %d numbers", len(got))
		}
		wait, spent = time.Duration(got[0])*time.Microsecond, got[1] == 1
		return nil
	})
	return wait, spent, err
}
