package session

// Operation is what a request asks for.
type Operation uint8

// The four operations of a scenario, and the probe: a read of a session that was logged out, which must fail.
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

// Failure says why an operation has no right or wrong answer.
type Failure uint8

// No failure, and the four kinds of it.
const (
	NoFailure Failure = iota
	TimeoutFailure
	ConnectionFailure
	ServerFailure
	ProtocolFailure
)

// Violation says how an answer is wrong.
type Violation uint8

// No violation, and the four classes of it.
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
	switch failure {
	case NoFailure:
	case TimeoutFailure:
		errors.Timeout++
	case ConnectionFailure:
		errors.Connection++
	case ServerFailure:
		errors.Server++
	case ProtocolFailure:
		errors.Protocol++
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
	switch violation {
	case NoViolation:
	case Lost:
		violations.Lost++
	case Stale:
		violations.Stale++
	case Resurrected:
		violations.Resurrected++
	case Crossed:
		violations.Crossed++
	}
}

func (violations *Violations) of(violation Violation) int64 {
	switch violation {
	case Lost:
		return violations.Lost
	case Stale:
		return violations.Stale
	case Resurrected:
		return violations.Resurrected
	case Crossed:
		return violations.Crossed
	case NoViolation:
	}
	return 0
}

func (violations *Violations) total() int64 {
	return violations.Lost + violations.Stale + violations.Resurrected + violations.Crossed
}
