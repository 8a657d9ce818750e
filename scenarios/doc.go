// Package scenarios holds whole paths as scripts: testdata/*.txtar drive the
// real binary and its sandbox as people would. A new case is a new file.
//
// The verbs are: start and shutdown, kill9, act (a member uses a slash
// command), complete (what is offered while typing), press (a button or a
// selection of the last message), fill (the last form), messages (what a
// channel shows somebody), remove (the digest offered last), clock (move it), and await (until the log has a line).
package scenarios
