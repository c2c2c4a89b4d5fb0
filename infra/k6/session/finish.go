package session

import (
	"fmt"
	"time"
)

// longestBody is how many bytes of an answer a message shows: a problem's whole text, and the start of a page.
const longestBody = 400

// expireEvery is how often operations are looked through for those whose time is over.
const expireEvery = int64(10 * time.Millisecond)

// trouble is what messages say of failures.
type trouble struct {
	// last describes the newest failure or violation.
	last string
	// inARow counts failures and violations since the last right answer.
	inARow int
}

// turn waits for answers and handles them.
func (e *engine) turn(nanos int64) error {
	if err := e.client.wait(max(0, nanos), e.finish); err != nil {
		return err
	}
	if now := e.now(); now-e.expiredAt > expireEvery {
		e.expiredAt = now
		for _, c := range e.conns.all {
			if c.busy && now > c.deadline {
				e.client.giveUp(c)
				e.finish(c, TimeoutFailure)
			}
		}
	}
	return nil
}

// finish judges and records an operation that has ended, and frees its connection.
func (e *engine) finish(c *conn, failure Failure) {
	now := e.now()
	c.busy = false
	var answer *response
	if failure == NoFailure {
		answer = &c.answer
	}
	ended := e.oracle.judge(&c.task, answer, failure, now)
	if ended == (outcome{}) {
		e.trouble.inARow = 0
	} else {
		e.trouble.inARow++
		e.trouble.last = describeFailure(c, answer, ended)
	}
	e.recorder.ended(&c.task, ended, len(c.in), now)
	e.conns.putBack(c, now)
}

func describeFailure(c *conn, answer *response, ended outcome) string {
	switch {
	case c.cause != nil:
		return c.cause.Error()
	case answer != nil && len(answer.body) > 0:
		return fmt.Sprintf("status %d: %s", answer.status, clip(answer.body, longestBody))
	case answer != nil:
		return fmt.Sprintf("status %d", answer.status)
	case ended.failure == TimeoutFailure:
		return "no answer in time"
	}
	return "a connection that was closed before the answer was complete"
}
