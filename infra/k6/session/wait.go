package session

import (
	"errors"
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// briefWait bounds how long the loop waits without telling Go's scheduler; a wait that is longer tells it for its rest. Told
// of every wait, the scheduler takes the processor away and gives it back, and its watchdog polls every 20 µs meanwhile: more
// work than the request. At 200 requests a second and more, a wait is seldom longer.
//
// Untold, the loop counts as running code. So it has a processor of its own (see takeProcessor), and the signal by which Go
// stops running code, for a collection say, ends the wait at once. Where Go sends no such signal (GODEBUG=asyncpreemptoff=1),
// a collection waits for this long at most.
const briefWait = int64(5 * time.Millisecond)

// poll waits for at most so many nanoseconds, and gives the number of events. None means that the time is over or that a
// signal came, and the caller looks at its clock. It waits with nanosecond resolution: epoll_wait rounds up to milliseconds,
// which gave a median lag of 0.4 ms.
func (t *epoll) poll(nanos int64) (int, error) {
	nanos = max(0, nanos)
	if t.coarse {
		return t.pollCoarsely(nanos)
	}
	brief := min(nanos, briefWait)
	count, errno := t.waitUntold(brief)
	if count == 0 && errno == 0 && brief < nanos {
		count, errno = t.waitTold(nanos - brief)
	}
	switch errno {
	case 0:
		return count, nil
	case unix.EINTR:
		return 0, nil
	case unix.ENOSYS, unix.EPERM:
		// Linux before 5.11, or a seccomp filter of that age.
		t.coarse = true
		return t.pollCoarsely(nanos)
	}
	return 0, fmt.Errorf("wait for sockets: %w", errno)
}

// waitUntold waits without Go's scheduler knowing.
func (t *epoll) waitUntold(nanos int64) (int, unix.Errno) {
	t.timeout = unix.NsecToTimespec(nanos)
	count, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT2, uintptr(t.fd), uintptr(unsafe.Pointer(&t.events[0])),
		uintptr(len(t.events)), uintptr(unsafe.Pointer(&t.timeout)), 0, 0)
	return eventsOf(count, errno)
}

// waitTold waits so that Go's scheduler can use the processor meanwhile.
func (t *epoll) waitTold(nanos int64) (int, unix.Errno) {
	t.timeout = unix.NsecToTimespec(nanos)
	count, _, errno := unix.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(t.fd), uintptr(unsafe.Pointer(&t.events[0])),
		uintptr(len(t.events)), uintptr(unsafe.Pointer(&t.timeout)), 0, 0)
	return eventsOf(count, errno)
}

// eventsOf is the number of events that a wait gave: none where it failed.
func eventsOf(count uintptr, errno unix.Errno) (int, unix.Errno) {
	if errno != 0 {
		return 0, errno
	}
	return int(count), 0
}

// pollCoarsely waits in whole milliseconds, rounded down so that the last part of one is spent in polling and not overslept.
func (t *epoll) pollCoarsely(nanos int64) (int, error) {
	count, err := unix.EpollWait(t.fd, t.events, int(nanos/int64(time.Millisecond)))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return 0, fmt.Errorf("wait for sockets: %w", err)
	}
	return max(count, 0), nil
}
