package session

// task is one operation in flight.
type task struct {
	operation Operation
	// slot is the client's; -1 for a probe.
	slot int32
	// arrival means that the operation is one of the offered load, and not a repair or a probe. Logins of the seeding
	// count as arrivals.
	arrival bool
	// probe is what a probe asks with.
	probe endedSession
	// Times are nanoseconds on the engine's clock. intended is when the operation was due.
	intended, sent int64
	// second is the whole second of the phase that the operation is filed under.
	second int64
	// oldCookies are those of a session that a login replaces; nil where it replaces none.
	oldCookies []byte
	// page is what the operation is part of; nil where it is an arrival for itself, or none. settles means that it is the read
	// after that page.
	page    *page
	settles bool
}

// endedSession is a session that was logged out and must not work any more.
type endedSession struct {
	cookies []byte
	due     int64
	// raced is what the end of the session raced with: writes, or another login; neither where it is browsing.
	raced pageKind
}

// outcome is how an operation ended: well when it is zero, else with one failure or one violation.
type outcome struct {
	failure   Failure
	violation Violation
}

func failed(failure Failure) outcome { return outcome{failure: failure} }

func violated(violation Violation) outcome { return outcome{violation: violation} }
