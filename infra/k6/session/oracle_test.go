package session

import (
	"net/http"
	"testing"
)

const faults = 12

// A fault of each class is injected 12 times under a load over many connections. It must be counted as often, in its
// class, and nothing else.
func TestEachFaultIsCountedOnceInItsClass(t *testing.T) {
	permissions := func() *budget { return newBudget(faults, 3) }
	cases := []struct {
		name  string
		spoil func(a *app)
		want  Violations
	}{
		{"nothing wrong", func(*app) {}, Violations{}},
		{"a read finds nothing", func(a *app) {
			b := permissions()
			a.spoil = func(method string, found stored, there bool) (stored, bool) {
				return found, there && !(method == http.MethodGet && b.take())
			}
		}, Violations{Lost: faults}},
		{"a write finds nothing", func(a *app) {
			b := permissions()
			a.spoil = func(method string, found stored, there bool) (stored, bool) {
				return found, there && !(method == http.MethodPatch && b.take())
			}
		}, Violations{Lost: faults}},
		{"a logout finds nothing", func(a *app) {
			b := permissions()
			a.spoil = func(method string, found stored, there bool) (stored, bool) {
				return found, there && !(method == http.MethodDelete && b.take())
			}
		}, Violations{Lost: faults}},
		{"a read is old", func(a *app) {
			b := permissions()
			a.spoil = func(method string, found stored, there bool) (stored, bool) {
				if there && method == http.MethodGet && found.Version > 1 && b.take() {
					found.Version--
				}
				return found, there
			}
		}, Violations{Stale: faults}},
		{"a write starts from what is old", func(a *app) {
			b := permissions()
			a.spoil = func(method string, found stored, there bool) (stored, bool) {
				if there && method == http.MethodPatch && found.Version > 2 && b.take() {
					found.Version -= 2
				}
				return found, there
			}
		}, Violations{Stale: faults}},
		{"a read gives somebody else's data", func(a *app) {
			b := permissions()
			a.spoil = func(method string, found stored, there bool) (stored, bool) {
				if there && method == http.MethodGet && b.take() {
					found.User = "u-someone-else"
				}
				return found, there
			}
		}, Violations{Crossed: faults}},
		{"a write answers with somebody else's data", func(a *app) {
			b := permissions()
			a.spoil = func(method string, found stored, there bool) (stored, bool) {
				if there && method == http.MethodPatch && b.take() {
					found.User = "u-someone-else"
				}
				return found, there
			}
		}, Violations{Crossed: faults}},
		{"a logout is forgotten", func(a *app) { a.forget = permissions().take }, Violations{Resurrected: faults}},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			a := newApp(t)
			each.spoil(a)
			result := drive(t, configFor(t, a.URL, everything, nil))
			if got := violationsOf(result); got != each.want {
				t.Errorf("violations are %+v, not %+v", got, each.want)
			}
			if got := failuresOf(result); got != (Errors{}) {
				t.Errorf("failures: %+v", got)
			}
			if requestsOf(result) != a.total() {
				t.Errorf("%d requests, but the app counted %d", requestsOf(result), a.total())
			}
		})
	}
}

// With every slot taken and more logins than logouts, logins replace sessions: the old ones must end.
func TestALoginThatLeavesTheOldSessionIsResurrected(t *testing.T) {
	a := newApp(t)
	a.keepOld = newBudget(faults, 3).take
	workload := everything
	workload.Mix = Mix{Login: 0.3, Read: 0.7}
	result := drive(t, configFor(t, a.URL, workload, nil))
	if got, want := violationsOf(result), (Violations{Resurrected: faults}); got != want {
		t.Errorf("violations are %+v, not %+v", got, want)
	}
	operations := result.Phases["measure"].Operations
	if operations["probe"].Count != operations["login"].Count {
		t.Errorf("%d logins replaced a session, but %d probes", operations["login"].Count, operations["probe"].Count)
	}
}

func TestALoginThatGivesSomebodyElsesSessionIsCountedOnce(t *testing.T) {
	a := newApp(t)
	b := newBudget(faults, 4)
	a.intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !b.take() {
			return false
		}
		a.mutex.Lock()
		defer a.mutex.Unlock()
		for id, session := range a.sessions {
			http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Path: "/"})
			answer(w, http.StatusCreated, session)
			return true
		}
		b.left.Add(1)
		return false
	})
	result := drive(t, configFor(t, a.URL, everything, nil))
	if got, want := violationsOf(result), (Violations{Crossed: faults}); got != want {
		t.Errorf("violations are %+v, not %+v", got, want)
	}
}

func TestEveryLogoutHasOneProbe(t *testing.T) {
	a := newApp(t)
	workload := everything
	workload.Mix = Mix{Login: 0.2, Read: 0.6, Logout: 0.2}
	result := drive(t, configFor(t, a.URL, workload, map[string]string{"SESSION_WARMUP": "0.1"}))
	probes, ended := int64(0), a.counts[http.MethodDelete]
	for _, phase := range result.Phases {
		probes += phase.Operations["probe"].Count
	}
	replaced := a.counts[http.MethodPost] - ended - int64(len(a.sessions))
	if probes != ended+replaced {
		t.Errorf("%d sessions were logged out and %d replaced, but %d probes were sent", ended, replaced, probes)
	}
}

// Failures are no violations, whatever a write of unknown outcome did.
func TestWritesOfUnknownOutcomeMakeNoViolation(t *testing.T) {
	a := newApp(t)
	b := newBudget(1<<40, 4)
	a.intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPatch || !b.take() {
			return false
		}
		if b.asked.Load()%8 == 0 {
			// It happened all the same.
			a.mutex.Lock()
			defer a.mutex.Unlock()
			if cookie, err := r.Cookie("session"); err == nil {
				if found, there := a.sessions[cookie.Value]; there {
					found.Version++
					a.sessions[cookie.Value] = found
				}
			}
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	result := drive(t, configFor(t, a.URL, everything, nil))
	if got := violationsOf(result); got != (Violations{}) {
		t.Errorf("violations: %+v", got)
	}
	failures := failuresOf(result)
	if failures.Server == 0 || failures.total() != failures.Server {
		t.Errorf("failures: %+v", failures)
	}
}

func TestImpossibleAnswersAreProtocolFailures(t *testing.T) {
	spoils := map[string]func(found stored) stored{
		"a version that nobody wrote": func(found stored) stored { found.Version += 7; return found },
		"a payload of another size":   func(found stored) stored { found.PayloadBytes++; return found },
	}
	for name, spoil := range spoils {
		t.Run(name, func(t *testing.T) {
			a := newApp(t)
			b := newBudget(faults, 5)
			// Two wrong answers alike in a row cannot be told from the truth, so no session gets them.
			justSpoiled := map[string]bool{}
			a.spoil = func(method string, found stored, there bool) (stored, bool) {
				if !there || method != http.MethodGet {
					return found, there
				}
				justSpoiled[found.User] = !justSpoiled[found.User] && b.take()
				if justSpoiled[found.User] {
					return spoil(found), true
				}
				return found, true
			}
			workload := everything
			workload.Mix = Mix{Read: 1}
			result := drive(t, configFor(t, a.URL, workload, nil))
			if got := violationsOf(result); got != (Violations{}) {
				t.Errorf("violations: %+v", got)
			}
			if got := failuresOf(result); got.Protocol != faults || got.total() != faults {
				t.Errorf("failures are %+v, not %d of protocol", got, faults)
			}
		})
	}
}

func TestVersions(t *testing.T) {
	check := func(v versions, low, high int64) {
		t.Helper()
		if l, h := v.bounds(); l != low || h != high {
			t.Errorf("bounds are %d to %d, not %d to %d", l, h, low, high)
		}
	}
	var v versions
	v.confirm(5)
	check(v, 5, 5)
	v.writeUnknown(100)
	check(v, 5, 6)
	v.writeUnknown(100)
	check(v, 5, 7)
	v.confirm(9)
	// The first of the unknown writes may still put back 6 over 9, or come on top of it.
	check(v, 6, 11)
	v.forget()
	check(v, 9, 9)
	v.doubt(3, 10, 100)
	check(v, 3, 10)
	v.confirm(4)
	check(v, 4, 4)
}
