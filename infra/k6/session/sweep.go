package session

import "time"

const (
	// sweepLimit bounds the sweep: where nothing answers, each of its requests takes a time-out.
	sweepLimit = int64(30 * time.Second)
	// endedKept is how many of the sessions that ended a sweep asks for: the latest.
	endedKept = 5000
)

// Swept is what a sweep had to ask for. How many of them it asked for is in the phase "sweep": its reads and its probes.
type Swept struct {
	// Alive is how many sessions the engine believed alive.
	Alive int64 `json:"alive"`
	// Ended is how many sessions had been ended by a logout or another login, in all phases.
	Ended int64 `json:"ended"`
}

// sweepTasks are what a sweep has still to send: reads in random order, so that a sweep that ends early has read a sample,
// and then probes, the latest first.
type sweepTasks struct {
	alive []int32
	ended []endedSession
}

func (s *sweepTasks) left() int { return len(s.alive) + len(s.ended) }

// take gives the next task; there must be one.
func (s *sweepTasks) take(now int64) task {
	if last := len(s.alive) - 1; last >= 0 {
		slot := s.alive[last]
		s.alive = s.alive[:last]
		return task{operation: Read, slot: slot, arrival: true, intended: now}
	}
	last := len(s.ended) - 1
	ended := s.ended[last]
	s.ended = s.ended[:last]
	return task{operation: Probe, slot: -1, probe: ended, intended: now}
}

// sweep reads every session that is believed alive once more, and probes those that ended, in a closed loop over the
// connections. Nobody logs in for a session that it finds gone.
func (e *engine) sweep() error {
	tasks := sweepTasks{alive: e.pool.live(), ended: e.oracle.ended.items()}
	e.recorder.swept = &Swept{Alive: int64(len(tasks.alive)), Ended: e.oracle.ended.total}
	e.oracle.sweeping = true
	start := e.now()
	e.begin(Sweep, start, &steady{})
	defer e.end()
	for e.now()-start < sweepLimit && tasks.left() > 0 || e.conns.inFlight() > 0 {
		if e.interrupted() {
			return e.wrapUp()
		}
		for len(e.conns.idle) > 0 && tasks.left() > 0 && e.now()-start < sweepLimit {
			e.start(tasks.take(e.now()))
		}
		if err := e.turn(longestWait); err != nil {
			return err
		}
		e.report(e.now())
	}
	return nil
}
