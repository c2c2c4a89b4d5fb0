package session

import (
	"net/http"
	"runtime"
	"testing"
	"time"
)

// slow makes each request take some time, so that 8 connections carry at most 8 requests in it.
func (a *app) slow(each time.Duration) {
	a.intercept(func(http.ResponseWriter, *http.Request) bool {
		time.Sleep(each)
		return false
	})
}

func TestOvertimeBoundsAnOverloadAndDropsAreCounted(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, engine string) {
		for overtime, all := range map[string]bool{"30": true, "0.05": false} {
			a := newApp(t)
			a.slow(2 * time.Millisecond)
			// 3 times what the connections can carry, at the very most.
			result := drive(t, configFor(t, a.URL, everything, map[string]string{
				"SESSION_RATE": "12000", "SESSION_DURATION": "0.3", "SESSION_OVERTIME": overtime, "SESSION_ENGINE": engine,
			}))
			measured := result.Phases[Measure.String()]
			sent := measured.Requests - measured.Operations[Probe.String()].Count
			if result.Pacing.Arrivals != 3600 || sent+result.Pacing.Dropped != 3600 {
				t.Errorf("overtime %s: %d arrivals, %d sent, %d dropped", overtime, result.Pacing.Arrivals, sent, result.Pacing.Dropped)
			}
			if (result.Pacing.Dropped == 0) != all {
				t.Errorf("overtime %s: %d dropped", overtime, result.Pacing.Dropped)
			}
			if failures, violations := sum(result, Measure); failures+violations > 0 {
				t.Errorf("overtime %s: %d failures, %d violations", overtime, failures, violations)
			}
		}
	})
}

func TestAnOverloadKeepsNoQueueOfItsArrivals(t *testing.T) {
	a := newApp(t)
	a.slow(2 * time.Millisecond)
	allocated := func(rate string) uint64 {
		config := configFor(t, a.URL, everything, map[string]string{
			"SESSION_RATE": rate, "SESSION_DURATION": "0.5", "SESSION_OVERTIME": "0",
		})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		drive(t, config)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	// Both send as much as the connections carry; they differ in half a million operations that wait.
	some, many := allocated("20000"), allocated("1000000")
	if many > some+10<<20 {
		t.Errorf("%d bytes were allocated at 20,000/s and %d at 1,000,000/s", some, many)
	}
}
