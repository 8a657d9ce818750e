// Package commands holds every slash command, one file each: a request struct
// whose tags are the options that Discord shows, and a handler that turns a
// request into a card or a form.
//
// Handlers get facts and return words. They know nothing of sessions, of the
// three seconds Discord waits, or of roles: a [Command] declares who may use
// it and package bot keeps to that.
package commands
