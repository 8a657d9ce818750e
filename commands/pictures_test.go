package commands

import (
	"log/slog"
	"strings"
	"testing"

	"sitrep/pictures"
)

// Each of these answers comes with a picture that has words for who can't see
// it, and says the same without one.
func TestAnswersWithPictures(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for command, name := range map[string]string{
		"positions": "positions.png", "timeline": "timeline.png", "dates": "countdown.png", "figures": "figures.png", "brief": "tracks.png",
	} {
		r.desk.Pictures = nil
		r.set = r.desk.All()
		bare := r.ask(member(), command, nil)
		if bare.card.Picture != nil {
			t.Errorf("/%s has a picture although there is no gallery", command)
		}
		gallery, err := pictures.New(slog.New(slog.NewTextHandler(t.Output(), nil)))
		if err != nil {
			t.Fatal(err)
		}
		r.desk.Pictures = gallery
		r.set = r.desk.All()
		got := r.ask(member(), command, nil)
		switch p := got.card.Picture; {
		case p == nil:
			t.Errorf("/%s has no picture", command)
		case p.Name != name || p.Alt == "" || !strings.HasPrefix(string(p.PNG), "\x89PNG"):
			t.Errorf("/%s has the picture %s (%d bytes): %q", command, p.Name, len(p.PNG), p.Alt)
		}
		if got.text != bare.text {
			t.Errorf("/%s reads otherwise with its picture:\n%s", command, got.text)
		}
	}
}
