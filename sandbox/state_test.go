package sandbox

import (
	"fmt"
	"testing"
)

// Answers for one member alone are bounded; what all may read is not.
func TestEphemeralMessagesAreForgotten(t *testing.T) {
	t.Parallel()
	st := newState()
	put := func(id int, visible string) {
		st.apply(change{Message: &message{ID: fmt.Sprint(id), Channel: "7", Visible: visible}})
	}
	put(1_000_000, "")
	for i := range 2 * mostEphemeral {
		put(1_000_001+i, "1")
	}
	put(2_000_000, "")
	if got := len(st.messages["7"]); got != mostEphemeral+2 {
		t.Errorf("%d messages are kept, want %d and the two for all", got, mostEphemeral)
	}
	if st.message("7", "1000000") == nil || st.message("7", "2000000") == nil {
		t.Error("a message for all was forgotten")
	}
	if st.message("7", "1000001") != nil || st.message("7", fmt.Sprint(1_000_000+2*mostEphemeral)) == nil {
		t.Error("the newest were forgotten, want the oldest")
	}
	st.apply(change{Gone: &gone{Channel: "7", Message: fmt.Sprint(1_000_000 + 2*mostEphemeral)}})
	put(3_000_000, "1")
	if got := len(st.messages["7"]); got != mostEphemeral+2 {
		t.Errorf("%d messages are kept after one was deleted and one came, want %d", got, mostEphemeral+2)
	}
}
