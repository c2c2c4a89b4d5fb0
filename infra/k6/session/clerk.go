package session

import (
	"runtime"
	"sync"
)

// clerk does what takes time beside the event loop, on a thread of lower priority: encoding histograms, writing files,
// feeding k6's metrics.
type clerk struct {
	control *control
	files   *files
	feed    func(*secondRecord)
	work    chan func() error
	done    sync.WaitGroup
	mutex   sync.Mutex
	err     error
}

// clerkNiceness lets the event loop go first where both want the same core.
const clerkNiceness = 10

func newClerk(control *control, files *files, feed func(*secondRecord)) *clerk {
	c := &clerk{control: control, files: files, feed: feed, work: make(chan func() error, 4096)}
	c.done.Add(1)
	go c.run()
	return c
}

func (c *clerk) run() {
	defer c.done.Done()
	// Not unlocked: the thread ends with the goroutine, and its priority with it.
	runtime.LockOSThread()
	lowerThreadPriority(clerkNiceness)
	for job := range c.work {
		if err := job(); err != nil {
			c.mutex.Lock()
			if c.err == nil {
				c.err = err
			}
			c.mutex.Unlock()
		}
	}
}

// failure is the first thing that went wrong, such as a full disk.
func (c *clerk) failure() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.err
}

func (c *clerk) phaseBegan(name string) {
	c.control.tell(map[string]string{"type": "phase", "phase": name})
}

func (c *clerk) barrier(name string) { c.control.barrier(name) }

type secondEvent struct {
	Type       string `json:"type"`
	Phase      string `json:"phase"`
	Second     int64  `json:"second"`
	Requests   int64  `json:"requests"`
	Errors     int64  `json:"errors"`
	Violations int64  `json:"violations"`
	P99Micros  int64  `json:"p99Micros"`
}

func (c *clerk) second(phase Phase, second, requests, errors, violations, p99Micros int64) {
	c.control.tell(secondEvent{"second", phase.String(), second, requests, errors, violations, p99Micros})
}

func (c *clerk) record(record *secondRecord, recycle chan<- *secondRecord) {
	c.work <- func() error {
		defer func() {
			select {
			case recycle <- record:
			default:
			}
		}()
		if record.phase == Measure {
			c.feed(record)
		}
		return c.files.writeSecond(record)
	}
}

func (c *clerk) result(result Result) {
	c.work <- func() error { return c.files.writeResult(result) }
}

// finish waits until everything is written, and gives the first thing that went wrong.
func (c *clerk) finish() error {
	close(c.work)
	c.done.Wait()
	c.control.close()
	if err := c.files.close(); err != nil && c.err == nil {
		c.err = err
	}
	return c.err
}
