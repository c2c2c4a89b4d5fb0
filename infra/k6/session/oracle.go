package session

import "bytes"

// oracle knows what each answer must be, and judges those that come. It also holds what follows from an answer beside the
// offered load: repairs and probes.
type oracle struct {
	config Config
	pool   *pool
	// repairs are the slots whose session was found gone or crossed: a new user logs in there at once.
	repairs []int32
	// probes are due in the order of their logouts, since the delay is the same for all.
	probes queue[endedSession]
	// ended are the sessions that a sweep probes once more.
	ended latest[endedSession]
	// sweeping means that probes tell nothing of races any more: they were counted after the first of them.
	sweeping bool
	losses   Losses
	// settling are pages whose requests have all ended, and whose session is to be read.
	settling []*page
	pages    pageCounts
}

func newOracle(config Config, pool *pool) *oracle {
	o := &oracle{config: config, pool: pool, pages: newPageCounts()}
	if config.Sweep {
		o.ended.most = endedKept
	}
	return o
}

// startMeasuring begins to count losses and pages.
func (o *oracle) startMeasuring() {
	o.losses, o.pages = Losses{}, newPageCounts()
	for slot := range o.pool.clients {
		o.pool.clients[slot].debt = debt{}
	}
}

// waiting means that a repair, a probe or the read after a page has still to be sent.
func (o *oracle) waiting() bool {
	return len(o.repairs) > 0 || len(o.settling) > 0 || o.probes.length() > 0
}

// nextProbe gives the moment when the next probe is due, and never when there is none.
func (o *oracle) nextProbe() int64 {
	if o.probes.length() == 0 {
		return never
	}
	return o.probes.front().due
}

// takeRepair gives a slot that needs a login; there must be one.
func (o *oracle) takeRepair() int32 {
	slot := o.repairs[len(o.repairs)-1]
	o.repairs = o.repairs[:len(o.repairs)-1]
	return slot
}

// judge compares an answer with what the client must have, and moves the client's state on. failure says why there is no
// answer; then answer is nil. An answer counts once: as a failure, or as the first that applies of lost, crossed and stale.
// An answer that is none of these and impossible all the same (a version that was never written, a payload of another
// size, a status that the operation does not have) is a protocol failure.
func (o *oracle) judge(t *task, answer *response, failure Failure, now int64) outcome {
	if failure == NoFailure && answer.status >= 500 {
		failure = ServerFailure
	}
	if t.slot < 0 {
		return o.judgeProbe(t, answer, failure)
	}
	switch {
	case t.settles:
		ended := o.settle(t, answer, failure, now)
		if ended == (outcome{}) {
			o.pages.Settling++
		}
		return ended
	case t.page != nil:
		return o.judgeInPage(t, answer, failure, now)
	}
	client := &o.pool.clients[t.slot]
	client.busy = false
	switch t.operation {
	case Login:
		return o.judgeLogin(t, client, answer, failure, now)
	case Logout:
		return o.judgeLogout(t, client, answer, failure, now)
	}
	return o.judgeUse(t, client, answer, failure, now)
}

func (o *oracle) judgeLogin(t *task, client *client, answer *response, failure Failure, now int64) outcome {
	if failure != NoFailure {
		o.abandon(t.slot)
		return failed(failure)
	}
	v, readable := parseView(answer.body)
	if answer.status != 201 || !readable || !client.jar.takeAll(answer.setCookies) {
		o.abandon(t.slot)
		return failed(ProtocolFailure)
	}
	if t.oldCookies != nil {
		o.scheduleProbe(endedSession{cookies: t.oldCookies}, now)
	}
	if !bytes.Equal(v.user, client.user) {
		// The cookies are somebody else's. If they were used further, this one fault would be counted at each use.
		o.relogin(t.slot)
		return violated(Crossed)
	}
	client.version.confirm(1)
	client.version.forget()
	client.debt = debt{}
	client.live = true
	if v.version != 1 || v.payloadBytes != int64(o.config.PayloadBytes) {
		client.version.confirm(v.version)
		return failed(ProtocolFailure)
	}
	return outcome{}
}

// judgeUse judges a read or a write: both answer with the session as it is then.
func (o *oracle) judgeUse(t *task, client *client, answer *response, failure Failure, now int64) outcome {
	if answer != nil {
		client.jar.takeAll(answer.setCookies)
	}
	if failure == NoFailure && answer.status == 401 {
		return o.lost(t.slot)
	}
	var v view
	if failure == NoFailure {
		var readable bool
		if v, readable = parseView(answer.body); answer.status != 200 || !readable {
			failure = ProtocolFailure
		}
	}
	crossed := failure == NoFailure && !bytes.Equal(v.user, client.user)
	if (crossed || failure != NoFailure) && t.operation == Write {
		client.version.writeUnknown(o.lateWriteEnds(now))
	}
	switch {
	case crossed:
		return violated(Crossed)
	case failure != NoFailure:
		return failed(failure)
	}
	return o.judgeVersion(t, client, v, now)
}

func (o *oracle) judgeVersion(t *task, client *client, v view, now int64) outcome {
	low, high := client.version.bounds()
	write, doubted := t.operation == Write, client.version.doubted
	if write {
		low, high = low+1, high+1
	}
	o.owe(client, func(d *debt) {
		switch {
		case v.version < low:
			d.owes(low, write, doubted)
			d.missing(v.version)
		case v.version > high:
			d.owes(low, write, doubted)
		default:
			d.shown(v.version, write, doubted)
		}
	})
	switch {
	case v.version < low && !write:
		return violated(Stale)
	case v.version < low:
		// Either the store now has what was written, or the answer alone was old. Later answers may be either, so that one
		// fault is not counted again with each of them.
		client.version.doubt(v.version, high, o.lateWriteEnds(now))
		return violated(Stale)
	case v.version > high:
		client.version.doubt(low, v.version, o.lateWriteEnds(now))
		return failed(ProtocolFailure)
	}
	client.version.confirmAt(v.version, now)
	if v.payloadBytes != int64(o.config.PayloadBytes) {
		return failed(ProtocolFailure)
	}
	return outcome{}
}

// owe changes what is missing of a session, and of all.
func (o *oracle) owe(client *client, change func(d *debt)) {
	before := client.debt.total()
	change(&client.debt)
	o.losses.Writes += client.debt.total() - before
}

// lateWriteEnds is the moment from which on a write whose outcome is unknown now cannot happen any more. The app gives up
// its store before the generator gives up the app, so that one time-out would be enough; two leave a margin.
func (o *oracle) lateWriteEnds(now int64) int64 { return now + 2*int64(o.config.Timeout) }

func (o *oracle) judgeLogout(t *task, client *client, answer *response, failure Failure, now int64) outcome {
	defer o.abandon(t.slot)
	switch {
	case failure != NoFailure:
		return failed(failure)
	case answer.status == 204:
		o.scheduleProbe(endedSession{cookies: bytes.Clone(client.jar.header)}, now)
		return outcome{}
	case answer.status == 401:
		o.losses.Sessions++
		return violated(Lost)
	}
	return failed(ProtocolFailure)
}

// judgeProbe judges a probe, and counts what it says of a race.
func (o *oracle) judgeProbe(t *task, answer *response, failure Failure) outcome {
	ended := judgeAnswerToProbe(answer, failure)
	if !o.sweeping {
		o.pages.probed(t.probe.raced, ended)
	}
	return ended
}

func judgeAnswerToProbe(answer *response, failure Failure) outcome {
	switch {
	case failure != NoFailure:
		return failed(failure)
	case answer.status == 401:
		return outcome{}
	case answer.status == 200:
		return violated(Resurrected)
	}
	return failed(ProtocolFailure)
}

// abandon empties a slot. What became of its session is known, or does not matter.
func (o *oracle) abandon(slot int32) {
	o.pool.clients[slot].live = false
	o.pool.release(slot)
}

// lost counts a session that is gone.
func (o *oracle) lost(slot int32) outcome {
	o.losses.Sessions++
	o.relogin(slot)
	return violated(Lost)
}

// relogin gives up a session that is gone or somebody else's, and has a new user log in at once, so that one fault is
// counted once and the population keeps its size. A sweep sends none of these logins.
func (o *oracle) relogin(slot int32) {
	o.pool.newUser(slot)
	client := &o.pool.clients[slot]
	client.live, client.busy = false, true
	o.repairs = append(o.repairs, slot)
}

// scheduleProbe takes over the cookies.
func (o *oracle) scheduleProbe(ended endedSession, now int64) {
	ended.due = now + int64(o.config.ProbeDelay)
	o.probes.push(ended)
	o.ended.add(ended)
}
