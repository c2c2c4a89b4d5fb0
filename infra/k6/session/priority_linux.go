package session

import "golang.org/x/sys/unix"

// lowerThreadPriority makes the calling thread nicer; Linux keeps niceness for each thread.
func lowerThreadPriority(niceness int) {
	// Not vital: without it the thread competes on equal terms.
	_ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), niceness)
}
