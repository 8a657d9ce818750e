package bot

import (
	"errors"
	"fmt"
	"time"
)

// A closedError is Discord closing the gateway connection.
type closedError struct {
	code int
	text string
}

func (e *closedError) Error() string {
	if e.text == "" {
		return fmt.Sprintf("Discord closed the connection with %d", e.code)
	}
	return fmt.Sprintf("Discord closed the connection with %d: %s", e.code, e.text)
}

var (
	// errAsked is op 7: Discord wants this connection to start again.
	errAsked = errors.New("Discord asked for a new connection")

	// errInvalid and errStale are op 9: the session may be resumed, or not.
	errInvalid = errors.New("Discord did not accept the session just now")
	errStale   = errors.New("Discord has forgotten the session")
)

// fatal returns the error that ends the gateway for good, or nil where another
// connection may go better.
func fatal(reason error) error {
	closing := new(closedError)
	if errors.Is(reason, ErrTokenRefused) {
		return reason
	}
	if !errors.As(reason, &closing) {
		return nil
	}
	advice := ""
	switch closing.code {
	case 4004:
		return fmt.Errorf("%w (%w)", ErrTokenRefused, closing)
	case 4010:
		advice = "this shard does not exist: check SITREP_SHARDS"
	case 4011:
		advice = "the bot is in too many servers for one connection: set SITREP_SHARDS, such as 0-1/2"
	case 4012:
		advice = "Discord no longer speaks this version of its gateway: install a newer sitrep"
	case 4013:
		advice = "Discord does not know the intents that were asked for: install a newer sitrep"
	case 4014:
		advice = "Discord does not grant the intents that were asked for: look under Bot, Privileged Gateway Intents, " +
			"at https://discord.com/developers/applications"
	default:
		return nil
	}
	return fmt.Errorf("bot: the gateway is closed for good: %s (%w)", advice, closing)
}

// A spentError is that Discord allows no more sessions until some time has passed.
type spentError struct{ resets time.Duration }

func (e *spentError) Error() string {
	return fmt.Sprintf("Discord allows no more gateway sessions for %s", e.resets.Round(time.Second))
}

// resumable tells whether the session outlives this end of its connection.
func resumable(reason error) bool {
	closing := new(closedError)
	if errors.As(reason, &closing) {
		switch closing.code {
		case 1000, 4007, 4009:
			return false
		}
	}
	return !errors.Is(reason, errStale)
}
