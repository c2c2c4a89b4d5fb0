package session

// conn is one keep-alive connection to the target, with at most one request on it.
type conn struct {
	fd   int
	busy bool
	// connecting says that the connection is not established yet.
	connecting bool
	task       task
	// out is the request; outSent of its bytes are written.
	out     []byte
	outSent int
	// in holds what has been read of the answer.
	in     []byte
	chunks []byte
	answer response
	// cause says what broke the connection or the answer, where something is known of it.
	cause error
	// deadline ends the operation, on the engine's clock.
	deadline int64
	// resent says that this request has been moved to a fresh connection once already.
	resent bool
}

// transport moves requests and answers. All methods are called from the engine's goroutine.
type transport interface {
	// send starts sending c.out; how it ends comes out of wait.
	send(c *conn)
	// wait blocks for at most nanos nanoseconds and tells of each operation that has ended.
	wait(nanos int64, ended func(c *conn, failure Failure)) error
	// giveUp ends an operation whose time is over and drops its connection.
	giveUp(c *conn)
	// reconnects is how often a connection had to be made again.
	reconnects() int64
	close()
}

// advance looks at what has been read so far. done says that the operation has ended: well, or with a failure.
func (c *conn) advance(eof, broken bool) (done bool, failure Failure) {
	if eof && (broken || len(c.in) == 0) {
		return true, ConnectionFailure
	}
	used, complete, chunks, err := c.answer.parse(c.in, eof, c.chunks)
	c.chunks = chunks
	switch {
	case err != nil && eof:
		c.cause = err
		return true, ConnectionFailure
	case err != nil:
		c.cause = err
		return true, ProtocolFailure
	case !complete && len(c.in) > maxResponseBytes:
		c.cause = malformed("answer longer than %d bytes", maxResponseBytes)
		return true, ProtocolFailure
	case !complete && eof:
		return true, ConnectionFailure
	case !complete:
		return false, NoFailure
	case used != len(c.in) || c.outSent < len(c.out):
		c.cause = malformed("more than one answer, or an answer to half a request")
		return true, ProtocolFailure
	}
	return true, NoFailure
}
