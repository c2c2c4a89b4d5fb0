package session

import "bytes"

// judgeInPage judges one request of a page, and does what follows when it was the last.
func (o *oracle) judgeInPage(t *task, answer *response, failure Failure, now int64) outcome {
	p := t.page
	ended := o.judgePart(t, answer, failure)
	if ended != (outcome{}) {
		p.failed = true
		if t.operation == Write {
			p.unknown++
		}
	}
	if ended.violation == Lost && !p.gone {
		o.losses.Sessions++
	}
	p.gone = p.gone || ended.violation == Lost
	if p.pending--; p.pending == 0 {
		o.endPage(p, now)
	}
	return ended
}

func (o *oracle) judgePart(t *task, answer *response, failure Failure) outcome {
	p := t.page
	switch {
	case failure != NoFailure:
		return failed(failure)
	case t.operation == Login:
		return o.judgeLoginInPage(p, answer)
	case t.operation == Logout && answer.status == 204:
		p.loggedOut = true
		return outcome{}
	case answer.status == 401 && p.kind != browsing && t.operation != Logout:
		// The logout or the login was first.
		return outcome{}
	case answer.status == 401:
		return violated(Lost)
	case t.operation == Logout:
		return failed(ProtocolFailure)
	}
	return o.judgeUseInPage(t, answer)
}

// judgeLoginInPage judges a login. Of two, the cookies of the later answer stay, as in a browser.
func (o *oracle) judgeLoginInPage(p *page, answer *response) outcome {
	client := &o.pool.clients[p.slot]
	v, readable := parseView(answer.body)
	if answer.status != 201 || !readable || !client.jar.takeAll(answer.setCookies) {
		return failed(ProtocolFailure)
	}
	p.logins++
	if !bytes.Equal(v.user, client.user) {
		// These cookies must not be used further.
		p.gone = true
		return violated(Crossed)
	}
	if v.version != 1 || v.payloadBytes != int64(o.config.PayloadBytes) {
		return failed(ProtocolFailure)
	}
	return outcome{}
}

// judgeUseInPage judges a read or a write that has a session. It may have happened before or after each of the page's
// writes.
func (o *oracle) judgeUseInPage(t *task, answer *response) outcome {
	p, client := t.page, &o.pool.clients[t.slot]
	if p.kind == browsing {
		client.jar.takeAll(answer.setCookies)
	}
	v, readable := parseView(answer.body)
	low, high := p.low, p.high+int64(p.writing)
	if t.operation == Write {
		low++
	}
	switch {
	case answer.status != 200 || !readable:
		return failed(ProtocolFailure)
	case !bytes.Equal(v.user, client.user):
		return violated(Crossed)
	case v.version < low:
		return violated(Stale)
	case v.version > high || v.payloadBytes != int64(o.config.PayloadBytes):
		return failed(ProtocolFailure)
	}
	if t.operation == Write {
		p.versions = append(p.versions, v.version)
	}
	return outcome{}
}

// endPage goes on with a session when the last request of its page has ended: it is read once more, or a new user takes
// its place, and what the page has ended is probed.
func (o *oracle) endPage(p *page, now int64) {
	o.pages.ended(p, now)
	if p.kind == leaving && p.loggedOut || p.kind == returning && p.logins > 0 {
		o.scheduleProbe(endedSession{cookies: p.cookies, raced: p.kind}, now)
	}
	switch {
	case p.gone, p.kind == leaving:
		o.relogin(p.slot)
	case p.kind == returning && p.logins == 0:
		// The old session may have ended all the same.
		o.pool.clients[p.slot].busy = false
		o.abandon(p.slot)
	default:
		o.settling = append(o.settling, p)
	}
}

// settle judges the read after a page, when nothing else is done with the session: what it shows is what was kept.
func (o *oracle) settle(t *task, answer *response, failure Failure, now int64) outcome {
	p, client := t.page, &o.pool.clients[t.slot]
	client.busy = false
	low, high := p.versionsAfter()
	if failure == NoFailure && answer.status == 401 {
		return o.lost(t.slot)
	}
	var v view
	if failure == NoFailure {
		var readable bool
		client.jar.takeAll(answer.setCookies)
		if v, readable = parseView(answer.body); answer.status != 200 || !readable {
			failure = ProtocolFailure
		}
	}
	crossed := failure == NoFailure && !bytes.Equal(v.user, client.user)
	if crossed || failure != NoFailure {
		client.version.doubt(low, high, o.lateWriteEnds(now))
		if crossed {
			return violated(Crossed)
		}
		return failed(failure)
	}
	return o.settleVersion(p, client, v, now)
}

func (o *oracle) settleVersion(p *page, client *client, v view, now int64) outcome {
	low, high := p.versionsAfter()
	switch {
	case v.version < low:
		client.version.doubt(v.version, high, o.lateWriteEnds(now))
		return violated(Stale)
	case v.version > high:
		client.version.doubt(low, v.version, o.lateWriteEnds(now))
		return failed(ProtocolFailure)
	}
	if p.kind == returning {
		client.version.forget()
		client.debt = debt{}
	}
	for range p.unknown {
		client.version.writeUnknown(o.lateWriteEnds(now))
	}
	client.version.confirmAt(v.version, now)
	if v.payloadBytes != int64(o.config.PayloadBytes) {
		return failed(ProtocolFailure)
	}
	if p.isClear() {
		o.pages.settled(p, v.version)
	}
	return outcome{}
}
