package session

import "slices"

// progress is what the control channel has been told of the current phase: its first seconds, and their sums.
type progress struct{ seconds, requests, failures, violations int64 }

// report hands over the seconds that are complete, and tells of the present, once a second.
func (e *engine) report(now int64) {
	second := e.recorder.secondOf(now)
	if second <= e.progress.seconds {
		return
	}
	// An arrival that waits for a connection is filed under the second when it was due.
	e.recorder.seconds.takeComplete(min(second, e.recorder.secondOf(e.schedule.next(now))), e.clerk.record)
	before := e.progress
	requests, failures, violations := e.recorder.totals[e.recorder.phase].sums()
	e.progress = progress{seconds: second, requests: requests, failures: failures, violations: violations}
	e.clerk.second(secondEvent{
		Phase: e.recorder.phase.String(), Second: second - 1, Requests: requests - before.requests,
		Errors: failures - before.failures, Violations: violations - before.violations,
		P99Micros: latencyAt(e.recorder.soFar, e.recorder.unanswered, 99),
	})
	e.recorder.tally(e.pool.redraws, e.client.reconnects())
	e.clerk.result(e.snapshot(Running, ""))
}

func (e *engine) snapshot(status Status, failure string) Result {
	phases := make(map[string]PhaseResult, phaseCount)
	for phase := range e.recorder.totals {
		if Phase(phase) != Sweep || e.recorder.swept != nil {
			phases[Phase(phase).String()] = e.recorder.totals[phase].result()
		}
	}
	result := Result{
		SchemaVersion: 1, EngineVersion: Version, K6Version: k6Version(), Status: status, Failure: failure,
		Loop: e.config.Loop, Engine: "epoll", Seed: e.config.Seed, OfferedRate: e.config.Rate,
		Connections: e.config.Connections, Sessions: e.config.Sessions, PayloadBytes: e.config.PayloadBytes,
		MeasureStartedAt: e.recorder.measureStartedAt, Phases: phases, Pacing: e.recorder.pacing,
		// The results are written by another goroutine while the load goes on.
		Gaps: slices.Clone(e.recorder.gaps.found), Swept: e.recorder.swept,
	}
	if e.recorder.measureStartedAt != nil {
		losses := e.oracle.losses
		result.Losses = &losses
	}
	return result
}
