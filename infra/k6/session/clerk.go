package session

import (
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// clerk does what takes time on another thread than the event loop's, with lower priority: it encodes histograms, writes
// files and feeds k6's metrics. Its methods do not block, except barrier.
type clerk struct {
	control *control
	files   *files
	feed    func(*secondRecord)
	work    chan func() error
	done    sync.WaitGroup
	mutex   sync.Mutex
	err     error
}

// clerkNiceness lets the event loop go first where both want the same core. Linux keeps niceness for each thread.
const clerkNiceness = 10

func newClerk(control *control, files *files, feed func(*secondRecord)) *clerk {
	c := &clerk{control: control, files: files, feed: feed, work: make(chan func() error, 4096)}
	c.done.Add(1)
	go c.run()
	return c
}

func (c *clerk) run() {
	defer c.done.Done()
	// Never unlocked: the thread ends with the goroutine, and its priority with it.
	runtime.LockOSThread()
	// Not vital: without it the thread competes on equal terms.
	_ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), clerkNiceness)
	for job := range c.work {
		c.note(job())
	}
}

func (c *clerk) note(err error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.err == nil {
		c.err = err
	}
}

// failure is the first error of the work done so far, such as a full disk.
func (c *clerk) failure() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.err
}

func (c *clerk) phaseBegan(name string) {
	c.control.tell(map[string]string{"type": "phase", "phase": name})
}

// barrier returns when the load may go on.
func (c *clerk) barrier(name string) { c.control.barrier(name) }

type secondEvent struct {
	Type       string `json:"type"`
	Phase      string `json:"phase"`
	Second     int64  `json:"second"`
	Requests   int64  `json:"requests"`
	Errors     int64  `json:"errors"`
	Violations int64  `json:"violations"`
	P99Micros  *int64 `json:"p99Micros"`
}

func (c *clerk) second(event secondEvent) {
	event.Type = "second"
	c.control.tell(event)
}

// record takes over a complete second, and releases it.
func (c *clerk) record(record *secondRecord) {
	c.work <- func() error {
		defer record.release()
		if record.phase == Measure {
			c.feed(record)
		}
		return c.files.writeSecond(record)
	}
}

func (c *clerk) result(result Result) {
	c.work <- func() error { return c.files.writeResult(result) }
}

// finish waits until everything is written. Its error is the first of all.
func (c *clerk) finish() error {
	close(c.work)
	c.done.Wait()
	c.control.close()
	c.note(c.files.close())
	return c.failure()
}
