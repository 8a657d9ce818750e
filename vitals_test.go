package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"

	"sitrep/cache"
	"sitrep/store"
)

func TestReadyTellsWhatIsMissing(t *testing.T) {
	t.Parallel()
	record, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "sitrep.db"))
	if err != nil {
		t.Fatal(err)
	}
	shelf, err := cache.Open(cache.Embedded, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p := &parts{record: record, cache: shelf}
	connected := true
	v := p.newVitals()
	for i := range v.parts {
		if v.parts[i].name == "gateway" {
			v.parts[i].up = func(context.Context) bool { return connected }
		}
	}
	for _, tt := range []struct {
		name    string
		happens func() error
		missing []string
	}{
		{"starting", func() error { return nil }, []string{"start"}},
		{"ready", func() error { p.ready.Store(true); return nil }, []string{}},
		{"the gateway is gone", func() error { connected = false; return nil }, []string{"gateway"}},
		{"Redis too", shelf.Close, []string{"gateway", "redis"}},
		{"the gateway is back", func() error { connected = true; return nil }, []string{"redis"}},
		{"the database too", record.Close, []string{"database", "redis"}},
	} {
		if err := tt.happens(); err != nil {
			t.Fatal(err)
		}
		v.said = nil // what was said a moment ago would do
		w := httptest.NewRecorder()
		v.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		var got struct {
			Ready   bool
			Missing []string
			Parts   map[string]bool
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		ready := len(tt.missing) == 0
		if got.Ready != ready || (w.Code == http.StatusOK) != ready || !slices.Equal(got.Missing, tt.missing) || len(got.Parts) != 4 {
			t.Errorf("%s: got %d %s, want %v missing", tt.name, w.Code, w.Body, tt.missing)
		}
	}
}
