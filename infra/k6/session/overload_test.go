package session

import (
	"net/http"
	"runtime"
	"testing"
)

// No app answers a million requests in a second, so that most arrivals wait.
const overload = "1000000"

func TestOvertimeBoundsAnOverloadAndDropsAreCounted(t *testing.T) {
	for _, each := range []struct {
		name, rate, overtime string
		arrivals             int64
		drops                bool
	}{
		{"long enough for all", rateOf(2000), "60", 2000, false},
		{"short", overload, "0.05", 100_000, true},
	} {
		t.Run(each.name, func(t *testing.T) {
			a := newApp(t)
			result := drive(t, configFor(t, a.URL, everything, map[string]string{
				"SESSION_RATE": each.rate, "SESSION_OVERTIME": each.overtime,
			}))
			measured, pacing := result.Phases[Measure.String()], result.Pacing
			sent := measured.Requests - measured.Operations[Probe.String()].Count
			if pacing.Arrivals != each.arrivals || sent+pacing.Dropped != each.arrivals {
				t.Errorf("%d arrivals, %d sent, %d dropped", pacing.Arrivals, sent, pacing.Dropped)
			}
			if (pacing.Dropped > 0) != each.drops || pacing.Waited == 0 {
				t.Errorf("%d dropped, %d waited for a connection", pacing.Dropped, pacing.Waited)
			}
			if got := violationsOf(result); got != (Violations{}) {
				t.Errorf("violations: %+v", got)
			}
		})
	}
}

func TestAnOverloadKeepsNoQueueOfItsArrivals(t *testing.T) {
	a := newApp(t)
	hang := make(chan struct{})
	a.intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			<-hang
		}
		return r.Method == http.MethodGet
	})
	defer close(hang)
	few := readsOnly
	few.Sessions = 20
	allocated := func(rate string) uint64 {
		config := configFor(t, a.URL, few, map[string]string{
			"SESSION_RATE": rate, "SESSION_OVERTIME": "0", "SESSION_TIMEOUT_MS": "200",
		})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		result := drive(t, config)
		runtime.ReadMemStats(&after)
		if got := result.Phases[Measure.String()].Requests; got != int64(config.Connections) {
			t.Errorf("%d requests were sent to an app that answers none of %d", got, config.Connections)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	// Both send as many requests; they differ in 98,000 operations that wait, of which each would take 8 bytes at least.
	some, many := allocated(rateOf(2_000)), allocated(overload)
	if many > some+98_000*8/2 {
		t.Errorf("%d bytes were allocated with 2,000 arrivals and %d with 100,000", some, many)
	}
}
