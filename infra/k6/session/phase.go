package session

import (
	"math/rand/v2"
	"time"
)

// Phase is a part of a load.
type Phase uint8

// The phases in their order.
const (
	Seed Phase = iota
	Warmup
	Measure
	phaseCount
)

var phaseNames = [phaseCount]string{"seed", "warmup", "measure"}

func (phase Phase) String() string { return phaseNames[phase] }

// schedule says when the next operation is due, on the engine's clock.
type schedule interface {
	// next gives the intended start of the next operation; false when there is none any more. In a closed loop it is
	// the present.
	next(now int64) (int64, bool)
	// take moves on to the operation after it.
	take()
}

// steady spaces operations evenly: i is due at start + i/rate. Computed from i, so that no error adds up.
type steady struct {
	start, index, count int64
	rate                float64
}

func newSteady(start int64, rate float64, length time.Duration) *steady {
	return &steady{start: start, rate: rate, count: int64(rate * length.Seconds())}
}

func (s *steady) next(int64) (int64, bool) {
	return s.start + int64(float64(s.index)/s.rate*1e9), s.index < s.count
}

func (s *steady) take() { s.index++ }

// poisson spaces operations by exponential times.
type poisson struct {
	due, end int64
	mean     float64
	random   *rand.Rand
}

func newPoisson(start int64, rate float64, length time.Duration, random *rand.Rand) *poisson {
	p := &poisson{due: start, end: start + int64(length), mean: 1e9 / rate, random: random}
	p.take()
	return p
}

func (p *poisson) next(int64) (int64, bool) { return p.due, p.due < p.end }

func (p *poisson) take() { p.due += int64(p.random.ExpFloat64() * p.mean) }

// backToBack is a closed loop: an operation is due as soon as a connection is free, until the end.
type backToBack struct{ end int64 }

func (b *backToBack) next(now int64) (int64, bool) { return now, now < b.end }

func (b *backToBack) take() {}
