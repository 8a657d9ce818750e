package bot

import (
	"encoding/json"
	"log/slog"
	"testing"

	"sitrep/commands"
	"sitrep/pictures"
)

// BenchmarkCards is each reading command from its options to the message that
// Discord would get, without the network; its picture has been drawn before.
func BenchmarkCards(b *testing.B) {
	desk, _ := newDesk(b)
	var err error
	if desk.Pictures, err = pictures.New(slog.New(slog.DiscardHandler)); err != nil {
		b.Fatal(err)
	}
	for _, tt := range []struct {
		command string
		input   commands.Input
	}{
		{"brief", nil},
		{"talks", nil},
		{"energy", nil},
		{"actors", nil},
		{"actors", commands.Input{"name": "A12"}},
		{"positions", nil},
		{"timeline", nil},
		{"dates", nil},
		{"figures", nil},
		{"claims", nil},
		{"watch", nil},
		{"item", commands.Input{"ref": "F5"}},
		{"sources", nil},
		{"search", commands.Input{"query": "budanow"}},
		{"changes", nil},
		{"help", nil},
	} {
		name := tt.command
		for _, v := range tt.input {
			name += " " + v
		}
		c, ok := desk.All().Command(tt.command)
		if !ok {
			b.Fatalf("there is no /%s", tt.command)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				reply, err := c.Run(b.Context(), member(), tt.input)
				if err != nil {
					b.Fatal(err)
				}
				message, err := json.Marshal(answer{Type: answerMessage, Data: render(reply.Card, "")})
				if err != nil {
					b.Fatal(err)
				}
				size = len(message)
			}
			b.ReportMetric(float64(size), "message-B")
		})
	}
}
