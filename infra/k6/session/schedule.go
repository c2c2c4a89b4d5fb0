package session

import (
	"sort"
	"time"
)

// Phase is a part of a load.
type Phase uint8

// The phases in their order.
const (
	Seed Phase = iota
	Warmup
	Measure
	// Sweep comes after the load, where it was asked for.
	Sweep
	phaseCount
)

var phaseNames = [phaseCount]string{"seed", "warmup", "measure", "sweep"}

func (phase Phase) String() string { return phaseNames[phase] }

// bySecond means that what happens is kept for each second, and timed.
func (phase Phase) bySecond() bool { return phase == Warmup || phase == Measure }

// schedule says when the arrivals of a phase are due, on the engine's clock.
type schedule interface {
	// next gives the intended start of the next arrival, and never when none is left.
	next(now int64) int64
	// take moves on to the arrival after the next one.
	take()
	// drop gives up what is left, and counts the arrivals that were due before a moment.
	drop(before int64) int64
}

func newSchedule(config Config, start int64, length time.Duration) schedule {
	if config.Loop == ClosedLoop {
		return &backToBack{end: start + int64(length)}
	}
	return newSteady(start, config.Rate, length, int64(config.Arrival.atOnce()))
}

// steady spaces arrivals evenly: i is due at start + i/rate. Computed from i, so that no error adds up. Those of a page are
// due together, with the first of them.
type steady struct {
	start, index, count int64
	rate                float64
	together            int64
}

func newSteady(start int64, rate float64, length time.Duration, together int64) *steady {
	groups := int64(rate*length.Seconds()) / together
	return &steady{start: start, rate: rate, together: together, count: groups * together}
}

func (s *steady) due(index int64) int64 {
	return s.start + int64(float64(index-index%s.together)/s.rate*1e9)
}

func (s *steady) next(int64) int64 {
	if s.index >= s.count {
		return never
	}
	return s.due(s.index)
}

func (s *steady) take() { s.index++ }

func (s *steady) drop(before int64) int64 {
	late := sort.Search(int(s.count-s.index), func(i int) bool { return s.due(s.index+int64(i)) >= before })
	s.index = s.count
	return int64(late)
}

// backToBack is a closed loop: an arrival is due as soon as a connection is free, until the end. Nothing waits, so that
// nothing is dropped.
type backToBack struct{ end int64 }

func (b *backToBack) next(now int64) int64 {
	if now >= b.end {
		return never
	}
	return now
}

func (b *backToBack) take() {}

func (b *backToBack) drop(int64) int64 {
	b.end = 0
	return 0
}
