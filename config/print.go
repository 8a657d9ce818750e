package config

import (
	"io"
	"log/slog"
	"reflect"
)

// A Setting is one name with what it is set to, secrets hidden.
type Setting struct{ Name, Value string }

// Settings lists all of them in the order of their documentation.
func (c Config) Settings() []Setting {
	v := reflect.ValueOf(c)
	all := make([]Setting, v.NumField())
	for i := range all {
		f := v.Type().Field(i)
		all[i] = Setting{Name: f.Tag.Get("env"), Value: v.Field(i).String()}
		if f.Tag.Get("secret") != "" && all[i].Value != "" {
			all[i].Value = "(set, hidden)"
		}
	}
	return all
}

// Logger writes to w as SITREP_LOG says.
func (c Config) Logger(w io.Writer) *slog.Logger {
	json, level, _ := c.logFormat() // checked by Read
	options := &slog.HandlerOptions{Level: level}
	if json {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
