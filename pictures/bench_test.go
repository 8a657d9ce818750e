package pictures

import "testing"

// BenchmarkDraw draws each picture anew and tells how large it is.
func BenchmarkDraw(b *testing.B) {
	for name, h := range hung(b, "en") {
		b.Run(name, func(b *testing.B) {
			g := gallery(b)
			bytes := 0
			b.ReportAllocs()
			for b.Loop() {
				png, err := g.paint(h.Picture)
				if err != nil {
					b.Fatal(err)
				}
				bytes = len(png)
			}
			b.ReportMetric(float64(bytes), "bytes/picture")
		})
	}
}

// BenchmarkKept hangs a picture that was drawn before.
func BenchmarkKept(b *testing.B) {
	for name, h := range hung(b, "en") {
		b.Run(name, func(b *testing.B) {
			g := gallery(b)
			h.hang(g)
			b.ReportAllocs()
			for b.Loop() {
				if h.hang(g).Picture == nil {
					b.Fatal("it was left out")
				}
			}
		})
	}
}

// BenchmarkValue computes the matrix from the briefing.
func BenchmarkValue(b *testing.B) {
	h := hung(b, "en")["positions"]
	say := bundled(b, "en")
	b.ReportAllocs()
	for b.Loop() {
		if MatrixOf(say, h.Card) == nil {
			b.Fatal("there is nothing to draw")
		}
	}
}
