package session

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
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

var readsOnly = Workload{Name: "reads", Mix: Mix{Read: 1}, PayloadBytes: 10, Sessions: 200}

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

// A load generator that waits for its answers would send less in a stall, and report it as one slow request a connection.
func TestAStallIsSeenInFullFromTheIntendedStart(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, engine string) {
		const stall = time.Second
		a := newApp(t)
		var reads atomic.Int64
		var gate sync.RWMutex
		a.intercept(func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet && reads.Add(1) == 1500 {
				gate.Lock()
				time.AfterFunc(stall, gate.Unlock)
			}
			gate.RLock()
			gate.RUnlock()
			return false
		})
		seen := newLatencies()
		result, err := Drive(context.Background(), configFor(t, a.URL, readsOnly, map[string]string{
			"SESSION_RATE": "1500", "SESSION_DURATION": "4", "SESSION_CONNECTIONS": "2", "SESSION_ENGINE": engine,
		}), seen.take)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := seen.intended.TotalCount(), int64(6000); got != want || result.Pacing.Dropped != 0 {
			t.Fatalf("%d of %d reads measured, %d dropped", got, want, result.Pacing.Dropped)
		}
		// No more than the two reads that were in flight have a long service time: fewer than one in a thousand.
		intended := time.Duration(seen.intended.ValueAtQuantile(99.9)) * time.Microsecond
		service := time.Duration(seen.service.ValueAtQuantile(99.9)) * time.Microsecond
		if intended < stall*9/10 {
			t.Errorf("p99.9 from the intended start is %v after a stall of %v", intended, stall)
		}
		if service > stall/2 {
			t.Errorf("p99.9 of the service time is %v: the stall of %v should hide from it", service, stall)
		}
	})
}

func TestEveryArrivalIsAnsweredOrCountedAsDropped(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, engine string) {
		a := newApp(t)
		a.intercept(func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet {
				<-time.After(20 * time.Millisecond)
			}
			return false
		})
		result := drive(t, configFor(t, a.URL, readsOnly, map[string]string{
			"SESSION_RATE": "2000", "SESSION_DURATION": "0.5", "SESSION_TIMEOUT_MS": "400", "SESSION_CONNECTIONS": "4",
			"SESSION_ENGINE": engine,
		}))
		reads := result.Phases["measure"].Operations["read"].Count
		if result.Pacing.Arrivals != 1000 || reads+result.Pacing.Dropped != 1000 {
			t.Errorf("%d arrivals, %d answered, %d dropped", result.Pacing.Arrivals, reads, result.Pacing.Dropped)
		}
		if result.Pacing.Dropped == 0 || result.Pacing.Waited == 0 {
			t.Errorf("a target this slow makes arrivals wait (%d) and be given up (%d)", result.Pacing.Waited, result.Pacing.Dropped)
		}
	})
}

func TestATargetThatHangsCostsTimeoutsAndNoMore(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, engine string) {
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
			"SESSION_RATE": "500", "SESSION_DURATION": "0.6", "SESSION_TIMEOUT_MS": "200", "SESSION_ENGINE": engine,
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
	})
}

func TestAConnectionThatTheTargetClosesIsReplaced(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, engine string) {
		a := newApp(t)
		var reads, closed atomic.Int64
		a.intercept(func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet && reads.Add(1)%10 == 0 {
				w.Header().Set("Connection", "close")
				closed.Add(1)
			}
			return false
		})
		result := drive(t, configFor(t, a.URL, readsOnly, map[string]string{
			"SESSION_RATE": "500", "SESSION_DURATION": "0.6", "SESSION_ENGINE": engine,
		}))
		if got := failuresOf(result); got != (Errors{}) {
			t.Errorf("failures %+v: an answer that closes its connection is an answer", got)
		}
		if closed.Load() == 0 || result.Pacing.Reconnects == 0 || requestsOf(result) != a.total() {
			t.Errorf("%d closed, %d reconnects, %d requests of which the app counted %d",
				closed.Load(), result.Pacing.Reconnects, requestsOf(result), a.total())
		}
	})
}

// inFlight counts the requests that each session has in the app.
type inFlight struct {
	mutex    sync.Mutex
	now      map[string]int
	together int
}

func newInFlight() *inFlight {
	return &inFlight{now: map[string]int{}}
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

func (f *inFlight) mostTogether() int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.together
}

func TestOneOperationOfASessionIsInFlightAtATime(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, engine string) {
		a := newApp(t)
		counted := newInFlight()
		a.intercept(func(_ http.ResponseWriter, r *http.Request) bool {
			cookie, err := r.Cookie("session")
			if err != nil {
				return false
			}
			counted.enter(cookie.Value)
			<-time.After(2 * time.Millisecond)
			counted.leave(cookie.Value)
			return false
		})
		few := everything
		few.Sessions = 12
		few.Mix = Mix{Read: 0.6, Write: 0.4}
		drive(t, configFor(t, a.URL, few, map[string]string{"SESSION_ENGINE": engine}))
		if most := counted.mostTogether(); most != 1 {
			t.Errorf("%d operations of one session at once", most)
		}
	})
}

func TestAnInterruptedLoadKeepsWhatItMeasured(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, engine string) {
		a := newApp(t)
		out := t.TempDir()
		ctx, interrupt := context.WithCancel(context.Background())
		defer interrupt()
		config := configFor(t, a.URL, everything, map[string]string{
			"SESSION_RATE": "400", "SESSION_DURATION": "600", "SESSION_OUT": out, "SESSION_ENGINE": engine,
		})
		result, err := Drive(ctx, config, func(record *secondRecord) {
			if record.phase == Measure {
				interrupt()
			}
		})
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
	})
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
		if line.Phase != "measure" {
			continue
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
			"SESSION_RATE": "800", "SESSION_DURATION": "0.5", "SESSION_SEED": strconv.Itoa(seed),
		}))
		of := map[string]int64{}
		for operation, totals := range result.Phases["measure"].Operations {
			of[operation] = totals.Count
		}
		return of
	}
	first, again := counts(3), counts(3)
	for operation, count := range first {
		if again[operation] != count {
			t.Errorf("%s: %d, then %d with the same seed", operation, count, again[operation])
		}
	}
}
