package session

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// stored is a session as the test app keeps it.
type stored struct {
	User         string `json:"user"`
	Version      int64  `json:"version"`
	PayloadBytes int64  `json:"payloadBytes"`
}

// app is the app's interface over a map, on a real socket. Faults are switched on by setting its functions, which are
// called with the mutex held.
type app struct {
	*httptest.Server
	mutex    sync.Mutex
	sessions map[string]stored
	nextID   int
	counts   map[string]int64
	// ended are the sessions that a logout or another login has removed.
	ended map[string]stored
	// before is set by intercept.
	before func(w http.ResponseWriter, r *http.Request) bool
	// spoil may change what a request finds and is answered with.
	spoil func(method string, found stored, there bool) (stored, bool)
	// forget says that a logout leaves the session where it is.
	forget func() bool
	// keepOld says that a login leaves the session that came with it where it is.
	keepOld func() bool
}

func newApp(t *testing.T) *app {
	t.Helper()
	a := &app{sessions: map[string]stored{}, counts: map[string]int64{}, ended: map[string]stored{}}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

// intercept sets a function that may answer a request itself, and then reports true. It is called without the mutex. It is
// set under the mutex, which shows the race detector what it cannot see: that requests over sockets were sent later.
func (a *app) intercept(before func(w http.ResponseWriter, r *http.Request) bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.before = before
}

// refuse answers 503 to requests of a method in place of the app, for as long as the budget permits it.
func (a *app) refuse(method string, permissions *budget) {
	a.intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != method || !permissions.take() {
			return false
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
}

// overSockets shows the race detector what it cannot see: that requests come after what a test has set before its load, and
// that the test looks at the app after the answers.
var overSockets sync.Mutex

func crossSocket() {
	overSockets.Lock()
	defer overSockets.Unlock()
}

func (a *app) serve(w http.ResponseWriter, r *http.Request) {
	crossSocket()
	defer crossSocket()
	a.mutex.Lock()
	a.counts[r.Method]++
	before := a.before
	a.mutex.Unlock()
	if before != nil && before(w, r) {
		return
	}
	body, _ := io.ReadAll(r.Body)
	a.mutex.Lock()
	defer a.mutex.Unlock()
	id := ""
	if cookie, err := r.Cookie("session"); err == nil {
		id = cookie.Value
	}
	if r.Method == http.MethodPost {
		a.login(w, id, body)
		return
	}
	found, there := a.sessions[id]
	if a.spoil != nil {
		found, there = a.spoil(r.Method, found, there)
	}
	if !there {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"type":"about:blank","title":"Unauthorized","status":401,"detail":"none"}`)
		return
	}
	switch r.Method {
	case http.MethodPatch:
		found.Version++
		if a.sessions[id].User == found.User {
			a.sessions[id] = found
		}
	case http.MethodDelete:
		if a.forget == nil || !a.forget() {
			a.end(id)
		}
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answer(w, http.StatusOK, found)
}

func (a *app) login(w http.ResponseWriter, id string, body []byte) {
	var session stored
	if json.Unmarshal(body, &session) != nil || session.User == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if id != "" && (a.keepOld == nil || !a.keepOld()) {
		a.end(id)
	}
	a.nextID++
	id = fmt.Sprintf("id-%d", a.nextID)
	session.Version = 1
	a.sessions[id] = session
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Path: "/", HttpOnly: true})
	answer(w, http.StatusCreated, session)
}

func answer(w http.ResponseWriter, status int, session stored) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	body, _ := json.Marshal(session)
	_, _ = w.Write(body)
}

// total is the number of requests that the app has met.
func (a *app) total() int64 {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	sum := int64(0)
	for _, each := range a.counts {
		sum += each
	}
	return sum
}

var everything = Workload{
	Mix: Mix{Login: 0.1, Read: 0.5, Write: 0.3, Logout: 0.1}, PayloadBytes: 100, Sessions: 60, ZipfExponent: 0.6,
}

// rateOf is the rate that offers so many operations in the tenth of a second that a load of configFor has.
func rateOf(operations int) string { return strconv.Itoa(10 * operations) }

// configFor gives a load of 1,000 operations, which are sent as fast as they are answered; variables override it.
func configFor(t *testing.T, target string, workload Workload, variables map[string]string) Config {
	t.Helper()
	env := map[string]string{
		"SESSION_TARGET": target, "SESSION_RATE": rateOf(1000), "SESSION_WARMUP": "0", "SESSION_DURATION": "0.1",
		"SESSION_OVERTIME": "60", "SESSION_CONNECTIONS": "8", "SESSION_PROBE_DELAY_MS": "10",
	}
	maps.Copy(env, variables)
	crossSocket()
	config, err := ReadConfig(workload, env)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func nothing(*secondRecord) {}

// drive runs a load that must not fail.
func drive(t *testing.T, config Config) Result {
	t.Helper()
	result, err := Drive(context.Background(), config, nothing)
	crossSocket()
	if err != nil {
		t.Fatalf("the load failed: %v", err)
	}
	return result
}

func violationsOf(result Result) (all Violations) {
	for _, phase := range result.Phases {
		for _, each := range phase.Operations {
			all.Lost += each.Violations.Lost
			all.Stale += each.Violations.Stale
			all.Resurrected += each.Violations.Resurrected
			all.Crossed += each.Violations.Crossed
		}
	}
	return all
}

func failuresOf(result Result) (all Errors) {
	for _, phase := range result.Phases {
		for _, each := range phase.Operations {
			all.Timeout += each.Errors.Timeout
			all.Connection += each.Errors.Connection
			all.Server += each.Errors.Server
			all.Protocol += each.Errors.Protocol
		}
	}
	return all
}

func requestsOf(result Result) int64 {
	requests := int64(0)
	for _, phase := range result.Phases {
		requests += phase.Requests
	}
	return requests
}

// budget gives out a number of permissions, one in so many questions.
type budget struct{ left, every, asked atomic.Int64 }

func newBudget(permissions, every int64) *budget {
	b := &budget{}
	b.left.Store(permissions)
	b.every.Store(every)
	return b
}

func (b *budget) take() bool {
	if b.left.Load() <= 0 || b.asked.Add(1)%b.every.Load() != 0 {
		return false
	}
	return b.left.Add(-1) >= 0
}

// end removes a session, where it is there.
func (a *app) end(id string) {
	if found, there := a.sessions[id]; there {
		a.ended[id] = found
		delete(a.sessions, id)
	}
}
