package session

import (
	"testing"
	"time"
)

func TestSteadyScheduleDoesNotDrift(t *testing.T) {
	s := newSteady(1000, 3, 1000*time.Second, 1)
	count, last := 0, int64(0)
	for ; s.next(0) != never; s.take() {
		count, last = count+1, s.next(0)
	}
	if want := 1000 + int64(2999)*1e9/3; count != 3000 || last != want {
		t.Errorf("%d arrivals, the last at %d, not %d", count, last, want)
	}
}

func TestOfWhatIsGivenUpOnlyArrivalsThatWereDueCount(t *testing.T) {
	// Due at 0, 100, ..., 900 ms; two are taken.
	for before, want := range map[int64]int64{0: 0, 200e6: 0, 200e6 + 1: 1, 500e6: 3, never: 8} {
		s := newSteady(0, 10, time.Second, 1)
		s.take()
		s.take()
		if got := s.drop(before); got != want || s.next(0) != never {
			t.Errorf("%d dropped before %d, not %d; the next is due at %d", got, before, want, s.next(0))
		}
	}
}

func TestAClosedLoopHasArrivalsUntilItsEnd(t *testing.T) {
	b := &backToBack{end: 100}
	if b.next(99) != 99 || b.next(100) != never {
		t.Errorf("due at %d and %d", b.next(99), b.next(100))
	}
	if dropped := b.drop(never); dropped != 0 || b.next(1) != never {
		t.Errorf("%d dropped; the next is due at %d", dropped, b.next(1))
	}
}
