package session

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// pagesOf is a workload of pages of four reads and two writes.
func pagesOf(logouts, logins float64) Workload {
	workload := everything
	workload.Arrival = Arrival{Kind: PageArrival, Reads: 4, Writes: 2, Logouts: logouts, Logins: logins}
	return workload
}

// drivePages sends 50 pages over few connections, and gives what came of them.
func drivePages(t *testing.T, a *app, workload Workload) (Result, Pages) {
	t.Helper()
	result := drive(t, configFor(t, a.URL, workload, map[string]string{"SESSION_RATE": rateOf(300)}))
	if result.Pages == nil {
		t.Fatal("nothing is said of pages")
	}
	pages := *result.Pages
	latencies, err := hdrhistogram.Decode([]byte(pages.Intended))
	if err != nil || latencies.TotalCount() != pages.Count-pages.Failed {
		t.Errorf("%d latencies of %d pages, %d of which failed: %v", latencies.TotalCount(), pages.Count, pages.Failed, err)
	}
	if pages.Count != 50 || result.Pacing.Arrivals != 300 || requestsOf(result) != a.total() {
		t.Errorf("%d pages, %d arrivals, %d requests of which the app counted %d",
			pages.Count, result.Pacing.Arrivals, requestsOf(result), a.total())
	}
	pages.Intended = ""
	return result, pages
}

// idOf is the session that a request brings, empty without one.
func idOf(r *http.Request) string {
	cookie, err := r.Cookie("session")
	if err != nil {
		return ""
	}
	return cookie.Value
}

// groups holds the requests of each session until so many are there.
type groups struct {
	mutex   sync.Mutex
	size    int
	waiting map[string]chan struct{}
	there   map[string]int
}

func newGroups(size int) *groups {
	return &groups{size: size, waiting: map[string]chan struct{}{}, there: map[string]int{}}
}

func (g *groups) join(session string) {
	g.mutex.Lock()
	complete, found := g.waiting[session]
	if !found {
		complete = make(chan struct{})
		g.waiting[session] = complete
	}
	g.there[session]++
	if g.there[session] == g.size {
		delete(g.waiting, session)
		delete(g.there, session)
		close(complete)
	}
	g.mutex.Unlock()
	<-complete
}

func TestTheRequestsOfAPageAreInFlightAtOnce(t *testing.T) {
	a := newApp(t)
	together := newGroups(6)
	var mutex sync.Mutex
	requests := map[string]int{}
	a.intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		id := idOf(r)
		if id == "" {
			return false
		}
		mutex.Lock()
		requests[id]++
		// Each seventh is the read after the page.
		settles := requests[id]%7 == 0
		mutex.Unlock()
		if !settles {
			together.join(id)
		}
		return false
	})
	result, pages := drivePages(t, a, pagesOf(0, 0))
	if want := (Pages{Count: 50, Settling: 50, Clear: 50, Writes: 100}); pages != want {
		t.Errorf("pages are %+v, not %+v", pages, want)
	}
	measured := result.Phases["measure"].Operations
	if read, write := measured["read"].Count, measured["write"].Count; read != 250 || write != 100 {
		t.Errorf("%d reads and %d writes", read, write)
	}
	if failuresOf(result) != (Errors{}) || violationsOf(result) != (Violations{}) {
		t.Errorf("failures %+v, violations %+v", failuresOf(result), violationsOf(result))
	}
}

// Both writes of a page read the session before one of them writes it back.
func TestAnUpdateThatTwoWritersLoseIsCountedAndIsNoViolation(t *testing.T) {
	a := newApp(t)
	read := newGroups(2)
	a.intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPatch {
			return false
		}
		id := idOf(r)
		a.mutex.Lock()
		found := a.sessions[id]
		a.mutex.Unlock()
		read.join(id)
		a.mutex.Lock()
		defer a.mutex.Unlock()
		found.Version++
		a.sessions[id] = found
		answer(w, http.StatusOK, found)
		return true
	})
	result, pages := drivePages(t, a, pagesOf(0, 0))
	if want := (Pages{Count: 50, Settling: 50, Clear: 50, Writes: 100, LostUpdates: 50, TakenVersions: 50}); pages != want {
		t.Errorf("pages are %+v, not %+v", pages, want)
	}
	if failuresOf(result) != (Errors{}) || violationsOf(result) != (Violations{}) {
		t.Errorf("failures %+v, violations %+v", failuresOf(result), violationsOf(result))
	}
}

// undoing makes the logouts of pages wait until a write has read the session, and that write until the logout is done: then
// it writes back what it read.
type undoing struct {
	mutex sync.Mutex
	// read is closed when a write has read a session, and gone when its logout is done.
	read, gone map[string]chan struct{}
}

func (u *undoing) of(id string) (read, gone chan struct{}) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if u.read[id] == nil {
		u.read[id], u.gone[id] = make(chan struct{}), make(chan struct{})
	}
	return u.read[id], u.gone[id]
}

func TestALogoutThatAWriteUndoesIsResurrected(t *testing.T) {
	a := newApp(t)
	u := &undoing{read: map[string]chan struct{}{}, gone: map[string]chan struct{}{}}
	a.intercept(func(w http.ResponseWriter, r *http.Request) bool {
		id := idOf(r)
		read, gone := u.of(id)
		switch r.Method {
		case http.MethodDelete:
			<-read
			a.mutex.Lock()
			defer a.mutex.Unlock()
			a.end(id)
			close(gone)
			w.WriteHeader(http.StatusNoContent)
			return true
		case http.MethodPatch:
			a.mutex.Lock()
			found, there := a.sessions[id]
			if there {
				select {
				case <-read:
				default:
					close(read)
				}
			}
			a.mutex.Unlock()
			if !there {
				return false
			}
			<-gone
			a.mutex.Lock()
			defer a.mutex.Unlock()
			found.Version++
			a.sessions[id] = found
			answer(w, http.StatusOK, found)
			return true
		}
		return false
	})
	result, pages := drivePages(t, a, pagesOf(1, 0))
	if want := (Pages{Count: 50, Logouts: 50, UndoneLogouts: 50}); pages != want {
		t.Errorf("pages are %+v, not %+v", pages, want)
	}
	if got := violationsOf(result); got != (Violations{Resurrected: 50}) {
		t.Errorf("violations are %+v", got)
	}
}

func TestLogoutsAndLoginsOfPagesEndSessions(t *testing.T) {
	for name, each := range map[string]struct {
		logouts, logins float64
		spoil           func(a *app)
		want            Pages
		violations      Violations
	}{
		"logouts that hold": {1, 0, func(*app) {}, Pages{Count: 50, Logouts: 50}, Violations{}},
		"logins that hold":  {0, 1, func(*app) {}, Pages{Count: 50, Settling: 50, Logins: 50}, Violations{}},
		"an old session that survives two logins": {
			0, 1, func(a *app) { a.keepOld = func() bool { return true } },
			Pages{Count: 50, Settling: 50, Logins: 50, SurvivedLogins: 50}, Violations{Resurrected: 50},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newApp(t)
			each.spoil(a)
			result, pages := drivePages(t, a, pagesOf(each.logouts, each.logins))
			if pages != each.want || violationsOf(result) != each.violations || failuresOf(result) != (Errors{}) {
				t.Errorf("pages %+v, violations %+v, failures %+v", pages, violationsOf(result), failuresOf(result))
			}
		})
	}
}

func TestASweepCountsNoRaceAgain(t *testing.T) {
	a := newApp(t)
	result := drive(t, configFor(t, a.URL, pagesOf(1, 0), map[string]string{
		"SESSION_RATE": rateOf(300), "SESSION_SWEEP": "1",
	}))
	if probes := result.Phases["sweep"].Operations["probe"].Count; probes != 50 || result.Pages.Logouts != 50 {
		t.Errorf("%d probes in the sweep, %d logouts of pages", probes, result.Pages.Logouts)
	}
}

// What failed may have happened or not, and what is wrong tells nothing of races: such pages are in no count of updates.
func TestPagesWithoutAllTheirAnswersAreLeftOut(t *testing.T) {
	a := newApp(t)
	away, gone := newBudget(5, 7), newBudget(5, 9)
	a.refuse(http.MethodPatch, away)
	a.spoil = func(method string, found stored, there bool) (stored, bool) {
		return found, there && !(method == http.MethodPatch && gone.take())
	}
	result, pages := drivePages(t, a, pagesOf(0, 0))
	if failuresOf(result) != (Errors{Server: 5}) || violationsOf(result) != (Violations{Lost: 5}) {
		t.Errorf("failures %+v, violations %+v", failuresOf(result), violationsOf(result))
	}
	// Writes of one page may both have failed, and a failed one leaves the version in doubt for the page after it.
	if pages.Failed < 5 || pages.Failed > 10 || pages.Clear > pages.Count-pages.Failed || pages.LostUpdates != 0 {
		t.Errorf("pages are %+v", pages)
	}
	if result.Losses.Sessions > 5 || result.Losses.Sessions < 3 {
		t.Errorf("%d sessions lost", result.Losses.Sessions)
	}
}

func TestWhatTheVersionAfterAPageTells(t *testing.T) {
	for name, each := range map[string]struct {
		answered    []int64
		after       int64
		lost, taken int64
		ended       outcome
	}{
		"each write on top of the other":          {[]int64{7, 6}, 7, 0, 0, outcome{}},
		"two writes that read the same":           {[]int64{6, 6}, 6, 1, 1, outcome{}},
		"an older write that came last":           {[]int64{6, 7}, 6, 1, 0, outcome{}},
		"three, and the last undoes two":          {[]int64{6, 6, 7}, 6, 2, 1, outcome{}},
		"no write":                                {nil, 5, 0, 0, outcome{}},
		"an acknowledged write without any trace": {[]int64{6}, 5, 0, 0, violated(Stale)},
		"more than was written":                   {[]int64{6, 7}, 8, 0, 0, failed(ProtocolFailure)},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOracle(Config{}, newPool(rand.New(rand.NewPCG(1, 1)), 1, 0, "u"))
			client := &o.pool.clients[0]
			client.version.confirm(5)
			p := &page{low: 5, high: 5, versions: each.answered}
			if got := o.settleVersion(p, client, view{version: each.after}, 0); got != each.ended {
				t.Errorf("it ended with %+v, not %+v", got, each.ended)
			}
			if o.pages.LostUpdates != each.lost || o.pages.TakenVersions != each.taken {
				t.Errorf("%d lost, %d taken", o.pages.LostUpdates, o.pages.TakenVersions)
			}
		})
	}
}

func TestAPageThatCannotBeIsRefused(t *testing.T) {
	env := map[string]string{"SESSION_TARGET": "http://127.0.0.1:1", "SESSION_RATE": "1", "SESSION_CONNECTIONS": "5"}
	for name, each := range map[string]struct {
		arrival Arrival
		says    string
	}{
		"a kind of its own":      {Arrival{Kind: "visit"}, `"visit"`},
		"no writes":              {Arrival{Kind: PageArrival, Reads: 3}, "0 writes"},
		"too many":               {Arrival{Kind: PageArrival, Reads: 30, Writes: 3}, "at most 32"},
		"more than all":          {Arrival{Kind: PageArrival, Reads: 1, Writes: 1, Logouts: 0.6, Logins: 0.5}, "0.6 and 0.5"},
		"more than connections":  {Arrival{Kind: PageArrival, Reads: 4, Writes: 2}, "SESSION_CONNECTIONS is 5"},
		"operations need no say": {Arrival{Kind: OperationArrival}, ""},
	} {
		workload := everything
		workload.Arrival = each.arrival
		_, err := ReadConfig(workload, env)
		if (err == nil) != (each.says == "") || err != nil && !strings.Contains(err.Error(), each.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestArrivalsOfAPageAreDueTogether(t *testing.T) {
	s := newSteady(0, 60, 1e9/4, 6)
	var due []int64
	for ; s.next(0) < never; s.take() {
		due = append(due, s.next(0))
	}
	if got := fmt.Sprint(due); got != "[0 0 0 0 0 0 100000000 100000000 100000000 100000000 100000000 100000000]" {
		t.Error(got)
	}
}
