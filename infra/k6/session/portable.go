package session

import (
	"fmt"
	"net"
	"sync/atomic"
	"time"
)

// portable is two goroutines for each connection, for systems without epoll. It costs more CPU time per request.
type portable struct {
	host     string
	now      func() int64
	timeout  time.Duration
	links    map[*conn]*link
	ends     chan end
	connects atomic.Int64
	first    int64
}

// link is one slot for a connection; when its time-out ends an operation it is abandoned whole.
type link struct {
	requests chan []byte
	// abort is closed when nobody waits for this link any more.
	abort chan struct{}
}

// end is how an operation ended.
type end struct {
	c       *conn
	link    *link
	data    []byte
	sent    int64
	failure Failure
	cause   error
	// closed says that the server closed the connection with the answer.
	closed bool
}

// chunk is what one read gave.
type chunk struct {
	data []byte
	err  error
}

const portableReadBytes = 16 << 10

func newPortableTransport(host string, now func() int64, connections int, timeout time.Duration) transport {
	return &portable{
		host: host, now: now, timeout: timeout, links: make(map[*conn]*link, connections),
		ends: make(chan end, connections), first: int64(connections),
	}
}

func (t *portable) reconnects() int64 { return max(0, t.connects.Load()-t.first) }

func (t *portable) send(c *conn) {
	c.outSent, c.in = len(c.out), c.in[:0]
	l, known := t.links[c]
	if !known {
		l = &link{requests: make(chan []byte, 1), abort: make(chan struct{})}
		t.links[c] = l
		go t.serve(c, l)
	}
	c.task.sent = t.now()
	l.requests <- append([]byte(nil), c.out...)
}

// serve carries the requests of one link until it is abandoned. Between requests it watches the connection, so that one
// that the server closed is not used again.
func (t *portable) serve(c *conn, l *link) {
	var line *socketLine
	defer func() { line.close() }()
	for {
		select {
		case <-l.abort:
			return
		case <-line.incoming():
			// Closed, or something that nobody asked for.
			line.close()
			line = nil
		case request := <-l.requests:
			result := end{c: c, link: l}
			if line == nil {
				line, result.cause = t.dial(l)
			}
			if line == nil {
				result.failure = ConnectionFailure
			} else {
				t.exchange(line, l, request, &result)
			}
			if result.failure != NoFailure || result.closed {
				line.close()
				line = nil
			}
			select {
			case t.ends <- result:
			case <-l.abort:
				return
			}
		}
	}
}

func (t *portable) dial(l *link) (*socketLine, error) {
	t.connects.Add(1)
	socket, err := net.DialTimeout("tcp", t.host, t.timeout)
	if err != nil {
		return nil, err
	}
	line := &socketLine{socket: socket, chunks: make(chan chunk), done: make(chan struct{})}
	go line.read()
	return line, nil
}

func (t *portable) exchange(line *socketLine, l *link, request []byte, result *end) {
	result.sent = t.now()
	_ = line.socket.SetWriteDeadline(time.Now().Add(t.timeout))
	if _, err := line.socket.Write(request); err != nil {
		result.failure, result.cause = ConnectionFailure, fmt.Errorf("send: %w", err)
		return
	}
	trial := conn{out: request, outSent: len(request)}
	for {
		select {
		case <-l.abort:
			result.failure = TimeoutFailure
			return
		case part := <-line.chunks:
			trial.in = append(trial.in, part.data...)
			done, failure := trial.advance(part.err != nil, false)
			if done {
				result.data, result.failure, result.cause = trial.in, failure, trial.cause
				result.closed = part.err != nil || trial.answer.close
				return
			}
		}
	}
}

// socketLine is an open connection and the goroutine that reads from it.
type socketLine struct {
	socket net.Conn
	chunks chan chunk
	done   chan struct{}
}

func (line *socketLine) read() {
	for {
		buffer := make([]byte, portableReadBytes)
		count, err := line.socket.Read(buffer)
		select {
		case line.chunks <- chunk{buffer[:count], err}:
		case <-line.done:
			return
		}
		if err != nil {
			return
		}
	}
}

// incoming gives what arrives; of no line, nothing ever does.
func (line *socketLine) incoming() <-chan chunk {
	if line == nil {
		return nil
	}
	return line.chunks
}

func (line *socketLine) close() {
	if line != nil {
		close(line.done)
		_ = line.socket.Close()
	}
}

func (t *portable) wait(nanos int64, ended func(c *conn, failure Failure)) error {
	timer := time.NewTimer(time.Duration(nanos))
	defer timer.Stop()
	select {
	case result := <-t.ends:
		t.deliver(result, ended)
	case <-timer.C:
		return nil
	}
	for {
		select {
		case result := <-t.ends:
			t.deliver(result, ended)
		default:
			return nil
		}
	}
}

func (t *portable) deliver(result end, ended func(c *conn, failure Failure)) {
	c := result.c
	if t.links[c] != result.link || !c.busy {
		return
	}
	if result.sent > 0 {
		c.task.sent = result.sent
	}
	failure := result.failure
	c.cause = result.cause
	if failure == NoFailure {
		c.in = append(c.in[:0], result.data...)
		_, failure = c.advance(result.closed, false)
	}
	ended(c, failure)
}

func (t *portable) giveUp(c *conn) {
	if l, known := t.links[c]; known {
		close(l.abort)
		delete(t.links, c)
	}
}

func (t *portable) close() {
	for c := range t.links {
		t.giveUp(c)
	}
}
