// Package session is session-bench's load engine: it logs in, reads, writes and logs out sessions at a rate, checks
// every answer, and keeps latencies in HDR histograms. One goroutine on one thread does all of it.
package session

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const (
	// longestWait bounds how long the loop sleeps, so that it sees an interruption soon.
	longestWait = int64(20 * time.Millisecond)
	// expireEvery is how often operations are looked through for those whose time is over.
	expireEvery = int64(10 * time.Millisecond)
	// graceAfterInterrupt bounds the wait for operations in flight.
	graceAfterInterrupt = int64(time.Second)
	// seedErrorLimit is how many failed logins end the seeding.
	seedErrorLimit = 200
	// never is a moment that does not come.
	never = int64(1) << 62
	// closedLoopFailureLimit is how many failures in a row end a closed loop, which nothing else would slow down.
	closedLoopFailureLimit = 2000
)

// errInterrupted ends a load whose context was cancelled.
var errInterrupted = errors.New("interrupted")

type engine struct {
	config    Config
	origin    time.Time
	transport transport
	pool      *pool
	// operations draws what each arrival does, and arrivals when it is due: streams of their own, so that the same seed
	// gives the same operations whatever the answers do to the choice of sessions.
	operations *rand.Rand
	arrivals   *rand.Rand
	requests   requestWriter
	conns      []*conn
	idle       []*conn
	// idleSince is when a connection or a session became free after all had been busy.
	idleSince int64
	// starved says that an arrival was due and every session had an operation in flight.
	starved  bool
	inFlight int

	repairs []int32
	probes  queue[endedSession]

	phase      Phase
	phaseStart int64
	schedule   schedule
	// scheduled is false once the phase has no arrival left to send.
	scheduled  bool
	lastAnswer int64

	totals    [phaseCount]phaseTotals
	seconds   *seconds
	lag, wait *hdrhistogram.Histogram
	cumul     *hdrhistogram.Histogram
	pacing    Pacing
	meterAt   Usage
	started   *string
	// lastFailure describes the newest failure, for messages.
	lastFailure string
	// failuresInARow counts failures since the last right answer.
	failuresInARow int
	expiredAt      int64
	reportedAt     int64
	lastTotals     [3]int64
	redrawsAt      int64
	connectsAt     int64

	interrupted func() bool
	observer    observer
}

// observer is told what happens, from the engine's goroutine; it must not block but at a barrier.
type observer interface {
	phaseBegan(name string)
	// barrier returns when the load may go on.
	barrier(name string)
	second(phase Phase, second, requests, errors, violations, p99Micros int64)
	// record takes over a complete second; it gives the memory back through recycle.
	record(record *secondRecord, recycle chan<- *secondRecord)
	result(result Result)
}

func newEngine(ctx context.Context, config Config, observer observer) (*engine, error) {
	e := &engine{
		config: config, origin: time.Now(), observer: observer, seconds: newSeconds(),
		lag: newHistogram(), wait: newHistogram(), cumul: newHistogram(),
		interrupted: func() bool { return ctx.Err() != nil },
	}
	stream := func(number uint64) *rand.Rand { return rand.New(rand.NewPCG(config.Seed, number)) }
	e.operations, e.arrivals = stream(1), stream(2)
	e.pool = newPool(stream(3), config.Sessions, config.ZipfExponent, fmt.Sprintf("u-%x-", config.Seed))
	host := config.Target.Host
	if config.Target.Port() == "" {
		host += ":80"
	}
	e.requests = requestWriter{host: config.Target.Host, payload: config.PayloadBytes}
	transport, err := openTransport(config, host, e.now)
	if err != nil {
		return nil, err
	}
	e.transport = transport
	for range config.Connections {
		c := &conn{fd: -1}
		e.conns = append(e.conns, c)
		e.idle = append(e.idle, c)
	}
	return e, nil
}

func openTransport(config Config, host string, now func() int64) (transport, error) {
	if config.Portable {
		return newPortableTransport(host, now, config.Connections, config.Timeout), nil
	}
	return newNativeTransport(host, now, config.Connections, config.Timeout)
}

// now is the engine's clock: monotonic nanoseconds since its start.
func (e *engine) now() int64 { return int64(time.Since(e.origin)) }

// run does all phases. Its error is errInterrupted, or says why the load failed.
func (e *engine) run() error {
	defer e.transport.close()
	e.observer.phaseBegan("seed")
	if err := e.seed(); err != nil {
		return err
	}
	if e.config.Warmup > 0 {
		e.observer.phaseBegan("warmup")
		if err := e.load(Warmup, e.config.Warmup); err != nil {
			return err
		}
	}
	e.observer.barrier("before-measure")
	started := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	e.started = &started
	e.redrawsAt, e.connectsAt = e.pool.redraws, e.transport.reconnects()
	e.observer.phaseBegan("measure")
	if err := e.load(Measure, e.config.Duration); err != nil {
		return err
	}
	e.observer.barrier("after-measure")
	e.observer.phaseBegan("end")
	return nil
}

func (e *engine) begin(phase Phase) {
	e.phase, e.phaseStart = phase, e.now()
	e.lastAnswer, e.reportedAt, e.lastTotals = e.phaseStart, 0, [3]int64{}
	e.cumul.Reset()
	e.meterAt = readUsage()
}

func (e *engine) end() {
	e.seconds.takeComplete(never, func(s *secondRecord) { e.observer.record(s, e.seconds.recycle) })
	totals := &e.totals[e.phase]
	e.tally()
	e.meterPhase()
	if totals.seconds == 0 {
		totals.seconds = float64(e.now()-e.phaseStart) / 1e9
	}
}

// tally brings the current phase's derived totals up to date.
func (e *engine) tally() {
	totals := &e.totals[e.phase]
	totals.seconds = float64(e.lastAnswer-e.phaseStart) / 1e9
	if e.phase == Measure {
		e.pacing.Redraws = e.pool.redraws - e.redrawsAt
		e.pacing.Reconnects = e.transport.reconnects() - e.connectsAt
		e.pacing.WaitP99Micros, e.pacing.WaitMaxMicros = e.wait.ValueAtQuantile(99), e.wait.Max()
		e.pacing.LagP50Micros, e.pacing.LagP99Micros = e.lag.ValueAtQuantile(50), e.lag.ValueAtQuantile(99)
		e.pacing.LagMaxMicros = e.lag.Max()
	}
}

func (e *engine) meterPhase() {
	usage := readUsage()
	e.totals[e.phase].usage = Usage{
		CPUMicros: usage.CPUMicros - e.meterAt.CPUMicros, MemoryBytes: usage.MemoryBytes,
	}
}

// seed logs in a user for every slot, as fast as the connections allow.
func (e *engine) seed() error {
	e.begin(Seed)
	defer e.end()
	totals := &e.totals[Seed].operations[Login]
	for len(e.pool.free) > 0 || len(e.repairs) > 0 || e.inFlight > 0 {
		if e.interrupted() {
			return errInterrupted
		}
		for len(e.idle) > 0 && len(e.repairs) > 0 {
			e.startRepair(e.now())
		}
		for len(e.idle) > 0 && len(e.pool.free) > 0 {
			slot, _ := e.pool.takeFree()
			e.start(task{operation: Login, slot: slot, arrival: true, intended: e.now()})
		}
		if err := e.turn(longestWait); err != nil {
			return err
		}
		e.report(e.now())
		if failures := totals.Errors.total() + totals.Violations.total(); failures >= min(seedErrorLimit, int64(e.config.Sessions)) {
			return fmt.Errorf("the population could not log in: %d of %d logins failed, the last with %s; "+
				"look at the app's and the balancer's logs", failures, totals.Count, e.lastFailure)
		}
	}
	return nil
}

// load offers operations for a time, then waits until every one has its answer and every logout its probe.
func (e *engine) load(phase Phase, length time.Duration) error {
	e.begin(phase)
	defer e.end()
	e.schedule = e.newSchedule(length)
	e.scheduled = true
	draining := false
	overtime := e.config.Overtime
	if overtime < 0 {
		overtime = length + e.config.Timeout
	}
	giveUpAt := e.phaseStart + int64(length+overtime)
	for e.scheduled || e.inFlight > 0 || e.probes.length() > 0 || len(e.repairs) > 0 {
		now := e.now()
		if e.interrupted() {
			return e.wrapUp()
		}
		if now > giveUpAt && e.scheduled {
			e.dropRest(never)
		}
		if e.config.Loop == ClosedLoop && e.failuresInARow > closedLoopFailureLimit {
			return fmt.Errorf("%d operations in a row failed, the last with %s", e.failuresInARow, e.lastFailure)
		}
		wake := e.dispatch(now)
		if phase == Measure && !e.scheduled && !draining {
			draining = true
			e.observer.phaseBegan("drain")
		}
		if err := e.turn(min(wake-e.now(), longestWait)); err != nil {
			return err
		}
		e.report(e.now())
	}
	return nil
}

func (e *engine) newSchedule(length time.Duration) schedule {
	switch {
	case e.config.Loop == ClosedLoop:
		return &backToBack{end: e.phaseStart + int64(length)}
	case e.config.Poisson:
		return newPoisson(e.phaseStart, e.config.Rate, length, e.arrivals)
	}
	return newSteady(e.phaseStart, e.config.Rate, length)
}

// dropRest gives up the arrivals that were due before a moment and have not been sent.
func (e *engine) dropRest(before int64) {
	for {
		due, more := e.schedule.next(before)
		if _, closed := e.schedule.(*backToBack); closed || !more || due >= before {
			break
		}
		e.schedule.take()
		if e.phase == Measure {
			e.pacing.Arrivals++
			e.pacing.Dropped++
		}
	}
	e.scheduled = false
}

// wrapUp ends an interrupted phase: nothing new is sent, and operations in flight get a moment.
func (e *engine) wrapUp() error {
	e.dropRest(e.now())
	deadline := e.now() + graceAfterInterrupt
	for e.inFlight > 0 && e.now() < deadline {
		if err := e.turn(longestWait); err != nil {
			return err
		}
	}
	for _, each := range e.seconds.open {
		each.pending = 0
	}
	return errInterrupted
}

// dispatch sends everything that is due while connections are free, in the order of its intended start. It gives
// the moment when it should be called again.
func (e *engine) dispatch(now int64) (wake int64) {
	for len(e.idle) > 0 {
		if len(e.repairs) > 0 {
			e.startRepair(now)
			continue
		}
		due, probing := never, false
		if e.scheduled {
			next, more := e.schedule.next(now)
			if more {
				due = next
			} else {
				e.scheduled = false
			}
		}
		if e.probes.length() > 0 && e.probes.front().due < due {
			due, probing = e.probes.front().due, true
		}
		if due > now {
			return due
		}
		if probing {
			ended := e.probes.pop()
			e.start(task{operation: Probe, slot: -1, probe: ended, intended: ended.due})
			continue
		}
		if !e.startArrival(due, now) {
			break
		}
		now = e.now()
	}
	return never
}

func (e *engine) startRepair(now int64) {
	slot := e.repairs[len(e.repairs)-1]
	e.repairs = e.repairs[:len(e.repairs)-1]
	e.start(task{operation: Login, slot: slot, intended: now})
}

// startArrival sends the next operation of the mix; false when every session has one in flight already.
func (e *engine) startArrival(due, now int64) bool {
	t, ok := e.drawTask()
	if !ok {
		e.starved = true
		return false
	}
	e.schedule.take()
	t.arrival, t.intended = true, due
	if e.phase == Measure && e.config.Loop == OpenLoop {
		e.pacing.Arrivals++
		if due < e.idleSince {
			e.pacing.Waited++
			record(e.wait, e.idleSince-due)
		} else {
			record(e.lag, now-due)
			e.seconds.at(e.phase, (due-e.phaseStart)/int64(time.Second)).recordLag(now - due)
		}
	} else if e.phase == Measure {
		e.pacing.Arrivals++
	}
	e.start(t)
	return true
}

func (e *engine) drawTask() (task, bool) {
	share, mix := e.operations.Float64(), e.config.Mix
	operation := Logout
	switch {
	case share < mix.Read:
		operation = Read
	case share < mix.Read+mix.Write:
		operation = Write
	case share < mix.Read+mix.Write+mix.Login:
		operation = Login
	}
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
	c := e.idle[len(e.idle)-1]
	e.idle = e.idle[:len(e.idle)-1]
	e.inFlight++
	c.cause = nil
	user, cookies := []byte(nil), t.probe.cookies
	if t.slot >= 0 {
		client := &e.pool.clients[t.slot]
		client.busy = true
		user, cookies = client.user, client.jar.header
	}
	t.second = max(0, t.intended-e.phaseStart) / int64(time.Second)
	c.task, c.busy = t, true
	c.out = e.requests.append(c.out[:0], t.operation, user, cookies)
	c.deadline = e.now() + int64(e.config.Timeout)

	totals := &e.totals[e.phase]
	totals.requests++
	totals.operations[t.operation].Count++
	if e.phase != Seed {
		s := e.seconds.at(e.phase, t.second)
		s.pending++
		s.bytesOut += int64(len(c.out))
		s.operations[t.operation].count++
	}
	e.transport.send(c)
}

// turn waits for answers and handles them.
func (e *engine) turn(nanos int64) error {
	if err := e.transport.wait(max(0, nanos), e.finish); err != nil {
		return err
	}
	if now := e.now(); now-e.expiredAt > expireEvery {
		e.expiredAt = now
		for _, c := range e.conns {
			if c.busy && now > c.deadline {
				e.transport.giveUp(c)
				e.finish(c, TimeoutFailure)
			}
		}
	}
	return nil
}

// finish judges and records an operation that has ended, and frees its connection.
func (e *engine) finish(c *conn, failure Failure) {
	now := e.now()
	t := &c.task
	c.busy = false
	e.inFlight--
	var answer *response
	if failure == NoFailure {
		answer = &c.answer
	}
	result := e.judge(t, answer, failure)
	e.keep(c, answer, result, now)
	if len(e.idle) == 0 || e.starved {
		e.idleSince, e.starved = now, false
	}
	e.idle = append(e.idle, c)
}

func (e *engine) keep(c *conn, answer *response, result verdict, now int64) {
	t := &c.task
	totals := &e.totals[e.phase].operations[t.operation]
	totals.Errors.add(result.failure)
	totals.Violations.add(result.violation)
	if result.failure != NoFailure || result.violation != NoViolation {
		e.lastFailure = describeFailure(c, answer, result)
		e.failuresInARow++
	} else {
		e.failuresInARow = 0
	}
	if t.arrival {
		e.lastAnswer = now
	}
	if e.phase == Seed {
		if result == (verdict{}) {
			record(e.cumul, now-t.intended)
		}
		return
	}
	s := e.seconds.at(e.phase, t.second)
	s.pending--
	s.bytesIn += int64(len(c.in))
	s.operations[t.operation].errors.add(result.failure)
	s.operations[t.operation].violations.add(result.violation)
	if result != (verdict{}) || (!t.arrival && t.operation != Probe) {
		return
	}
	s.recordLatency(t.operation, now-t.intended, now-t.sent)
	if t.arrival {
		record(e.cumul, now-t.intended)
	}
}

func describeFailure(c *conn, answer *response, result verdict) string {
	switch {
	case c.cause != nil:
		return c.cause.Error()
	case answer != nil && len(answer.body) > 0:
		return fmt.Sprintf("status %d: %s", answer.status, clip(answer.body))
	case answer != nil:
		return fmt.Sprintf("status %d", answer.status)
	case result.failure == TimeoutFailure:
		return "no answer in time"
	}
	return "a connection that was closed before the answer was complete"
}

// report hands over the seconds that are complete, and tells of the present, once a second.
func (e *engine) report(now int64) {
	second := (now - e.phaseStart) / int64(time.Second)
	if second <= e.reportedAt {
		return
	}
	oldest := second
	if e.scheduled {
		if due, more := e.schedule.next(now); more {
			oldest = min(oldest, max(0, due-e.phaseStart)/int64(time.Second))
		}
	}
	e.seconds.takeComplete(oldest, func(s *secondRecord) { e.observer.record(s, e.seconds.recycle) })
	requests, failures, violations := e.phaseSums()
	e.observer.second(e.phase, second-1, requests-e.lastTotals[0], failures-e.lastTotals[1],
		violations-e.lastTotals[2], e.cumul.ValueAtQuantile(99))
	e.lastTotals = [3]int64{requests, failures, violations}
	e.reportedAt = second
	e.tally()
	e.observer.result(e.snapshot(Running, ""))
}

func (e *engine) phaseSums() (requests, failures, violations int64) {
	totals := &e.totals[e.phase]
	for i := range totals.operations {
		failures += totals.operations[i].Errors.total()
		violations += totals.operations[i].Violations.total()
	}
	return totals.requests, failures, violations
}

func (e *engine) snapshot(status Status, failure string) Result {
	engine := "epoll"
	if _, portable := e.transport.(*portable); portable {
		engine = "portable"
	}
	phases := make(map[string]PhaseResult, phaseCount)
	for phase := range e.totals {
		phases[Phase(phase).String()] = e.totals[phase].result()
	}
	return Result{
		SchemaVersion: 1, EngineVersion: Version, K6Version: k6Version(), Status: status, Failure: failure,
		Loop: e.config.Loop, Engine: engine, Seed: e.config.Seed, OfferedRate: e.config.Rate,
		Connections: e.config.Connections, Sessions: e.config.Sessions, PayloadBytes: e.config.PayloadBytes,
		MeasureStartedAt: e.started, Phases: phases, Pacing: e.pacing,
	}
}
