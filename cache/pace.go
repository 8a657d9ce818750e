package cache

import (
	"context"
	"fmt"
	"time"
)

// reserveScript keeps, in microseconds of Redis's own clock, when the next place
// in a queue is free, and who asked lately. A queue that claims to be over a
// minute long is a clock that was set back.
const reserveScript = `
local time = redis.call('TIME')
local now, every = time[1] * 1000000 + time[2], tonumber(ARGV[1])
local free = tonumber(redis.call('GET', KEYS[1]) or 0)
if free < now or free > now + 60000000 then free = now end
redis.call('SET', KEYS[1], string.format('%.0f', free + every), 'PX', 120000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 30000000)
redis.call('ZADD', KEYS[2], now, ARGV[2])
redis.call('PEXPIRE', KEYS[2], 120000)
return {free - now, redis.call('ZCARD', KEYS[2])}`

// Reserve takes the next place in a queue that all copies share, in which places
// are every apart: the caller's turn comes after wait. With an every of 0 the
// caller takes no place. Sharers are how many callers, told apart by their names,
// asked within the last half minute.
func (c *Cache) Reserve(ctx context.Context, queue, caller string, every time.Duration) (wait time.Duration, sharers int, err error) {
	if queue == "" || len(queue) > mostKey || len(caller) > mostKey || every < 0 || every > 0 && every < time.Microsecond {
		return 0, 0, fmt.Errorf("cache: a place of %s in queue %.20q for %.20q: it takes at least a microsecond and short names", every, queue, caller)
	}
	keys := []string{prefix + "{" + queue + "}:free", prefix + "{" + queue + "}:sharers"}
	err = c.do(ctx, "take a place in a queue", keys[0], func(ctx context.Context) error {
		got, err := c.reserve.Run(ctx, c.client, keys, every.Microseconds(), caller).Int64Slice()
		if err != nil {
			return err
		}
		if len(got) != 2 {
			return fmt.Errorf("cache: Redis answered %d numbers", len(got))
		}
		wait, sharers = time.Duration(got[0])*time.Microsecond, int(got[1])
		return nil
	})
	return wait, sharers, err
}
