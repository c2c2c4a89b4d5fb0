package session

import (
	"runtime"
	"sync"
)

// processors guards the number of processors of Go's scheduler, which loads raise and lower.
var processors sync.Mutex

// takeProcessor gives Go's scheduler one processor more, for a loop that waits without telling it: the clerk and k6's own
// goroutines find the others free, also where GOMAXPROCS is 1. Which of them runs on a core is then up to the kernel, which
// knows the clerk's low priority; with one processor for both, the loop would wait until the clerk has done, or for 10 ms.
func takeProcessor() (giveBack func()) {
	add := func(change int) {
		processors.Lock()
		defer processors.Unlock()
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + change)
	}
	add(1)
	return func() { add(-1) }
}
