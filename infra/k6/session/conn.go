package session

// conn is one keep-alive connection to the target, with at most one request on it.
type conn struct {
	fd   int
	busy bool
	// connecting means that the connection is not established yet.
	connecting bool
	task       task
	// out is the request; outSent of its bytes are written.
	out     []byte
	outSent int
	// in holds what has been read of the answer.
	in     []byte
	answer response
	// cause says what broke the connection or the answer, where it is known.
	cause error
	// deadline ends the operation, on the engine's clock.
	deadline int64
	// resent means that this request has been moved to a fresh connection once already.
	resent bool
}

// advance looks at what has been read so far. eof means that the server has closed, and broken that it did so with an
// error. done means that the operation has ended: well, or with a failure.
func (c *conn) advance(eof, broken bool) (done bool, failure Failure) {
	if eof && (broken || len(c.in) == 0) {
		return true, ConnectionFailure
	}
	used, complete, err := c.answer.parse(c.in, eof)
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
