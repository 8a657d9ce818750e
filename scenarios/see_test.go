package scenarios

import (
	"fmt"
	"regexp"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// see CHANNEL USER PATTERN looks at a channel until what USER sees there holds
// PATTERN: for what the bot does by itself.
func see(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile(args[2])
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		text := readMessages(ts, args[0], args[1])
		if pattern.MatchString(text) {
			fmt.Fprint(ts.Stdout(), text)
			return
		}
		if time.Since(begun) > patience {
			ts.Fatalf("%s went by without %q; what is to be read is:\n%s", patience, args[2], text)
		}
	}
}
