// Package pictures draws what is seen quicker than it is read: who stands
// where, who met whom, what comes when.
//
// A picture is made in two steps. A value, such as [Matrix], is computed from a
// briefing and the card that it goes with; its drawing and its alt text are
// made from that value alone. It holds no fact that the card's text doesn't,
// nor a member of an open conflict. [Gallery] draws each picture once and keeps it.
//
// It knows nothing of how messages are sent.
package pictures
