package session

import "bytes"

// task is one operation in flight.
type task struct {
	operation Operation
	// slot is the client's; -1 for a probe.
	slot int32
	// arrival says that the operation is one of the offered load, and not seeding, a repair or a probe.
	arrival bool
	// probe is what a probe asks with.
	probe endedSession
	// Times are nanoseconds on the engine's clock. intended is when the operation was due.
	intended, sent int64
	// second is the whole second of the phase that the operation is filed under.
	second int64
	// oldCookies are those of a session that a login replaces; nil where it replaces none.
	oldCookies []byte
}

// endedSession is a session that was logged out and must not work any more.
type endedSession struct {
	cookies []byte
	due     int64
}

// verdict is what an answer comes to: at most one failure or one violation.
type verdict struct {
	failure   Failure
	violation Violation
}

// judge compares an answer with what the client must have, and moves the client's state on. failure tells why there is
// no answer; then answer is nil. An answer is counted in one way only: as a failure, or as the first violation of lost,
// crossed and stale. An answer that is neither wrong in one of these ways nor possible (a version that was never
// written, a payload of another size, a status that the operation does not have) is a protocol failure.
func (e *engine) judge(t *task, answer *response, failure Failure) verdict {
	if failure == NoFailure && answer.status >= 500 {
		failure = ServerFailure
	}
	if t.slot >= 0 {
		e.pool.clients[t.slot].busy = false
	}
	switch t.operation {
	case Login:
		return e.judgeLogin(t, answer, failure)
	case Read, Write:
		return e.judgeUse(t, answer, failure)
	case Logout:
		return e.judgeLogout(t, answer, failure)
	case Probe:
	}
	return judgeProbe(answer, failure)
}

func (e *engine) judgeLogin(t *task, answer *response, failure Failure) verdict {
	client := &e.pool.clients[t.slot]
	if failure != NoFailure {
		e.abandon(t.slot)
		return verdict{failure: failure}
	}
	v, readable := parseView(answer.body)
	if answer.status != 201 || !readable || !client.jar.takeAll(answer.setCookies) {
		e.abandon(t.slot)
		return verdict{failure: ProtocolFailure}
	}
	if t.oldCookies != nil {
		e.scheduleProbe(t.oldCookies)
	}
	if !bytes.Equal(v.user, client.user) {
		// The cookies are somebody else's: used further, they would have this one fault counted at each use.
		e.relogin(t.slot)
		return verdict{violation: Crossed}
	}
	client.version.confirm(1)
	client.version.forget()
	e.pool.setLive(t.slot, true)
	if v.version != 1 || v.payloadBytes != int64(e.config.PayloadBytes) {
		client.version.confirm(v.version)
		return verdict{failure: ProtocolFailure}
	}
	return verdict{}
}

// judgeUse judges a read or a write: both answer with the session as it is then.
func (e *engine) judgeUse(t *task, answer *response, failure Failure) verdict {
	client := &e.pool.clients[t.slot]
	writes := int64(0)
	if t.operation == Write {
		writes = 1
	}
	if answer != nil {
		client.jar.takeAll(answer.setCookies)
	}
	if failure == NoFailure && answer.status == 401 {
		e.relogin(t.slot)
		return verdict{violation: Lost}
	}
	var v view
	if failure == NoFailure {
		var readable bool
		if v, readable = parseView(answer.body); answer.status != 200 || !readable {
			failure = ProtocolFailure
		}
	}
	wrongUser := failure == NoFailure && !bytes.Equal(v.user, client.user)
	if failure != NoFailure || wrongUser {
		if t.operation == Write {
			client.version.writeUnknown(e.lateWriteEnds())
		}
		if wrongUser {
			return verdict{violation: Crossed}
		}
		return verdict{failure: failure}
	}
	return e.judgeVersion(client, v, writes)
}

func (e *engine) judgeVersion(client *client, v view, writes int64) verdict {
	low, high := client.version.bounds()
	low, high = low+writes, high+writes
	switch {
	case v.version < low && writes == 0:
		return verdict{violation: Stale}
	case v.version < low:
		// What was written may be all there is now, or the answer alone was old. Later answers are held to either, so
		// that one fault is not counted again with each of them.
		client.version.doubt(v.version, high, e.lateWriteEnds())
		return verdict{violation: Stale}
	case v.version > high:
		client.version.doubt(low, v.version, e.lateWriteEnds())
		return verdict{failure: ProtocolFailure}
	}
	client.version.confirm(v.version)
	if client.version.unknown > 0 && e.now() > client.version.until {
		client.version.forget()
	}
	if v.payloadBytes != int64(e.config.PayloadBytes) {
		return verdict{failure: ProtocolFailure}
	}
	return verdict{}
}

// lateWriteEnds is the moment from which on a write whose outcome is unknown now will not happen any more: the app gave
// up its store before the generator gives up the app, and twice that is margin.
func (e *engine) lateWriteEnds() int64 { return e.now() + 2*int64(e.config.Timeout) }

func (e *engine) judgeLogout(t *task, answer *response, failure Failure) verdict {
	cookies := e.pool.clients[t.slot].jar.header
	defer e.abandon(t.slot)
	switch {
	case failure != NoFailure:
		return verdict{failure: failure}
	case answer.status == 204:
		e.scheduleProbe(bytes.Clone(cookies))
		return verdict{}
	case answer.status == 401:
		return verdict{violation: Lost}
	}
	return verdict{failure: ProtocolFailure}
}

func judgeProbe(answer *response, failure Failure) verdict {
	switch {
	case failure != NoFailure:
		return verdict{failure: failure}
	case answer.status == 401:
		return verdict{}
	case answer.status == 200:
		return verdict{violation: Resurrected}
	}
	return verdict{failure: ProtocolFailure}
}

// abandon empties a slot; what became of its session is known or does not matter.
func (e *engine) abandon(slot int32) {
	e.pool.setLive(slot, false)
	e.pool.release(slot)
}

// relogin gives up a session that is gone or not the client's own and has a new user log in at once, so that one fault is
// counted once and the population stays.
func (e *engine) relogin(slot int32) {
	e.pool.setLive(slot, false)
	e.pool.newUser(slot)
	e.pool.clients[slot].busy = true
	e.repairs = append(e.repairs, slot)
}

// scheduleProbe takes over cookies.
func (e *engine) scheduleProbe(cookies []byte) {
	e.probes.push(endedSession{cookies: cookies, due: e.now() + int64(e.config.ProbeDelay)})
}
