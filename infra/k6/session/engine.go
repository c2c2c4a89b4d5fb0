// Package session is session-bench's load engine: it logs in, reads, writes and logs out sessions at a rate, checks
// every answer, and keeps latencies in HDR histograms. One goroutine on one thread does all of it. It builds on Linux
// only, because its client uses epoll.
package session

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	// longestWait bounds how long the loop sleeps, so that it sees an interruption soon.
	longestWait = int64(20 * time.Millisecond)
	// graceAfterInterrupt bounds the wait for operations in flight.
	graceAfterInterrupt = int64(time.Second)
	// seedErrorLimit is how many failed logins end the seeding.
	seedErrorLimit = 200
	// closedLoopFailureLimit is how many failures in a row end a closed loop, which nothing else would slow down.
	closedLoopFailureLimit = 2000
	// never is a moment that does not come.
	never = int64(1) << 62
)

// errInterrupted ends a load whose context was cancelled.
var errInterrupted = errors.New("interrupted")

// clock gives monotonic nanoseconds since its origin. All moments of the engine are on one clock.
type clock struct{ origin time.Time }

func (c clock) now() int64 { return int64(time.Since(c.origin)) }

// engine is the event loop and what it works on. The files dispatch.go, finish.go and progress.go hold its methods for
// sending, for what has ended, and for telling how the load goes.
type engine struct {
	clock
	config   Config
	client   *epoll
	conns    connections
	pool     *pool
	oracle   *oracle
	requests requestWriter
	// operations draws what each arrival does. It is a stream of its own, so that the same seed gives the same
	// operations, however the answers change the choice of sessions.
	operations *rand.Rand
	schedule   schedule
	recorder   recorder
	trouble    trouble
	// expiredAt is when time-outs were last looked for.
	expiredAt   int64
	progress    progress
	clerk       *clerk
	interrupted func() bool
}

// connections are all connections to the target, and those of them that carry no operation.
type connections struct {
	all, idle []*conn
	// freeSince is when a connection or a session became free after all had been busy.
	freeSince int64
	// starved means that an arrival was due while every session had an operation in flight, or too few connections were free
	// for a page.
	starved bool
}

func newConnections(count int) connections {
	all := make([]*conn, count)
	for i := range all {
		all[i] = &conn{fd: -1}
	}
	return connections{all: all, idle: append([]*conn(nil), all...)}
}

func (c *connections) inFlight() int { return len(c.all) - len(c.idle) }

// take gives an idle connection; there must be one.
func (c *connections) take() *conn {
	taken := c.idle[len(c.idle)-1]
	c.idle = c.idle[:len(c.idle)-1]
	return taken
}

func (c *connections) putBack(free *conn, now int64) {
	if len(c.idle) == 0 || c.starved {
		c.freeSince, c.starved = now, false
	}
	c.idle = append(c.idle, free)
}

func newEngine(ctx context.Context, config Config, clerk *clerk) (*engine, error) {
	clock := clock{origin: time.Now()}
	host := config.Target.Host
	if config.Target.Port() == "" {
		host += ":80"
	}
	members, err := readMembers(config.Members)
	if err != nil {
		return nil, err
	}
	if config.Members != "" {
		config.Sessions = len(members)
	}
	client, err := newEpoll(host, clock, config.Connections)
	if err != nil {
		return nil, err
	}
	stream := func(number uint64) *rand.Rand { return rand.New(rand.NewPCG(config.Seed, number)) }
	pool := newPool(stream(3), config.Sessions, config.ZipfExponent, fmt.Sprintf("u-%x-", config.Seed))
	pool.admit(members)
	return &engine{
		clock: clock, config: config, client: client, conns: newConnections(config.Connections),
		pool: pool, oracle: newOracle(config, pool), operations: stream(1),
		requests: requestWriter{host: config.Target.Host, payload: config.PayloadBytes},
		recorder: newRecorder(), clerk: clerk,
		interrupted: func() bool { return ctx.Err() != nil },
	}, nil
}

// run does all phases. Its error is errInterrupted, or says why the load failed.
func (e *engine) run() error {
	defer e.client.close()
	e.clerk.phaseBegan("seed")
	if err := e.seed(); err != nil {
		return err
	}
	if e.config.Warmup > 0 {
		e.clerk.phaseBegan("warmup")
		if err := e.load(Warmup, e.config.Warmup); err != nil {
			return err
		}
	}
	e.clerk.barrier("before-measure")
	e.recorder.startMeasuring(e.pool.redraws, e.client.reconnects())
	e.oracle.startMeasuring()
	e.clerk.phaseBegan("measure")
	if err := e.load(Measure, e.config.Duration); err != nil {
		return err
	}
	e.clerk.barrier("after-measure")
	if e.config.Sweep {
		e.clerk.phaseBegan("sweep")
		if err := e.sweep(); err != nil {
			return err
		}
	}
	e.clerk.phaseBegan("end")
	return nil
}

func (e *engine) begin(phase Phase, start int64, schedule schedule) {
	e.schedule, e.progress = schedule, progress{}
	e.recorder.begin(phase, start)
}

func (e *engine) end() {
	e.recorder.seconds.takeComplete(never, e.clerk.record)
	e.recorder.tally(e.pool.redraws, e.client.reconnects())
	e.recorder.end(e.now())
}

// seed logs in a user for every slot that has no session yet, as fast as the connections allow.
func (e *engine) seed() error {
	noArrivals := &steady{}
	e.begin(Seed, e.now(), noArrivals)
	defer e.end()
	for len(e.pool.free) > 0 || len(e.oracle.repairs) > 0 || e.conns.inFlight() > 0 {
		if e.interrupted() {
			return errInterrupted
		}
		for len(e.conns.idle) > 0 && len(e.oracle.repairs) > 0 {
			e.startRepair(e.now())
		}
		for len(e.conns.idle) > 0 && len(e.pool.free) > 0 {
			slot, _ := e.pool.takeFree()
			e.start(task{operation: Login, slot: slot, arrival: true, intended: e.now()})
		}
		if err := e.turn(longestWait); err != nil {
			return err
		}
		e.report(e.now())
		logins := &e.recorder.totals[Seed].operations[Login]
		failures := logins.Errors.total() + logins.Violations.total()
		if failures >= min(seedErrorLimit, int64(e.config.Sessions)) {
			return fmt.Errorf("the population could not log in: %d of %d logins failed, the last with %s; "+
				"look at the logs of the app and the balancer", failures, logins.Count, e.trouble.last)
		}
	}
	return nil
}

// load offers operations for a time, then waits until every one has its answer and every logout its probe.
func (e *engine) load(phase Phase, length time.Duration) error {
	start := e.now()
	e.begin(phase, start, newSchedule(e.config, start, length))
	if phase == Measure {
		e.recorder.gaps = newGaps(start, e.config.Rate)
	}
	defer e.end()
	giveUpAt := start + int64(length+e.config.overtimeOf(length))
	draining := false
	for now := e.now(); e.unfinished(now); now = e.now() {
		if e.interrupted() {
			return e.wrapUp()
		}
		if now > giveUpAt {
			e.recorder.dropped(e.schedule.drop(never))
		}
		if e.config.Loop == ClosedLoop && e.trouble.inARow > closedLoopFailureLimit {
			return fmt.Errorf("%d operations in a row failed, the last with %s", e.trouble.inARow, e.trouble.last)
		}
		wake := e.dispatch(now)
		if phase == Measure && !draining && e.schedule.next(now) == never {
			draining = true
			e.clerk.phaseBegan("drain")
		}
		if err := e.turn(min(wake-e.now(), longestWait)); err != nil {
			return err
		}
		e.report(e.now())
	}
	return nil
}

// unfinished means that an operation has still to be sent or answered.
func (e *engine) unfinished(now int64) bool {
	return e.conns.inFlight() > 0 || e.schedule.next(now) < never || e.oracle.waiting()
}

// wrapUp ends an interrupted phase: nothing new is sent, and operations in flight get a moment.
func (e *engine) wrapUp() error {
	e.recorder.dropped(e.schedule.drop(e.now()))
	deadline := e.now() + graceAfterInterrupt
	for e.conns.inFlight() > 0 && e.now() < deadline {
		if err := e.turn(longestWait); err != nil {
			return err
		}
	}
	e.recorder.seconds.abandonPending()
	return errInterrupted
}
