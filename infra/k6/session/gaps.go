package session

import "time"

const (
	// shortestGap and gapArrivals bound what counts as a gap: it is as long as both, so that it is no chance of the schedule.
	shortestGap = int64(100 * time.Millisecond)
	gapArrivals = 20
	// mostGaps bounds the list.
	mostGaps = 1000
)

// Gap is a time of the measured phase, in seconds since its start, in which no arrival got a right answer: from the last
// one before to the first one after.
type Gap struct {
	FromSeconds float64 `json:"fromSeconds"`
	// UntilSeconds is nil where none came until the end.
	UntilSeconds *float64 `json:"untilSeconds"`
}

// gaps finds the times without a right answer. Its moments are on the engine's clock.
type gaps struct {
	start, shortest, lastRight int64
	found                      []Gap
}

// newGaps begins at the start of the measured phase; rate is in arrivals per second, 0 in a closed loop.
func newGaps(start int64, rate float64) gaps {
	shortest := shortestGap
	if rate > 0 {
		shortest = max(shortest, int64(gapArrivals/rate*1e9))
	}
	return gaps{start: start, shortest: shortest, lastRight: start, found: []Gap{}}
}

// right notes a right answer.
func (g *gaps) right(now int64) {
	if g.isGap(now) {
		until := g.seconds(now)
		g.found = append(g.found, Gap{FromSeconds: g.seconds(g.lastRight), UntilSeconds: &until})
	}
	g.lastRight = now
}

// end notes that the last arrival was answered, right or wrong, or given up.
func (g *gaps) end(lastAnswer int64) {
	if g.isGap(lastAnswer) {
		g.found = append(g.found, Gap{FromSeconds: g.seconds(g.lastRight)})
	}
}

func (g *gaps) isGap(now int64) bool { return now-g.lastRight >= g.shortest && len(g.found) < mostGaps }

func (g *gaps) seconds(moment int64) float64 { return float64(moment-g.start) / 1e9 }
