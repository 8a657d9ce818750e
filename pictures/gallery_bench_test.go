package pictures

import "testing"

// BenchmarkPaint draws each picture of the bundled briefing anew.
func BenchmarkPaint(b *testing.B) {
	g := gallery(b)
	for name, p := range hung(b, "en") {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				png, err := g.paint(p.Picture)
				if err != nil {
					b.Fatal(err)
				}
				size = len(png)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pictures/s")
			b.ReportMetric(float64(size), "PNG-B")
		})
	}
}
