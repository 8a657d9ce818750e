package main

import (
	"testing"

	"sitrep/metrics"
	"sitrep/words"
)

func TestConditionsOfAnswers(t *testing.T) {
	t.Parallel()
	p := &parts{metrics: metrics.New()}
	book, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	holds := map[string]func() bool{}
	for _, c := range p.conditions() {
		if w := book.In("en"); !w.Has("operator.title."+c.Name) || !w.Has("operator.do."+c.Name) {
			t.Errorf("there are no words for %s", c.Name)
		}
		holds[c.Name] = func() bool { return c.Holds(t.Context()) }
	}
	answer := func(n int, outcome string) {
		for range n {
			p.metrics.Interaction("command", "/talks", outcome, 1)
		}
	}
	for _, tt := range []struct {
		name    string
		happens func()
		want    bool
	}{
		{"nothing", func() {}, false},
		{"few failures and nothing else", func() { answer(leastWrong-1, "fault") }, false},
		{"one more", func() { answer(1, "lost") }, true},
		{"mistakes of people's", func() { answer(20*leastWrong, "mistake") }, false},
		{"more failures", func() { answer(leastWrong, "fault") }, true},
	} {
		tt.happens()
		if got := holds["failing"](); got != tt.want {
			t.Errorf("%s: failing is %t, want %t", tt.name, got, tt.want)
		}
	}
	for range looksBack {
		holds["failing"]()
	}
	if holds["failing"]() {
		t.Error("five minutes later it still fails, want it forgotten")
	}
}
