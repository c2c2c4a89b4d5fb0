package session

import "testing"

func TestASecondIsTakenWhenAllItsOperationsHaveEndedOrNobodyWaitsForThem(t *testing.T) {
	s := newSeconds()
	s.at(Measure, 0).pending = 1
	s.at(Measure, 1)
	s.at(Measure, 2)
	var taken []int64
	take := func(before int64) []int64 {
		taken = nil
		s.takeComplete(before, func(record *secondRecord) { taken = append(taken, record.second) })
		return taken
	}
	if got := take(2); len(got) != 1 || got[0] != 1 {
		t.Errorf("took %v", got)
	}
	s.abandonPending()
	if got := take(never); len(got) != 2 || got[0] != 0 || got[1] != 2 {
		t.Errorf("took %v", got)
	}
}

func TestTheMemoryOfASecondIsUsedAgain(t *testing.T) {
	s := newSeconds()
	first := s.at(Measure, 0)
	first.recordLatency(Read, 5_000, 4_000)
	first.operations[Read].count = 1
	s.takeComplete(never, (*secondRecord).release)
	again := s.at(Measure, 7)
	if again != first || again.second != 7 || again.operations[Read].count != 0 || again.operations[Read].intended.TotalCount() != 0 {
		t.Errorf("got %+v, not the first record emptied", again)
	}
}
