package session

// dispatch sends everything that is due while connections are free, in the order of its intended start. It gives the
// moment when it should be called again.
func (e *engine) dispatch(now int64) (wake int64) {
	for len(e.conns.idle) > 0 {
		if len(e.oracle.repairs) > 0 {
			e.startRepair(now)
			continue
		}
		if len(e.oracle.settling) > 0 {
			e.startSettling(now)
			continue
		}
		due, probe := e.schedule.next(now), e.oracle.nextProbe()
		if min(due, probe) > now {
			return min(due, probe)
		}
		if probe < due {
			e.startProbe()
			continue
		}
		if !e.startArrival(due, now) {
			e.conns.starved = true
			break
		}
		now = e.now()
	}
	return never
}

func (e *engine) startRepair(now int64) {
	e.start(task{operation: Login, slot: e.oracle.takeRepair(), intended: now})
}

func (e *engine) startProbe() {
	ended := e.oracle.probes.pop()
	e.start(task{operation: Probe, slot: -1, probe: ended, intended: ended.due})
}

// startArrival sends the next operation of the mix, or the next page; false when every session has one in flight already,
// or when there is no room for a page.
func (e *engine) startArrival(due, now int64) bool {
	if e.config.Arrival.isPage() {
		return e.startPage(due, now)
	}
	t, ok := e.drawTask()
	if ok {
		e.offer(t, due, now)
	}
	return ok
}

// offer sends the operation of an arrival.
func (e *engine) offer(t task, due, now int64) {
	e.schedule.take()
	t.arrival, t.intended = true, due
	e.recorder.arrived()
	if e.config.Loop == OpenLoop {
		e.recorder.keptPace(due, now, e.conns.freeSince)
	}
	e.start(t)
}

// drawTask chooses the next operation and a session for it; false when no session is free.
func (e *engine) drawTask() (task, bool) {
	operation := e.config.Mix.at(e.operations.Float64())
	if operation == Login {
		if slot, free := e.pool.takeFree(); free {
			return task{operation: Login, slot: slot}, true
		}
	}
	if slot, found := e.pool.pick(); found {
		t := task{operation: operation, slot: slot}
		if operation == Login {
			// Everybody is logged in: somebody logs in again, and the old session must end.
			t.oldCookies = append([]byte(nil), e.pool.clients[slot].jar.header...)
		}
		return t, true
	}
	if slot, free := e.pool.takeFree(); free {
		return task{operation: Login, slot: slot}, true
	}
	return task{}, false
}

// start puts an operation on a free connection.
func (e *engine) start(t task) {
	c := e.conns.take()
	user, cookies := []byte(nil), t.probe.cookies
	if t.slot >= 0 {
		client := &e.pool.clients[t.slot]
		client.busy = true
		user, cookies = client.user, client.jar.header
	}
	t.second = e.recorder.secondOf(t.intended)
	c.task, c.busy, c.cause = t, true, nil
	c.out = e.requests.append(c.out[:0], t.operation, user, cookies)
	c.deadline = e.now() + int64(e.config.Timeout)
	e.recorder.sent(&c.task, len(c.out))
	e.client.send(c)
}
