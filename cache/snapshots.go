package cache

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"sitrep/briefings"
)

const (
	keptFor      = 30 * 24 * time.Hour // a copy that starts with the database away has nothing else
	mostPacked   = 16 << 20
	mostCompiled = 64 << 20
)

var (
	errDamaged = errors.New("what was kept is damaged, and now dropped")
	errTooBig  = errors.New("it is too big to be kept")
)

// keepScript stores a value unless a newer one is there, and tells of it. A
// value begins with its rev and a line feed.
const keepScript = `
local head = redis.pcall('GETRANGE', KEYS[1], 0, 19)
local rev = type(head) == 'string' and string.match(head, '^(%d+)\n')
if rev and tonumber(rev) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1`

func key(desk briefings.DeskID) string { return prefix + "{" + string(desk) + "}:snapshot" }

// Keep is for [briefings.Cache]. What is kept expires thirty days later.
func (c *Cache) Keep(ctx context.Context, desk briefings.DeskID, rev int, compiled []byte) error {
	doing := "keep desk " + string(desk)
	packed, err := pack(rev, compiled)
	if err != nil {
		return fmt.Errorf("cache: %s: %w", doing, err)
	}
	return c.do(ctx, doing, key(desk), func(ctx context.Context) error {
		return c.keep.Run(ctx, c.client, []string{key(desk)},
			rev, packed, keptFor.Milliseconds(), c.channel, message(desk, rev)).Err()
	})
}

// Load is for [briefings.Cache]. A value that nobody can have kept is dropped,
// and the error is not [briefings.ErrUnavailable].
func (c *Cache) Load(ctx context.Context, desk briefings.DeskID) ([]byte, error) {
	doing := "load desk " + string(desk)
	var packed []byte
	wrongType := false
	err := c.do(ctx, doing, key(desk), func(ctx context.Context) (err error) {
		// Never more than this process is ready to take, whatever is there.
		packed, err = c.client.GetRange(ctx, key(desk), 0, mostPacked).Bytes()
		if wrongType = redis.HasErrorPrefix(err, "WRONGTYPE"); wrongType {
			return nil
		}
		return err
	})
	if err != nil || (len(packed) == 0 && !wrongType) {
		return nil, err
	}
	compiled, err := unpack(packed)
	if err == nil {
		return compiled, nil
	}
	return nil, errors.Join(fmt.Errorf("cache: %s: %w: %w", doing, errDamaged, err), c.Drop(ctx, desk))
}

// Drop is for [briefings.Cache].
func (c *Cache) Drop(ctx context.Context, desk briefings.DeskID) error {
	return c.do(ctx, "drop desk "+string(desk), key(desk), func(ctx context.Context) error {
		return c.client.Del(ctx, key(desk)).Err()
	})
}

func pack(rev int, compiled []byte) ([]byte, error) {
	if len(compiled) > mostCompiled {
		return nil, fmt.Errorf("%w: %d bytes", errTooBig, len(compiled))
	}
	var b bytes.Buffer
	b.WriteString(strconv.Itoa(rev) + "\n")
	// The speed is worth more than the last tenth of the size; gzip rather than
	// flate, for its checksum.
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(compiled); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if b.Len() > mostPacked {
		return nil, fmt.Errorf("%w: %d bytes when packed", errTooBig, b.Len())
	}
	return b.Bytes(), nil
}

func unpack(packed []byte) ([]byte, error) {
	if len(packed) > mostPacked {
		return nil, fmt.Errorf("over %d bytes", mostPacked)
	}
	head, body, _ := bytes.Cut(packed, []byte("\n"))
	if _, err := strconv.ParseUint(string(head), 10, 53); err != nil {
		return nil, errors.New("it doesn't begin with a revision")
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	compiled, err := io.ReadAll(io.LimitReader(r, mostCompiled+1))
	if err != nil {
		return nil, err
	}
	if len(compiled) > mostCompiled {
		return nil, fmt.Errorf("over %d bytes when unpacked", mostCompiled)
	}
	return compiled, nil
}
