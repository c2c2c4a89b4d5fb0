package session

// ArrivalKind says what one arrival is.
type ArrivalKind string

// An operation of a session; or a page, which is several operations of one session at once.
const (
	OperationArrival ArrivalKind = "operation"
	PageArrival      ArrivalKind = "page"
)

// mostAtOnce bounds the requests of a page.
const mostAtOnce = 32

// Arrival describes what arrives. All but Kind is of pages: how many reads and writes one sends at once, and the shares of
// pages in which a logout stands in for a read, and in which two logins stand in for writes and reads. record/workload.ts
// describes it.
type Arrival struct {
	Kind    ArrivalKind `js:"kind"`
	Reads   int         `js:"reads"`
	Writes  int         `js:"writes"`
	Logouts float64     `js:"logouts"`
	Logins  float64     `js:"logins"`
}

func (arrival Arrival) isPage() bool { return arrival.Kind == PageArrival }

// atOnce is how many operations are sent at the same time.
func (arrival Arrival) atOnce() int {
	if arrival.isPage() {
		return arrival.Reads + arrival.Writes
	}
	return 1
}

// kindAt gives the kind of page at a point from 0 to 1 when the shares are laid end to end.
func (arrival Arrival) kindAt(point float64) pageKind {
	switch {
	case point < arrival.Logouts:
		return leaving
	case point < arrival.Logouts+arrival.Logins:
		return returning
	}
	return browsing
}

// operations are those of a page of a kind, in no order that matters.
func (arrival Arrival) operations(kind pageKind) []Operation {
	operations := make([]Operation, 0, arrival.atOnce())
	reads, writes := arrival.Reads, arrival.Writes
	switch kind {
	case leaving:
		operations, reads = append(operations, Logout), reads-1
	case returning:
		// Without writes: one that the old session takes back would be a logout undone, and has pages of its own.
		operations, reads, writes = append(operations, Login, Login), reads+writes-2, 0
	case browsing:
	}
	for range reads {
		operations = append(operations, Read)
	}
	for range writes {
		operations = append(operations, Write)
	}
	return operations
}

func (err *ConfigError) checkArrival(arrival Arrival) {
	switch arrival.Kind {
	case "", OperationArrival:
		return
	case PageArrival:
	default:
		err.add("the workload's arrival is %q; give %q or %q", arrival.Kind, OperationArrival, PageArrival)
		return
	}
	if arrival.Reads < 1 || arrival.Writes < 1 || arrival.atOnce() > mostAtOnce {
		err.add("a page of the workload has %d reads and %d writes; give at least one of each, and at most %d in all",
			arrival.Reads, arrival.Writes, mostAtOnce)
	}
	// Written so that NaN, which compares with nothing, is a mistake too.
	if !(arrival.Logouts >= 0 && arrival.Logins >= 0 && arrival.Logouts+arrival.Logins <= 1) {
		err.add("the shares of pages with a logout and with logins are %v and %v; give shares from 0 to 1 that sum to 1 at most",
			arrival.Logouts, arrival.Logins)
	}
}

// checkRoom refuses a page that no number of free connections could carry.
func (err *ConfigError) checkRoom(config Config) {
	if config.Connections > 0 && config.Connections < config.Arrival.atOnce() {
		err.add("SESSION_CONNECTIONS is %d, and a page of the workload sends %d requests at once; give at least as many",
			config.Connections, config.Arrival.atOnce())
	}
}
