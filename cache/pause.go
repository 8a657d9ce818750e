package cache

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// longestPause is as long as Discord may have a bot wait.
const longestPause = 24 * time.Hour

// pauseScript never shortens a pause.
const pauseScript = `
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
	redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
end
return 1`

// Pause keeps all copies that share a queue from what for so long, or for as
// long as they are kept already.
func (c *Cache) Pause(ctx context.Context, queue, what string, long time.Duration) error {
	if err := pausable(queue, what); err != nil {
		return err
	}
	long = min(long, longestPause)
	if long < time.Millisecond {
		return nil
	}
	return c.do(ctx, "pause a queue", pauseKey(queue, what), func(ctx context.Context) error {
		return c.client.Eval(ctx, pauseScript, []string{pauseKey(queue, what)}, long.Milliseconds()).Err()
	})
}

// Paused tells how long each of what is paused yet, 0 for not.
func (c *Cache) Paused(ctx context.Context, queue string, what ...string) ([]time.Duration, error) {
	left := make([]time.Duration, len(what))
	for _, w := range what {
		if err := pausable(queue, w); err != nil {
			return nil, err
		}
	}
	err := c.do(ctx, "ask for pauses", pauseKey(queue, ""), func(ctx context.Context) error {
		asked, err := c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, w := range what {
				p.PTTL(ctx, pauseKey(queue, w))
			}
			return nil
		})
		if err != nil {
			return err
		}
		for i, a := range asked {
			if said, ok := a.(*redis.DurationCmd); ok { // negative where there is none
				left[i] = min(max(0, said.Val()), longestPause)
			}
		}
		return nil
	})
	return left, err
}

func pausable(queue, what string) error {
	if queue == "" || len(queue) > mostKey || what == "" || len(what) > mostKey {
		return fmt.Errorf("cache: a pause of %.20q in queue %.20q: it takes short names", what, queue)
	}
	return nil
}

// pauseKey is in the slot of the queue's other keys.
func pauseKey(queue, what string) string { return prefix + "{" + queue + "}:pause:" + what }
