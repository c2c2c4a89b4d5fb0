package session

// Operation is what a request asks for.
type Operation uint8

// The four operations of a scenario, and the probe: a read after logout, which must be answered with 401.
const (
	Login Operation = iota
	Read
	Write
	Logout
	Probe
	operationCount
)

var operationNames = [operationCount]string{"login", "read", "write", "logout", "probe"}

func (operation Operation) String() string { return operationNames[operation] }

// Failure says why an operation has no answer that could be right or wrong.
type Failure uint8

// No failure, and the four kinds.
const (
	NoFailure Failure = iota
	TimeoutFailure
	ConnectionFailure
	ServerFailure
	ProtocolFailure
)

// Violation says how an answer is wrong.
type Violation uint8

// No violation, and the four classes.
const (
	NoViolation Violation = iota
	Lost
	Stale
	Resurrected
	Crossed
)

var violationNames = [...]string{"none", "lost", "stale", "resurrected", "crossed"}

func (violation Violation) String() string { return violationNames[violation] }

// Errors counts failures by kind.
type Errors struct {
	Timeout    int64 `json:"timeout"`
	Connection int64 `json:"connection"`
	Server     int64 `json:"server"`
	Protocol   int64 `json:"protocol"`
}

func (errors *Errors) add(failure Failure) {
	if failure != NoFailure {
		*[...]*int64{nil, &errors.Timeout, &errors.Connection, &errors.Server, &errors.Protocol}[failure]++
	}
}

func (errors *Errors) total() int64 {
	return errors.Timeout + errors.Connection + errors.Server + errors.Protocol
}

// Violations counts wrong answers by class.
type Violations struct {
	Lost        int64 `json:"lost"`
	Stale       int64 `json:"stale"`
	Resurrected int64 `json:"resurrected"`
	Crossed     int64 `json:"crossed"`
}

func (violations *Violations) add(violation Violation) {
	if violation != NoViolation {
		*violations.of(violation)++
	}
}

// of gives the counter of a class; there is none of NoViolation.
func (violations *Violations) of(violation Violation) *int64 {
	return [...]*int64{
		nil, &violations.Lost, &violations.Stale, &violations.Resurrected, &violations.Crossed,
	}[violation]
}

func (violations *Violations) total() int64 {
	return violations.Lost + violations.Stale + violations.Resurrected + violations.Crossed
}
