package main

import (
	"os"
	"strings"
	"testing"

	"sitrep/config"
)

// A setting that is not told is not there for anybody.
func TestEverySettingIsTold(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, line := range settingsHelp() {
		told[line[0]] = true
	}
	settings := config.Config{}.Settings()
	for _, s := range settings {
		if !told[s.Name] {
			t.Errorf("--help lacks %s", s.Name)
		}
		if !strings.Contains(string(readme), "`"+s.Name+"`") {
			t.Errorf("README.md lacks %s", s.Name)
		}
	}
	if len(told) != len(settings) {
		t.Errorf("--help tells %d settings, there are %d", len(told), len(settings))
	}
}

func TestChangelogTellsTheRelease(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	_, first, _ := strings.Cut(string(text), "\n## [")
	if got, _, _ := strings.Cut(first, "]"); got != release {
		t.Errorf("CHANGELOG.md begins with %s, the binary says %s", got, release)
	}
}
