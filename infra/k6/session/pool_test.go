package session

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Draws are compared with the law itself by a chi-square test; 5 standard deviations are one false alarm in millions, and
// the seed is fixed.
func TestZipfFollowsItsLaw(t *testing.T) {
	const ranks, draws = 50, 200_000
	for _, exponent := range []float64{0, 0.6, 0.99, 1, 1.21, 3} {
		z := newZipf(rand.New(rand.NewPCG(1, 2)), exponent, ranks)
		var seen [ranks]float64
		for range draws {
			seen[z.draw()]++
		}
		norm := 0.0
		for rank := range ranks {
			norm += math.Pow(float64(rank+1), -exponent)
		}
		square, degrees := 0.0, -1.0
		for rank := range ranks {
			expected := draws * math.Pow(float64(rank+1), -exponent) / norm
			if expected < 5 {
				continue
			}
			square += (seen[rank] - expected) * (seen[rank] - expected) / expected
			degrees++
		}
		if limit := degrees + 5*math.Sqrt(2*degrees); square > limit {
			t.Errorf("exponent %v: chi-square is %.1f, limit %.1f", exponent, square, limit)
		}
	}
}

func TestZipfOfOne(t *testing.T) {
	z := newZipf(rand.New(rand.NewPCG(1, 2)), 0.6, 1)
	for range 100 {
		if got := z.draw(); got != 0 {
			t.Fatalf("drew %d of one", got)
		}
	}
}

func TestPickNeverGivesABusySession(t *testing.T) {
	p := newPool(rand.New(rand.NewPCG(1, 2)), 100, 1.2, "u-")
	for range 100 {
		slot, _ := p.takeFree()
		p.clients[slot].live = true
	}
	picked := map[int32]bool{}
	for range 100 {
		slot, found := p.pick()
		if !found || picked[slot] {
			t.Fatalf("found %v, picked before %v", found, picked[slot])
		}
		picked[slot] = true
		p.clients[slot].busy = true
	}
	if _, found := p.pick(); found {
		t.Error("gave a session while all were busy")
	}
	if p.redraws == 0 {
		t.Error("no redraw was counted")
	}
}

func TestQueue(t *testing.T) {
	var q queue[int]
	next := 0
	for i := range 10_000 {
		q.push(i)
		if i%3 != 0 {
			if got := q.pop(); got != next {
				t.Fatalf("gave %d, not %d", got, next)
			}
			next++
		}
	}
	if q.length() != 10_000-next || *q.front() != next {
		t.Errorf("%d left from %d on", q.length(), *q.front())
	}
}
