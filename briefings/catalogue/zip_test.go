package catalogue

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// packed is one file of an archive.
type packed struct {
	zip.FileHeader
	text string
}

func pack(t *testing.T, files ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		create := z.CreateRaw // as it is told, whether or not it is so
		if f.Method <= zip.Deflate && f.UncompressedSize64 == 0 {
			create = z.CreateHeader
		}
		w, err := create(&f.FileHeader)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func named(name, text string) packed {
	return packed{FileHeader: zip.FileHeader{Name: name, Method: zip.Deflate}, text: text}
}

func TestOpenZip(t *testing.T) {
	t.Parallel()
	other := strings.NewReplacer("source/a", "source/b", "SRC1", "SRC2").Replace(source)
	link := named("a.yaml", "/etc/passwd")
	link.SetMode(fs.ModeSymlink | 0o777)
	locked := named("a.yaml", source)
	locked.Flags = 1
	method := named("a.yaml", "")
	method.Method, method.UncompressedSize64 = 93, 10
	dense := named("a.yaml", "x")
	dense.UncompressedSize64, dense.CompressedSize64 = 8<<20, 1
	short := named("a.yaml", source)
	short.Method, short.UncompressedSize64, short.CompressedSize64, short.CRC32 = zip.Store, uint64(len(source)), uint64(len(source)), 1
	many := make([]packed, maxZipFiles+1)
	for i := range many {
		many[i] = named("README.md", "")
	}
	for _, tt := range []struct {
		name string
		give []byte
		want string // what Read says then
	}{
		{"files at its top", pack(t, named("a.yaml", source), named("b.yaml", other)), ""},
		{"files in folders", pack(t, named("desk/", ""), named("desk/one/a.yaml", source), named("/b.yaml", other)), ""},
		{"files that would leave the folder", pack(t, named("../../a.yaml", source), named(`C:\desk\b.yaml`, other)), ""},
		{"other files and hidden ones", pack(t, named("a.yaml", source), named("README.md", "x"), named("__MACOSX/._a.yaml", "\x00"), named(".yaml", "x"), named("x.yaml/", "")), ""},
		{"two of one name", pack(t, named("one/a.yaml", source), named(`two\a.yaml`, other)), "a.yaml: stands twice in the archive, as one/a.yaml and as two/a.yaml; leave one of them out"},
		{"a wrong ending", pack(t, named("a.yml", source)), "a.yml: must end in .yaml to be read; rename it"},
		{"no YAML file", pack(t, named("a.txt", source)), "the folder holds no .yaml file; name the folder that holds actors.yaml and the sections"},
		{"a fault in a file", pack(t, named("x/a.yaml", "- b\n")), "a.yaml:1:3: " + itemHint},
		{"a link", pack(t, link), "a.yaml: is no plain file; replace it by one"},
		{"encrypted", pack(t, locked), "a.yaml: is encrypted; make the archive without a password"},
		{"packed in a rare way", pack(t, method), "a.yaml: is packed by method 93; make the archive with the usual one, deflate"},
		{"made to fill the memory", pack(t, dense), "a.yaml: unpacks to 8388608 bytes, over 100 times what it has in the archive, which no text does; replace it"},
		{"not what it was", pack(t, short), "a.yaml: can't be read (zip: checksum error); mend that, or move the file elsewhere"},
		{"a name that is no UTF-8", pack(t, named("\xff.yaml", source)), `"\xff.yaml": has a name that is not valid UTF-8; rename it`},
		{"a name that steers the screen", pack(t, named("\x1b[2J.yaml", "- b\n")), `"\x1b[2J.yaml":1:3: ` + itemHint},
		{"an archive inside", pack(t, named("a.yaml", source), named("more/rest.ZIP", "PK")), "rest.ZIP: is an archive inside the archive; unpack it, and put its files in instead"},
		{"many files", pack(t, many...), "the archive holds 1001 files, at most 1000 fit; leave out what is no YAML file"},
		{"no archive", []byte(source), "can't be read as a zip archive (zip: not a valid zip file); make it anew"},
		{"the half of one", pack(t, named("a.yaml", source))[:60], "can't be read as a zip archive (zip: not a valid zip file); make it anew"},
		{"too long", make([]byte, maxZipBytes+1), "the archive has 9437185 bytes, at most 9437184 fit; leave out what is no YAML file, or split it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			files, err := OpenZip(bytes.NewReader(tt.give), int64(len(tt.give)))
			if err == nil {
				_, err = Read(files, RecordedAt())
			}
			if err != nil {
				got = err.Error()
			}
			if faults := (Faults{}); err != nil && !errors.As(err, &faults) {
				t.Errorf("the error is a %T, want Faults", err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("what is said (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOpenZipThatCannotBeRead(t *testing.T) {
	t.Parallel()
	broken := struct {
		*bytes.Reader
	}{bytes.NewReader(nil)}
	if _, err := OpenZip(broken, 10); err == nil {
		t.Error("an archive shorter than it is said to be gave no error")
	}
	if err := WriteZip(failing{}, map[string][]byte{"a.yaml": bytes.Repeat([]byte("a"), 9000)}); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("WriteZip to what takes nothing = %v, want its error", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, iotest.ErrTimeout }

// What is written as an archive is read as it would be from a folder.
func TestWriteZipThenOpenZip(t *testing.T) {
	t.Parallel()
	items, err := Read(Bundled(), RecordedAt())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	want := Write(items)
	if err := WriteZip(&b, want); err != nil {
		t.Fatal(err)
	}
	files, err := OpenZip(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Read(files, RecordedAt())
	if err != nil {
		t.Fatal(err)
	}
	if got := Write(again); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("the bundled briefing after an archive (-want +got):\n%s", cmp.Diff(want, got))
	}
}

// FuzzOpenZip looks for an archive that makes reading panic, or gives more than
// the bounds allow.
func FuzzOpenZip(f *testing.F) {
	var b bytes.Buffer
	if err := WriteZip(&b, map[string][]byte{"a.yaml": []byte(source), "b.yaml": nil}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := OpenZip(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		items, err := Read(files, RecordedAt())
		faults := Faults{}
		if err != nil && (!errors.As(err, &faults) || len(items) > 0) {
			t.Errorf("Read = %d items, %v; want items or Faults", len(items), err)
		}
	})
}
