package session

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// atBarrier listens at a control socket, and calls does when the load has come to the barrier after measuring. It gives
// the path for SESSION_CONTROL.
func atBarrier(t *testing.T, does func()) string {
	t.Helper()
	// A test's own temporary folder can have a longer path than a socket may.
	folder, err := os.MkdirTemp("", "sb-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "control")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		socket, err := listener.Accept()
		if err != nil {
			return
		}
		defer func() { _ = socket.Close() }()
		for lines := bufio.NewScanner(socket); lines.Scan(); {
			var event struct{ Type, Name string }
			if json.Unmarshal(lines.Bytes(), &event) != nil || event.Type != "barrier" {
				continue
			}
			if event.Name == "after-measure" {
				does()
			}
			_, _ = fmt.Fprintf(socket, "{\"type\":\"go\",\"name\":%q}\n", event.Name)
		}
	}()
	return path
}

// change calls with for so many of the sessions that are there and fit, under the mutex.
func (a *app) change(count int, fits func(stored) bool, with func(id string, found stored)) int {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for id, found := range a.sessions {
		if count > 0 && fits(found) {
			with(id, found)
			count--
		}
	}
	return count
}

func anySession(stored) bool { return true }

// What has gone wrong while nobody looked is found by the sweep alone, in its class, once.
func TestASweepFindsWhatIsWrongAfterTheLoad(t *testing.T) {
	cases := []struct {
		name string
		// spoil gives how many sessions it should have spoiled and could not.
		spoil      func(a *app) int
		violations Violations
		losses     Losses
	}{
		{"nothing", func(*app) int { return 0 }, Violations{}, Losses{}},
		{"sessions are gone", func(a *app) int {
			return a.change(7, anySession, func(id string, _ stored) { delete(a.sessions, id) })
		}, Violations{Lost: 7}, Losses{Sessions: 7}},
		{"writes are gone", func(a *app) int {
			written := func(found stored) bool { return found.Version > 2 }
			return a.change(5, written, func(id string, found stored) {
				found.Version -= 2
				a.sessions[id] = found
			})
		}, Violations{Stale: 5}, Losses{Writes: 10}},
		{"sessions have another user", func(a *app) int {
			return a.change(3, anySession, func(id string, found stored) {
				found.User = "u-someone-else"
				a.sessions[id] = found
			})
		}, Violations{Crossed: 3}, Losses{}},
		{"logouts are undone", func(a *app) int {
			a.mutex.Lock()
			defer a.mutex.Unlock()
			missing := 4
			for id, ended := range a.ended {
				if missing > 0 {
					a.sessions[id] = ended
					missing--
				}
			}
			return missing
		}, Violations{Resurrected: 4}, Losses{}},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			a := newApp(t)
			logins, missing, alive, spoiled := int64(0), 0, 0, make(chan struct{})
			control := atBarrier(t, func() {
				a.mutex.Lock()
				logins, alive = a.counts[http.MethodPost], len(a.sessions)
				a.mutex.Unlock()
				missing = each.spoil(a)
				close(spoiled)
			})
			out := t.TempDir()
			result := drive(t, configFor(t, a.URL, everything, map[string]string{
				"SESSION_SWEEP": "1", "SESSION_CONTROL": control, "SESSION_OUT": out,
			}))
			<-spoiled
			// It takes the mutex, which shows the race detector that the app is done.
			total := a.total()
			if missing != 0 {
				t.Fatalf("%d sessions were not there to be spoiled", missing)
			}
			sweep := result.Phases["sweep"]
			read, probe := sweep.Operations["read"], sweep.Operations["probe"]
			if got := violationsOf(result); got != each.violations || *result.Losses != each.losses {
				t.Errorf("violations are %+v and losses %+v, not %+v and %+v",
					got, *result.Losses, each.violations, each.losses)
			}
			if read.Count != int64(alive) || result.Swept.Alive != int64(alive) {
				t.Errorf("%d reads, %d believed alive, %d alive", read.Count, result.Swept.Alive, alive)
			}
			if ended := int64(len(a.ended)); probe.Count != ended || result.Swept.Ended != ended {
				t.Errorf("%d probes, %d believed ended, %d ended", probe.Count, result.Swept.Ended, ended)
			}
			if a.counts[http.MethodPost] != logins {
				t.Error("somebody logged in during the sweep")
			}
			if requestsOf(result) != total || sweep.Requests != read.Count+probe.Count {
				t.Errorf("%d requests, but the app counted %d", requestsOf(result), total)
			}
			measured := countsOnDisk(t, filepath.Join(out, "histograms.jsonl"))
			if got, want := measured["read"], result.Phases["measure"].Operations["read"].Count; got != want {
				t.Errorf("%d reads in the seconds of the measured phase, which had %d", got, want)
			}
		})
	}
}

func TestWithoutASweepNothingIsSaidOfOne(t *testing.T) {
	a := newApp(t)
	result := drive(t, configFor(t, a.URL, readsOnly, map[string]string{"SESSION_RATE": rateOf(100)}))
	if _, found := result.Phases["sweep"]; found || result.Swept != nil {
		t.Errorf("a phase %+v, swept %+v", result.Phases["sweep"], result.Swept)
	}
}

// A login that repairs the population must not hide that a session was lost.
func TestLossesAreCountedOnceAlsoWhereTheyWereRepaired(t *testing.T) {
	a := newApp(t)
	b := newBudget(faults, 3)
	a.spoil = func(method string, found stored, there bool) (stored, bool) {
		return found, there && !(method == http.MethodGet && b.take())
	}
	result := drive(t, configFor(t, a.URL, everything, map[string]string{"SESSION_SWEEP": "1"}))
	if *result.Losses != (Losses{Sessions: faults}) {
		t.Errorf("losses are %+v", *result.Losses)
	}
}

func TestDebts(t *testing.T) {
	// Each step is an answer to a session whose writes were all acknowledged.
	type step struct {
		version int64
		write   bool
	}
	read := func(version int64) step { return step{version: version} }
	write := func(version int64) step { return step{version: version, write: true} }
	for name, each := range map[string]struct {
		steps []step
		want  int64
	}{
		"nothing is missing":               {[]step{read(5), write(6), read(6)}, 0},
		"an old answer":                    {[]step{read(3), read(5)}, 0},
		"the same gap seen twice":          {[]step{read(3), read(3)}, 2},
		"a write shows it, and a read":     {[]step{write(4), read(4)}, 2},
		"a write had an old answer":        {[]step{write(4), read(6)}, 0},
		"one of two comes back":            {[]step{write(4), read(5)}, 1},
		"a write on top of what is left":   {[]step{write(4), write(5), read(5)}, 2},
		"it is lost again":                 {[]step{write(4), read(4), write(5), read(3)}, 4},
		"a version that nobody wrote":      {[]step{read(9), read(5)}, 0},
		"nobody wrote it, and it was less": {[]step{read(9), read(5), read(4)}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOracle(Config{}, newPool(rand.New(rand.NewPCG(1, 1)), 1, 0, "u"))
			client := &o.pool.clients[0]
			client.version.confirm(5)
			for _, step := range each.steps {
				operation := Read
				if step.write {
					operation = Write
				}
				o.judgeVersion(&task{operation: operation}, client, view{version: step.version}, 0)
			}
			if o.losses.Writes != each.want {
				t.Errorf("%d writes are missing, not %d", o.losses.Writes, each.want)
			}
		})
	}
}

func TestLatest(t *testing.T) {
	l := latest[int]{most: 3}
	for item := range 5 {
		l.add(item)
	}
	if got := fmt.Sprint(l.items(), l.total); got != "[2 3 4] 5" {
		t.Error(got)
	}
	none := latest[int]{}
	none.add(1)
	if len(none.items()) != 0 || none.total != 1 {
		t.Error(none)
	}
}
