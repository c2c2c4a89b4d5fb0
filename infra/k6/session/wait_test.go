package session

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// bell is a descriptor that an epoll client watches, and that another goroutine rings.
type bell struct {
	t      *testing.T
	client *epoll
	fd     int
}

func newBell(t *testing.T) *bell {
	t.Helper()
	client, err := newEpoll("127.0.0.1:1", clock{time.Now()}, 1)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.close(); _ = unix.Close(fd) })
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}
	if err := unix.EpollCtl(client.fd, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		t.Fatal(err)
	}
	return &bell{t: t, client: client, fd: fd}
}

func (b *bell) ring() {
	if _, err := unix.Write(b.fd, []byte{1, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		b.t.Error(err)
	}
}

// heard waits again and again, each time so long, until the bell rings. whilst runs on another goroutine from before the
// first wait, and gets the thread that waits; the bell rings when it ends.
func (b *bell) heard(each time.Duration, whilst func(thread int)) {
	b.t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	thread, done := unix.Gettid(), make(chan struct{})
	go func() {
		defer close(done)
		defer b.ring()
		whilst(thread)
	}()
	for deadline := time.Now().Add(time.Minute); ; {
		count, err := b.client.poll(int64(each))
		switch {
		case err != nil:
			b.t.Fatal(err)
		case count == 1:
			<-done
			return
		case count != 0 || time.Now().After(deadline):
			b.t.Fatalf("%d events, and not one in a minute", count)
		}
	}
}

var waits = []struct {
	name string
	each time.Duration
}{
	{"past", -1}, {"none", 0}, {"short", 50 * time.Microsecond}, {"a millisecond and more", 1700 * time.Microsecond},
	{"the longest", time.Duration(longestWait)}, {"longer than the longest", time.Minute},
}

// everyWait runs a test of each wait, on kernels that wait finely and on those that do not.
func everyWait(t *testing.T, run func(b *bell, each time.Duration)) {
	t.Helper()
	for _, coarse := range []bool{false, true} {
		for _, wait := range waits {
			t.Run(fmt.Sprintf("%s, coarse %v", wait.name, coarse), func(t *testing.T) {
				b := newBell(t)
				b.client.coarse = coarse
				run(b, wait.each)
			})
		}
	}
}

func TestDataEndsAWaitOfAnyLength(t *testing.T) {
	everyWait(t, func(b *bell, each time.Duration) { b.heard(each, func(int) { runtime.Gosched() }) })
}

func TestAWaitWithoutDataEnds(t *testing.T) {
	everyWait(t, func(b *bell, each time.Duration) {
		if count, err := b.client.poll(int64(each)); count != 0 || err != nil {
			t.Errorf("%d events, error %v", count, err)
		}
	})
}

// Any signal may come: those of the runtime itself, SIGCHLD, SIGPROF.
func TestSignalsEndNoLoad(t *testing.T) {
	everyWait(t, func(b *bell, each time.Duration) {
		b.heard(each, func(thread int) {
			for range 300 {
				if err := unix.Tgkill(unix.Getpid(), thread, unix.SIGURG); err != nil {
					t.Error(err)
				}
			}
		})
	})
}

// withProcessors runs a test with so many processors of Go's scheduler.
func withProcessors(t *testing.T, count int) {
	t.Helper()
	before := runtime.GOMAXPROCS(count)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// A wait that is not interrupted ends without an event, which is a failure here: the collections would have waited for it.
func TestACollectionDoesNotWaitForTheLoop(t *testing.T) {
	ways := func(b *bell) []func(int64) (uintptr, unix.Errno) {
		return []func(int64) (uintptr, unix.Errno){b.client.pollFinely, b.client.pollCoarsely}
	}
	for _, processors := range []int{1, 2, 4} {
		withProcessors(t, processors)
		for way := range 2 {
			b := newBell(t)
			go func() {
				defer b.ring()
				runtime.GC()
			}()
			for {
				count, errno := ways(b)[way](int64(time.Minute))
				if count == 1 {
					break
				}
				if errno != unix.EINTR {
					t.Fatalf("%d processors, way %d: %d events, errno %v", processors, way, count, errno)
				}
			}
		}
	}
}

// stateOfLoop is the state in which the scheduler has the goroutine that waits; "" where none is waiting now.
func stateOfLoop() string {
	text := make([]byte, 64<<10)
	for goroutine := range strings.SplitSeq(string(text[:runtime.Stack(text, true)]), "\n\n") {
		if head, frames, _ := strings.Cut(goroutine, ":\n"); strings.Contains(frames, ".(*epoll).poll(") {
			_, state, _ := strings.Cut(head, "[")
			return state
		}
	}
	return ""
}

// What the scheduler is told of, it takes the processor away for, and its watchdog polls: twice the work of a request.
func TestTheSchedulerIsNotToldOfWaits(t *testing.T) {
	everyWait(t, func(b *bell, each time.Duration) {
		b.heard(each, func(int) {
			for range 20 {
				if state := stateOfLoop(); strings.HasPrefix(state, "syscall") {
					t.Errorf("it has the loop as %q", state)
				}
			}
		})
	})
}

func TestALoadHasAProcessorOfItsOwnWhileItRuns(t *testing.T) {
	for _, processors := range []int{1, 2} {
		withProcessors(t, processors)
		var during atomic.Int64
		a := newApp(t)
		a.intercept(func(http.ResponseWriter, *http.Request) bool {
			during.Store(int64(runtime.GOMAXPROCS(0)))
			return false
		})
		drive(t, configFor(t, a.URL, readsOnly, map[string]string{"SESSION_RATE": "400", "SESSION_DURATION": "0.2"}))
		if got := int(during.Load()); got != processors+1 {
			t.Errorf("%d processors while a load runs beside %d", got, processors)
		}
		if got := runtime.GOMAXPROCS(0); got != processors {
			t.Errorf("%d processors after a load, not %d", got, processors)
		}
	}
}

// Two virtual users may drive at once.
func TestEachOfManyLoadsGivesItsProcessorBack(t *testing.T) {
	withProcessors(t, 2)
	done := make(chan struct{})
	for range 8 {
		go func() {
			takeProcessor()()
			done <- struct{}{}
		}()
	}
	for range 8 {
		<-done
	}
	if got := runtime.GOMAXPROCS(0); got != 2 {
		t.Errorf("%d processors, not 2", got)
	}
}

// With one processor, whoever interrupts runs only where the loop lets it.
func TestALoadWithOneProcessorIsInterruptedBetweenRequests(t *testing.T) {
	withProcessors(t, 1)
	for _, rate := range []string{"2000", "400", "20"} {
		a := newApp(t)
		ctx, interrupt := context.WithCancel(context.Background())
		defer interrupt()
		a.intercept(func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet {
				interrupt()
			}
			return false
		})
		config := configFor(t, a.URL, readsOnly, map[string]string{"SESSION_RATE": rate, "SESSION_DURATION": "600"})
		if result, err := Drive(ctx, config, func(*secondRecord) {}); err != nil || result.Status != Interrupted {
			t.Errorf("at %s/s: status %s, error %v", rate, result.Status, err)
		}
	}
}
