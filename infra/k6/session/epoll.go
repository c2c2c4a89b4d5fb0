package session

import (
	"errors"
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

const (
	readBufferBytes = 8 << 10
	eventBatch      = 128
)

// epoll moves requests and answers over non-blocking sockets, without a goroutine or a lock for each connection. A
// goroutine with Go's own poller was measured at two to three times the CPU time per request.
// All methods are called from the engine's goroutine.
type epoll struct {
	clock   clock
	fd      int
	address unix.Sockaddr
	family  int
	byFD    map[int32]*conn
	events  []unix.EpollEvent
	// failed are the connections that broke while a request was sent on them.
	failed []*conn
	// coarse means that the kernel waits in whole milliseconds only.
	coarse bool
	// connects counts connections that were made or tried; the first of each conn is no reconnect.
	connects, first int64
}

// newEpoll makes a client of a host with a port; it opens no connection yet.
func newEpoll(host string, clock clock, connections int) (*epoll, error) {
	address, family, err := resolve(host)
	if err != nil {
		return nil, err
	}
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("create epoll: %w", err)
	}
	return &epoll{
		clock: clock, fd: fd, address: address, family: family, byFD: make(map[int32]*conn, connections),
		events: make([]unix.EpollEvent, eventBatch), first: int64(connections),
	}, nil
}

func resolve(host string) (unix.Sockaddr, int, error) {
	address, err := net.ResolveTCPAddr("tcp", host)
	if err != nil {
		return nil, 0, fmt.Errorf("resolve %s: %w", host, err)
	}
	if four := address.IP.To4(); four != nil {
		return &unix.SockaddrInet4{Port: address.Port, Addr: [4]byte(four)}, unix.AF_INET, nil
	}
	return &unix.SockaddrInet6{Port: address.Port, Addr: [16]byte(address.IP.To16())}, unix.AF_INET6, nil
}

// reconnects is how often a connection had to be made again.
func (t *epoll) reconnects() int64 { return max(0, t.connects-t.first) }

// send starts sending c.out; wait tells how it ends.
func (t *epoll) send(c *conn) {
	c.outSent, c.in, c.resent = 0, c.in[:0], false
	if c.fd < 0 {
		t.connect(c)
		return
	}
	t.write(c)
}

func (t *epoll) connect(c *conn) {
	fd, err := unix.Socket(t.family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.fail(c, "open a socket", err)
		return
	}
	t.connects++
	c.fd = fd
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	err = unix.Connect(fd, t.address)
	if err != nil && !errors.Is(err, unix.EINPROGRESS) {
		t.fail(c, "connect", err)
		return
	}
	c.connecting = err != nil
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}
	if c.connecting {
		event.Events |= unix.EPOLLOUT
	}
	if err := unix.EpollCtl(t.fd, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		t.fail(c, "watch a socket", err)
		return
	}
	t.byFD[int32(fd)] = c
	if !c.connecting {
		t.write(c)
	}
}

func (t *epoll) listen(c *conn, events uint32) error {
	event := unix.EpollEvent{Events: events, Fd: int32(c.fd)}
	if err := unix.EpollCtl(t.fd, unix.EPOLL_CTL_MOD, c.fd, &event); err != nil {
		return fmt.Errorf("change epoll: %w", err)
	}
	return nil
}

func (t *epoll) write(c *conn) {
	if c.outSent == 0 {
		c.task.sent = t.clock.now()
	}
	written, err := unix.Write(c.fd, c.out[c.outSent:])
	for errors.Is(err, unix.EINTR) {
		written, err = unix.Write(c.fd, c.out[c.outSent:])
	}
	if err != nil && !errors.Is(err, unix.EAGAIN) {
		// The server closed the idle connection. No byte of the request has left, so that a fresh connection can carry it.
		if c.outSent == 0 && !c.resent {
			c.resent = true
			t.drop(c)
			t.connect(c)
			return
		}
		t.fail(c, "send", err)
		return
	}
	c.outSent += max(written, 0)
	if c.outSent < len(c.out) {
		if err := t.listen(c, unix.EPOLLIN|unix.EPOLLOUT); err != nil {
			t.fail(c, "watch a socket", err)
		}
	}
}

// fail drops the connection. wait tells of it later, so that send never calls back.
func (t *epoll) fail(c *conn, doing string, err error) {
	c.cause = fmt.Errorf("%s: %w", doing, err)
	t.drop(c)
	t.failed = append(t.failed, c)
}

func (t *epoll) drop(c *conn) {
	if c.fd >= 0 {
		delete(t.byFD, int32(c.fd))
		_ = unix.Close(c.fd)
		c.fd = -1
	}
	c.connecting = false
}

// giveUp ends an operation whose time is over, and drops its connection.
func (t *epoll) giveUp(c *conn) { t.drop(c) }

// wait blocks for at most so many nanoseconds, and calls ended for each operation that has ended.
func (t *epoll) wait(nanos int64, ended func(c *conn, failure Failure)) error {
	if len(t.failed) > 0 {
		nanos = 0
	}
	count, err := t.poll(nanos)
	if err != nil {
		return err
	}
	for i := range count {
		event := t.events[i]
		if c, known := t.byFD[event.Fd]; known {
			t.handle(c, event.Events, ended)
		}
	}
	for len(t.failed) > 0 {
		c := t.failed[len(t.failed)-1]
		t.failed = t.failed[:len(t.failed)-1]
		if c.busy {
			ended(c, ConnectionFailure)
		}
	}
	return nil
}

func (t *epoll) handle(c *conn, events uint32, ended func(c *conn, failure Failure)) {
	if c.connecting {
		t.finishConnect(c, events)
		return
	}
	if events&unix.EPOLLOUT != 0 && c.busy && c.outSent < len(c.out) {
		fd := c.fd
		t.write(c)
		if c.fd != fd || c.connecting {
			return
		}
		if c.outSent == len(c.out) {
			if err := t.listen(c, unix.EPOLLIN); err != nil {
				t.fail(c, "watch a socket", err)
				return
			}
		}
	}
	if events&(unix.EPOLLIN|unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		t.read(c, ended)
	}
}

func (t *epoll) finishConnect(c *conn, events uint32) {
	if events&(unix.EPOLLOUT|unix.EPOLLERR|unix.EPOLLHUP) == 0 {
		return
	}
	code, err := unix.GetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && code != 0 {
		err = unix.Errno(code)
	}
	if err == nil {
		err = t.listen(c, unix.EPOLLIN)
	}
	if err != nil {
		t.fail(c, "connect", err)
		return
	}
	c.connecting = false
	t.write(c)
}

func (t *epoll) read(c *conn, ended func(c *conn, failure Failure)) {
	if cap(c.in)-len(c.in) < readBufferBytes/2 {
		grown := make([]byte, len(c.in), max(readBufferBytes, 2*cap(c.in)))
		copy(grown, c.in)
		c.in = grown
	}
	count, err := unix.Read(c.fd, c.in[len(c.in):cap(c.in)])
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
		return
	}
	eof := err != nil || count == 0
	c.in = c.in[:len(c.in)+max(count, 0)]
	if !c.busy {
		// The server closed an idle connection, or sent something without a request.
		t.drop(c)
		return
	}
	if err != nil {
		c.cause = fmt.Errorf("receive: %w", err)
	}
	done, failure := c.advance(eof, err != nil)
	if !done {
		return
	}
	if failure != NoFailure || eof || c.answer.close {
		t.drop(c)
	}
	ended(c, failure)
}

func (t *epoll) close() {
	for _, c := range t.byFD {
		_ = unix.Close(c.fd)
		c.fd = -1
	}
	_ = unix.Close(t.fd)
}
