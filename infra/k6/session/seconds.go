package session

import "github.com/HdrHistogram/hdrhistogram-go"

// operationSecond is one operation within one second.
type operationSecond struct {
	count      int64
	errors     Errors
	violations Violations
	intended   *hdrhistogram.Histogram
	service    *hdrhistogram.Histogram
}

// secondRecord is what was measured of the operations that were due within one second of a phase.
type secondRecord struct {
	phase      Phase
	second     int64
	pending    int64
	bytesOut   int64
	bytesIn    int64
	operations [operationCount]operationSecond
	// lag is the generator's own lateness; nil while nothing was recorded.
	lag *hdrhistogram.Histogram
	// spare is where the record goes for its memory to be used again.
	spare chan<- *secondRecord
}

// release gives the record's memory back. It may be called from another goroutine.
func (s *secondRecord) release() {
	select {
	case s.spare <- s:
	default:
	}
}

func (s *secondRecord) recordLag(nanos int64) {
	if s.lag == nil {
		s.lag = newHistogram()
	}
	record(s.lag, nanos)
}

func (s *secondRecord) recordLatency(operation Operation, intended, service int64) {
	o := &s.operations[operation]
	if o.intended == nil {
		o.intended, o.service = newHistogram(), newHistogram()
	}
	record(o.intended, intended)
	record(o.service, service)
}

func (s *secondRecord) reset() {
	for i := range s.operations {
		o := &s.operations[i]
		if o.intended != nil {
			o.intended.Reset()
			o.service.Reset()
		}
		o.count, o.errors, o.violations = 0, Errors{}, Violations{}
	}
	if s.lag != nil {
		s.lag.Reset()
	}
	s.pending, s.bytesOut, s.bytesIn = 0, 0, 0
}

// seconds holds the records that are still open, oldest first. They are few, except in a stall.
type seconds struct {
	open  []*secondRecord
	spare chan *secondRecord
}

func newSeconds() seconds { return seconds{spare: make(chan *secondRecord, 64)} }

// at gives the open record of a second, and opens it where there is none.
func (s *seconds) at(phase Phase, second int64) *secondRecord {
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i].second == second {
			return s.open[i]
		}
	}
	var fresh *secondRecord
	select {
	case fresh = <-s.spare:
		fresh.reset()
	default:
		fresh = &secondRecord{spare: s.spare}
	}
	fresh.phase, fresh.second = phase, second
	s.open = append(s.open, fresh)
	return fresh
}

// takeComplete removes the records before a second that have no operation in flight, and gives them to done.
func (s *seconds) takeComplete(before int64, done func(*secondRecord)) {
	kept := s.open[:0]
	for _, each := range s.open {
		if each.second < before && each.pending == 0 {
			done(each)
		} else {
			kept = append(kept, each)
		}
	}
	s.open = kept
}

// abandonPending lets the records be taken although operations of theirs have not ended.
func (s *seconds) abandonPending() {
	for _, each := range s.open {
		each.pending = 0
	}
}
