package session

import (
	"net/http"
	"runtime"
	"testing"
	"time"
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
			if (pacing.Dropped > 0) != each.drops || pacing.Waited == 0 || each.drops && pacing.LastWaitMicros == 0 {
				t.Errorf("%d dropped, %d waited for a connection, the last for %d µs",
					pacing.Dropped, pacing.Waited, pacing.LastWaitMicros)
			}
			if pacing.Answered != sent {
				t.Errorf("%d of %d that were sent count as answered", pacing.Answered, sent)
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

// Slow is slow, failed is failed, and neither queues; logins that repair a lost session are no arrivals.
func TestWhatIsSlowOrFailsHasNoQueueAndRepairsAreNoArrivals(t *testing.T) {
	for _, each := range []struct {
		name             string
		answered, logins int64
		before           func(w http.ResponseWriter, r *http.Request) bool
		spoil            func(method string, found stored, there bool) (stored, bool)
	}{
		{name: "slow", answered: 50, before: func(http.ResponseWriter, *http.Request) bool {
			time.Sleep(60 * time.Millisecond)
			return false
		}},
		{name: "failing", answered: 0, before: func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			return r.Method == http.MethodGet
		}},
		{name: "losing", answered: 50, logins: 50, spoil: func(method string, found stored, there bool) (stored, bool) {
			return found, there && method != http.MethodGet
		}},
	} {
		t.Run(each.name, func(t *testing.T) {
			t.Parallel()
			a := newApp(t)
			a.intercept(each.before)
			a.spoil = each.spoil
			result := drive(t, configFor(t, a.URL, readsOnly, map[string]string{
				"SESSION_RATE": "100", "SESSION_DURATION": "0.5", "SESSION_CONNECTIONS": "64",
			}))
			pacing := result.Pacing
			if pacing.Arrivals != 50 || pacing.Answered != each.answered {
				t.Errorf("%d arrivals, %d answered, not 50 and %d", pacing.Arrivals, pacing.Answered, each.answered)
			}
			if pacing.LastWaitMicros != 0 {
				t.Errorf("the last arrival waited %d µs, though connections were free", pacing.LastWaitMicros)
			}
			if got := result.Phases[Measure.String()].Operations[Login.String()].Count; got != each.logins {
				t.Errorf("%d logins, not %d", got, each.logins)
			}
		})
	}
}
