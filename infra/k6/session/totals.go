package session

// OperationTotals is what became of one operation's requests in a phase.
type OperationTotals struct {
	Count      int64      `json:"count"`
	Errors     Errors     `json:"errors"`
	Violations Violations `json:"violations"`
}

// Usage is CPU time in microseconds and resident memory in bytes.
type Usage struct {
	CPUMicros   int64 `json:"cpuMicros"`
	MemoryBytes int64 `json:"memoryBytes"`
}

// phaseTotals is what has become of a phase so far.
type phaseTotals struct {
	seconds    float64
	usage      Usage
	requests   int64
	operations [operationCount]OperationTotals
}

// sums adds up the operations.
func (totals *phaseTotals) sums() (requests, failures, violations int64) {
	for i := range totals.operations {
		failures += totals.operations[i].Errors.total()
		violations += totals.operations[i].Violations.total()
	}
	return totals.requests, failures, violations
}

// PhaseResult is a phase in engine.json.
type PhaseResult struct {
	Seconds    float64                    `json:"seconds"`
	Usage      Usage                      `json:"usage"`
	Requests   int64                      `json:"requests"`
	Operations map[string]OperationTotals `json:"operations"`
}

func (totals *phaseTotals) result() PhaseResult {
	operations := make(map[string]OperationTotals, operationCount)
	for operation, each := range totals.operations {
		if each.Count > 0 {
			operations[Operation(operation).String()] = each
		}
	}
	return PhaseResult{
		Seconds: totals.seconds, Usage: totals.usage, Requests: totals.requests, Operations: operations,
	}
}

// Pacing says how well the generator kept to the schedule in the measured phase. record/engine.ts explains each field.
type Pacing struct {
	Arrivals       int64 `json:"arrivals"`
	Answered       int64 `json:"answered"`
	Dropped        int64 `json:"dropped"`
	Waited         int64 `json:"waited"`
	WaitP99Micros  int64 `json:"waitP99Micros"`
	WaitMaxMicros  int64 `json:"waitMaxMicros"`
	LastWaitMicros int64 `json:"lastWaitMicros"`
	LagP50Micros   int64 `json:"lagP50Micros"`
	LagP99Micros   int64 `json:"lagP99Micros"`
	LagMaxMicros   int64 `json:"lagMaxMicros"`
	Redraws        int64 `json:"redraws"`
	Reconnects     int64 `json:"reconnects"`
}

// Status says how far a load got.
type Status string

// A load that is running, and the ways it can end.
const (
	Running     Status = "running"
	Finished    Status = "finished"
	Interrupted Status = "interrupted"
	Failed      Status = "failed"
)

// Result is engine.json. Its schema is engineResult in record/engine.ts.
type Result struct {
	SchemaVersion    int                    `json:"schemaVersion"`
	EngineVersion    string                 `json:"engineVersion"`
	K6Version        string                 `json:"k6Version"`
	Status           Status                 `json:"status"`
	Failure          string                 `json:"failure,omitempty"`
	Loop             Loop                   `json:"loop"`
	Engine           string                 `json:"engine"`
	Seed             uint64                 `json:"seed"`
	OfferedRate      float64                `json:"offeredRate"`
	Connections      int                    `json:"connections"`
	Sessions         int                    `json:"sessions"`
	PayloadBytes     int                    `json:"payloadBytes"`
	MeasureStartedAt *string                `json:"measureStartedAt"`
	Phases           map[string]PhaseResult `json:"phases"`
	Pacing           Pacing                 `json:"pacing"`
	// Gaps and Losses are of the time since measuring began; null before. Swept is null without a sweep.
	Gaps   []Gap   `json:"gaps"`
	Losses *Losses `json:"losses"`
	Swept  *Swept  `json:"swept"`
	// Pages is null where none were sent, and until the load has ended.
	Pages *Pages `json:"pages"`
}
