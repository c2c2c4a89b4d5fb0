package session

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

var readsOnly = Workload{Mix: Mix{Read: 1}, PayloadBytes: 10, Sessions: 60}

// latencies are those of a load's measured reads, in microseconds.
type latencies struct{ intended, service *hdrhistogram.Histogram }

func newLatencies() *latencies { return &latencies{newHistogram(), newHistogram()} }

func (l *latencies) take(record *secondRecord) {
	reads := &record.operations[Read]
	if record.phase != Measure || reads.intended == nil {
		return
	}
	l.intended.Merge(reads.intended)
	l.service.Merge(reads.service)
}

// A load generator that waits for its answers would send less in a stall, and report one slow request a connection.
func TestAStallIsSeenInFullFromTheIntendedStart(t *testing.T) {
	const stall = 300 * time.Millisecond
	a := newApp(t)
	var reads atomic.Int64
	var gate sync.RWMutex
	a.intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet && reads.Add(1) == 500 {
			gate.Lock()
			time.AfterFunc(stall, gate.Unlock)
		}
		gate.RLock()
		gate.RUnlock()
		return false
	})
	seen := newLatencies()
	result, err := Drive(context.Background(), configFor(t, a.URL, readsOnly, map[string]string{
		"SESSION_RATE": "1500", "SESSION_DURATION": "1", "SESSION_CONNECTIONS": "2",
	}), seen.take)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := seen.intended.TotalCount(), int64(1500); got != want || result.Pacing.Dropped != 0 {
		t.Fatalf("%d of %d reads measured, %d dropped", got, want, result.Pacing.Dropped)
	}
	// 45 reads are due in the first tenth of the stall, three in a hundred. Only the two reads that were in flight have a
	// long service time, fewer than one in a hundred.
	intended := time.Duration(seen.intended.ValueAtQuantile(99)) * time.Microsecond
	service := time.Duration(seen.service.ValueAtQuantile(99)) * time.Microsecond
	if intended < stall*9/10 {
		t.Errorf("p99 from the intended start is %v after a stall of %v", intended, stall)
	}
	if service > stall/2 {
		t.Errorf("p99 of the service time is %v, which should not show the stall of %v", service, stall)
	}
}

func TestATargetThatHangsCostsOneTimeout(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	hang := make(chan struct{})
	var hanging atomic.Bool
	a.intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet && hanging.CompareAndSwap(false, true) {
			<-hang
			return true
		}
		return false
	})
	defer close(hang)
	result := drive(t, configFor(t, a.URL, readsOnly, map[string]string{
		"SESSION_RATE": "500", "SESSION_DURATION": "0.6", "SESSION_TIMEOUT_MS": "400",
		// With another connection, none of the requests that are left need be sent on the one that was given up.
		"SESSION_CONNECTIONS": "1",
	}))
	if got := failuresOf(result); got != (Errors{Timeout: 1}) {
		t.Errorf("failures %+v, not one time-out", got)
	}
	if result.Pacing.Reconnects != 1 {
		t.Errorf("%d reconnects: the connection that was given up must be replaced once", result.Pacing.Reconnects)
	}
	if got := violationsOf(result); got != (Violations{}) {
		t.Errorf("violations %+v", got)
	}
}

func TestAConnectionThatTheTargetClosesIsReplaced(t *testing.T) {
	a := newApp(t)
	var reads, closed atomic.Int64
	a.intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet && reads.Add(1)%10 == 0 {
			w.Header().Set("Connection", "close")
			closed.Add(1)
		}
		return false
	})
	result := drive(t, configFor(t, a.URL, readsOnly, map[string]string{"SESSION_RATE": rateOf(300)}))
	if got := failuresOf(result); got != (Errors{}) {
		t.Errorf("failures %+v: an answer that closes its connection is an answer", got)
	}
	if closed.Load() != 30 || result.Pacing.Reconnects == 0 || requestsOf(result) != a.total() {
		t.Errorf("%d closed, %d reconnects, %d requests of which the app counted %d",
			closed.Load(), result.Pacing.Reconnects, requestsOf(result), a.total())
	}
}

// inFlight counts the requests that each session has in the app.
type inFlight struct {
	mutex    sync.Mutex
	now      map[string]int
	together int
}

func (f *inFlight) enter(session string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.now[session]++
	f.together = max(f.together, f.now[session])
}

func (f *inFlight) leave(session string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.now[session]--
}

// meeting holds requests until a group of them is there, for a number of groups.
type meeting struct {
	mutex                 sync.Mutex
	size, groups, waiting int
	complete              chan struct{}
}

func (m *meeting) join() {
	m.mutex.Lock()
	if m.groups == 0 {
		m.mutex.Unlock()
		return
	}
	complete := m.complete
	m.waiting++
	if m.waiting == m.size {
		m.waiting, m.groups, m.complete = 0, m.groups-1, make(chan struct{})
		close(complete)
	}
	m.mutex.Unlock()
	<-complete
}

func TestOneOperationOfASessionIsInFlightAtATime(t *testing.T) {
	a := newApp(t)
	counted := inFlight{now: map[string]int{}}
	// 8 connections have 320 operations in the app, 8 at a time.
	met := meeting{size: 8, groups: 40, complete: make(chan struct{})}
	a.intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		cookie, err := r.Cookie("session")
		if err != nil {
			return false
		}
		counted.enter(cookie.Value)
		met.join()
		counted.leave(cookie.Value)
		return false
	})
	few := everything
	few.Sessions = 12
	few.Mix = Mix{Read: 0.6, Write: 0.4}
	result := drive(t, configFor(t, a.URL, few, map[string]string{"SESSION_RATE": rateOf(400)}))
	if counted.together != 1 || met.groups != 0 {
		t.Errorf("%d operations of one session at once; %d groups never met", counted.together, met.groups)
	}
	if result.Pacing.Redraws == 0 {
		t.Error("no draw met a session with an operation in flight")
	}
}

func TestAnInterruptedLoadKeepsWhatItMeasured(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	out := t.TempDir()
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	config := configFor(t, a.URL, everything, map[string]string{
		"SESSION_RATE": "400", "SESSION_DURATION": "600", "SESSION_OUT": out,
	})
	result, err := Drive(ctx, config, func(*secondRecord) { interrupt() })
	if err != nil || result.Status != Interrupted {
		t.Fatalf("status %s, error %v", result.Status, err)
	}
	var kept Result
	text, err := os.ReadFile(filepath.Join(out, "engine.json"))
	if err != nil || json.Unmarshal(text, &kept) != nil {
		t.Fatalf("engine.json cannot be read: %v", err)
	}
	want := kept.Phases["measure"].Operations
	got := countsOnDisk(t, filepath.Join(out, "histograms.jsonl"))
	for operation, totals := range want {
		if totals.Count == 0 || got[operation] != totals.Count {
			t.Errorf("%s: %d in histograms.jsonl, %d in engine.json", operation, got[operation], totals.Count)
		}
	}
	if want["read"].Count == 0 {
		t.Error("nothing was kept")
	}
}

// countsOnDisk sums the measured seconds of each operation, and holds each histogram to its line's count.
func countsOnDisk(t *testing.T, name string) map[string]int64 {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	counts := map[string]int64{}
	lines := bufio.NewReader(file)
	for {
		text, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return counts
		}
		var line histogramLine
		if err != nil || json.Unmarshal(text, &line) != nil {
			t.Fatalf("a line that cannot be read: %v", err)
		}
		histogram, err := hdrhistogram.Decode([]byte(line.Intended))
		if err != nil {
			t.Fatal(err)
		}
		if line.Phase == "warmup" {
			continue
		}
		if line.Phase != "measure" {
			t.Errorf("a line of the phase %s, which has no seconds", line.Phase)
		}
		if got := histogram.TotalCount() + line.Errors; got < line.Count {
			t.Errorf("%s in second %d: %d latencies and errors of %d requests", line.Operation, line.Second, got, line.Count)
		}
		counts[line.Operation] += line.Count
	}
}

func TestTheSameSeedGivesTheSameOperations(t *testing.T) {
	counts := func(seed int) map[string]int64 {
		a := newApp(t)
		result := drive(t, configFor(t, a.URL, everything, map[string]string{
			"SESSION_RATE": rateOf(400), "SESSION_SEED": strconv.Itoa(seed),
		}))
		of := map[string]int64{}
		for operation, totals := range result.Phases["measure"].Operations {
			of[operation] = totals.Count
		}
		// A login that finds a free slot ends no session, so that the number of probes depends on when logouts are answered.
		delete(of, Probe.String())
		return of
	}
	first := counts(3)
	if again := counts(3); !maps.Equal(first, again) {
		t.Errorf("%v, then %v with the same seed", first, again)
	}
	if other := counts(4); maps.Equal(first, other) {
		t.Errorf("%v with another seed too", first)
	}
}
