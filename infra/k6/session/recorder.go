package session

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// recorder counts and times what happens, for the current phase and for each second of it.
type recorder struct {
	phase Phase
	// start is when the phase began, and lastAnswer when its last arrival was answered.
	start, lastAnswer int64
	usageAtStart      Usage
	totals            [phaseCount]phaseTotals
	seconds           seconds
	// soFar holds the phase's latencies from the intended start, and unanswered counts its arrivals without a right answer.
	soFar      *hdrhistogram.Histogram
	unanswered int64

	// Of the measured phase: the pacing, its histograms, when measuring began, and what the counters of the pool and of the
	// client said then.
	pacing                          Pacing
	lag, wait                       *hdrhistogram.Histogram
	measureStartedAt                *string
	redrawsBefore, reconnectsBefore int64
	// gaps are those of the measured phase.
	gaps gaps
	// swept is what a sweep had to ask for; nil without one.
	swept *Swept
}

func newRecorder() recorder {
	return recorder{seconds: newSeconds(), soFar: newHistogram(), lag: newHistogram(), wait: newHistogram()}
}

func (r *recorder) startMeasuring(redraws, reconnects int64) {
	started := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	r.measureStartedAt, r.redrawsBefore, r.reconnectsBefore = &started, redraws, reconnects
}

func (r *recorder) begin(phase Phase, start int64) {
	r.phase, r.start, r.lastAnswer = phase, start, start
	r.soFar.Reset()
	r.unanswered = 0
	r.usageAtStart = readUsage()
}

func (r *recorder) end(now int64) {
	if r.phase == Measure {
		r.gaps.end(r.lastAnswer)
	}
	totals := &r.totals[r.phase]
	usage := readUsage()
	totals.usage = Usage{CPUMicros: usage.CPUMicros - r.usageAtStart.CPUMicros, MemoryBytes: usage.MemoryBytes}
	if totals.seconds == 0 {
		totals.seconds = float64(now-r.start) / 1e9
	}
}

// tally brings what is derived for the current phase up to date.
func (r *recorder) tally(redraws, reconnects int64) {
	r.totals[r.phase].seconds = float64(r.lastAnswer-r.start) / 1e9
	if r.phase != Measure {
		return
	}
	p := &r.pacing
	p.Redraws, p.Reconnects = redraws-r.redrawsBefore, reconnects-r.reconnectsBefore
	p.WaitP99Micros, p.WaitMaxMicros = r.wait.ValueAtQuantile(99), r.wait.Max()
	p.LagP50Micros, p.LagP99Micros, p.LagMaxMicros = r.lag.ValueAtQuantile(50), r.lag.ValueAtQuantile(99), r.lag.Max()
}

// secondOf gives the whole second of the phase that a moment is in.
func (r *recorder) secondOf(moment int64) int64 { return max(0, moment-r.start) / int64(time.Second) }

// arrived counts an arrival that is about to be sent.
func (r *recorder) arrived() {
	if r.phase == Measure {
		r.pacing.Arrivals++
	}
}

// dropped counts arrivals that are not sent.
func (r *recorder) dropped(count int64) {
	r.unanswered += count
	if r.phase == Measure {
		r.pacing.Arrivals += count
		r.pacing.Dropped += count
	}
}

// keptPace notes how long after its intended start an arrival is sent: as the target's doing when all connections or all
// sessions were busy then, until freeSince, and as the generator's own lag otherwise.
func (r *recorder) keptPace(due, now, freeSince int64) {
	switch {
	case r.phase != Measure:
	case due < freeSince:
		r.pacing.Waited++
		r.pacing.LastWaitMicros = (freeSince - due) / int64(time.Microsecond)
		record(r.wait, freeSince-due)
	default:
		r.pacing.LastWaitMicros = 0
		record(r.lag, now-due)
		r.seconds.at(r.phase, r.secondOf(due)).recordLag(now - due)
	}
}

// sent counts an operation whose request has so many bytes.
func (r *recorder) sent(t *task, bytes int) {
	totals := &r.totals[r.phase]
	totals.requests++
	totals.operations[t.operation].Count++
	if !r.phase.bySecond() {
		return
	}
	s := r.seconds.at(r.phase, t.second)
	s.pending++
	s.bytesOut += int64(bytes)
	s.operations[t.operation].count++
}

// answered notes the end of an arrival. A wrong answer is an answer, and none within the time-out is not.
func (r *recorder) answered(ended outcome, now int64) {
	r.lastAnswer = now
	if r.phase == Measure && ended.failure == NoFailure {
		r.pacing.Answered++
	}
}

// ended counts and times an operation whose answer has so many bytes.
func (r *recorder) ended(t *task, ended outcome, bytes int, now int64) {
	totals := &r.totals[r.phase].operations[t.operation]
	totals.Errors.add(ended.failure)
	totals.Violations.add(ended.violation)
	if t.arrival {
		r.answered(ended, now)
	}
	well := ended == outcome{}
	switch {
	case well && t.arrival:
		record(r.soFar, now-t.intended)
		if r.phase == Measure {
			r.gaps.right(now)
		}
	case t.arrival:
		r.unanswered++
	}
	if !r.phase.bySecond() {
		return
	}
	s := r.seconds.at(r.phase, t.second)
	s.pending--
	s.bytesIn += int64(bytes)
	s.operations[t.operation].errors.add(ended.failure)
	s.operations[t.operation].violations.add(ended.violation)
	if well && (t.arrival || t.operation == Probe) {
		s.recordLatency(t.operation, now-t.intended, now-t.sent)
	}
}
