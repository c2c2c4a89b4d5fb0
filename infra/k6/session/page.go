package session

import "bytes"

// pageKind says what a page does beside reading.
type pageKind uint8

// A page that writes, one that also logs out, and one that logs in twice with the same old cookie.
const (
	browsing pageKind = iota
	leaving
	returning
)

// page is several requests of one session that are in flight at the same time, as browsers send them. The store contract
// makes no promise about them: each request reads the session, changes its copy and writes it back, so that of two writes
// one can be lost. That is counted, and is no violation.
type page struct {
	kind     pageKind
	slot     int32
	intended int64
	// cookies are those that all its requests carry.
	cookies []byte
	// low and high bound the version of the session before.
	low, high int64
	// writing is how many writes it has, and pending how many requests have not ended.
	writing, pending int
	// versions are those that acknowledged writes answered with.
	versions []int64
	// unknown is how many writes have an unknown outcome.
	unknown int64
	// failed means that a request got no right answer.
	failed bool
	// gone means that the session was found gone, or to be somebody else's.
	gone bool
	// loggedOut means that the logout was acknowledged, and logins counts the logins that were.
	loggedOut bool
	logins    int
}

// isClear means that what its writes lost can be told from the version after them.
func (p *page) isClear() bool { return p.kind == browsing && !p.failed && p.low == p.high }

// versionsAfter bounds the version after all writes. A session of a new login has version 1.
func (p *page) versionsAfter() (low, high int64) {
	if p.kind == returning {
		return 1, 1
	}
	low, high = p.low, p.high+int64(len(p.versions))+p.unknown
	if len(p.versions) > 0 {
		low++
	}
	return low, high
}

// startPage sends a page; false when it needs more connections than are free, or every session is busy.
func (e *engine) startPage(due, now int64) bool {
	atOnce := e.config.Arrival.atOnce()
	if len(e.conns.idle) < atOnce {
		return false
	}
	slot, found := e.pool.pick()
	if !found {
		return e.refill()
	}
	client := &e.pool.clients[slot]
	p := &page{
		kind: e.config.Arrival.kindAt(e.operations.Float64()), slot: slot, intended: due,
		cookies: bytes.Clone(client.jar.header), pending: atOnce,
	}
	p.low, p.high = client.version.bounds()
	operations := e.config.Arrival.operations(p.kind)
	e.operations.Shuffle(len(operations), func(i, j int) { operations[i], operations[j] = operations[j], operations[i] })
	for _, operation := range operations {
		if operation == Write {
			p.writing++
		}
	}
	for _, operation := range operations {
		e.offer(task{operation: operation, slot: slot, page: p}, due, now)
	}
	if len(e.conns.idle) > 0 {
		e.refill()
	}
	return true
}

// refill logs somebody in where a login failed and left a slot empty: pages have no logins of new users. false when no
// slot is empty.
func (e *engine) refill() bool {
	slot, free := e.pool.takeFree()
	if free {
		e.start(task{operation: Login, slot: slot, intended: e.now()})
	}
	return free
}

// startSettling reads a session whose page has ended, before anything else is done with it.
func (e *engine) startSettling(now int64) {
	last := len(e.oracle.settling) - 1
	p := e.oracle.settling[last]
	e.oracle.settling = e.oracle.settling[:last]
	e.start(task{operation: Read, slot: p.slot, page: p, settles: true, intended: now})
}
