package catalogue_test

import (
	"testing"
	"testing/fstest"

	"sitrep/briefings/catalogue"
)

func TestStamps(t *testing.T) {
	t.Parallel()
	on := func(desk string, rev int, text string) []byte {
		files := map[string][]byte{"x": []byte(text)}
		catalogue.Stamp{Desk: "1001", Rev: rev}.Onto(files)
		if desk != "1001" {
			catalogue.Stamp{Desk: "2002", Rev: rev}.Onto(files)
		}
		return files["x"]
	}
	for _, tt := range []struct {
		name  string
		files map[string][]byte
		want  catalogue.Stamp
	}{
		{"none", map[string][]byte{"a.yaml": []byte("- id: actor/a\n")}, catalogue.Stamp{}},
		{"no files", nil, catalogue.Stamp{}},
		{"one", map[string][]byte{"a.yaml": on("1001", 7, "- id: actor/a\n")}, catalogue.Stamp{Desk: "1001", Rev: 7}},
		{"as Windows saves it", map[string][]byte{"a.yaml": append([]byte("\ufeff"), on("1001", 7, "")...)}, catalogue.Stamp{Desk: "1001", Rev: 7}},
		{"the older of two", map[string][]byte{"a.yaml": on("1001", 7, ""), "b.yaml": on("1001", 5, "")}, catalogue.Stamp{Desk: "1001", Rev: 5}},
		{"of two desks", map[string][]byte{"a.yaml": on("1001", 7, ""), "b.yaml": on("2002", 5, "")}, catalogue.Stamp{}},
		{"one file lacks it", map[string][]byte{"a.yaml": on("1001", 7, ""), "b.yaml": []byte("")}, catalogue.Stamp{}},
		{"a file that isn't read", map[string][]byte{"a.yaml": on("1001", 7, ""), "read.me": []byte("x")}, catalogue.Stamp{Desk: "1001", Rev: 7}},
		{"no revision", map[string][]byte{"a.yaml": []byte("# Desk 1001, revision 0. Keep")}, catalogue.Stamp{}},
		{"further down", map[string][]byte{"a.yaml": append([]byte("\n"), on("1001", 7, "")...)}, catalogue.Stamp{}},
		{"a desk that is none", map[string][]byte{"a.yaml": []byte("# Desk <@1>, revision 2. Keep")}, catalogue.Stamp{}},
	} {
		fsys := fstest.MapFS{}
		for name, data := range tt.files {
			fsys[name] = &fstest.MapFile{Data: data}
		}
		if got := catalogue.StampOf(fsys); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
