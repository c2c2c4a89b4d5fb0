package session

import (
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// poll waits for events, and gives how many there are: for at most so many nanoseconds, and longestWait at most. None means
// that the time is over or that a signal came, and the caller looks at its clock.
//
// It does not tell Go's scheduler that it waits. The scheduler would take the processor away and give it back, and its
// watchdog would poll every 20 µs meanwhile: more work than a request. Untold, the loop counts as running code. So it has a
// processor of its own (see takeProcessor), and the signal by which Go stops running code, for a collection say, ends the
// wait. Without that signal (GODEBUG=asyncpreemptoff=1) a collection waits until the loop does not.
func (t *epoll) poll(nanos int64) (int, error) {
	nanos = min(max(0, nanos), longestWait)
	if !t.coarse {
		count, errno := t.pollFinely(nanos)
		// Linux before 5.11, or a seccomp filter of that age.
		t.coarse = errno == unix.ENOSYS || errno == unix.EPERM
		if !t.coarse {
			return eventsOf(count, errno)
		}
	}
	return eventsOf(t.pollCoarsely(nanos))
}

// pollFinely waits with nanosecond resolution: epoll_wait rounds up to milliseconds, which gave a median lag of 0.4 ms.
func (t *epoll) pollFinely(nanos int64) (uintptr, unix.Errno) {
	timeout := unix.NsecToTimespec(nanos)
	count, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT2, uintptr(t.fd), uintptr(unsafe.Pointer(&t.events[0])),
		uintptr(len(t.events)), uintptr(unsafe.Pointer(&timeout)), 0, 0)
	return count, errno
}

// pollCoarsely waits in whole milliseconds, rounded down so that the last part of one is spent in polling and not overslept.
func (t *epoll) pollCoarsely(nanos int64) (uintptr, unix.Errno) {
	count, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(t.fd), uintptr(unsafe.Pointer(&t.events[0])),
		uintptr(len(t.events)), uintptr(nanos/int64(time.Millisecond)), 0, 0)
	return count, errno
}

func eventsOf(count uintptr, errno unix.Errno) (int, error) {
	switch errno {
	case 0:
		return int(count), nil
	case unix.EINTR:
		return 0, nil
	}
	return 0, fmt.Errorf("wait for sockets: %w", errno)
}
