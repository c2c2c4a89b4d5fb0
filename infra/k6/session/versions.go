package session

// versions bounds the version that a session can have. Without writes of unknown outcome it is exactly known.
//
// A write that got no answer may have happened, may never happen, or may happen later. A late write stores the version that
// it read when it began, plus one, over whatever was written since. A change that two concurrent writers lose is no fault
// of the store, so both bounds allow for it until such a write cannot happen any more.
type versions struct {
	// known is the version that the last right answer showed.
	known int64
	// unknown is how many writes of unknown outcome there are since.
	unknown int64
	// floor is the lowest version that one of these writes can store.
	floor int64
	// until is when the last of these writes is over, on the engine's clock.
	until int64
	// doubted means that an answer was wrong, so that the bounds hold only until the next right one.
	doubted bool
}

func (v *versions) bounds() (low, high int64) {
	low = v.known
	if v.unknown > 0 {
		low = min(low, v.floor)
	}
	return low, v.known + v.unknown
}

// confirm notes a version that an answer showed.
func (v *versions) confirm(version int64) {
	v.known = version
	if v.doubted {
		v.forget()
	}
}

// confirmAt notes a version that an answer showed at a moment, and ends the allowance for writes that are over by then.
func (v *versions) confirmAt(version, now int64) {
	v.confirm(version)
	if v.unknown > 0 && now > v.until {
		v.forget()
	}
}

// forget ends the allowance for writes of unknown outcome.
func (v *versions) forget() { v.unknown, v.doubted = 0, false }

// writeUnknown notes a write of unknown outcome; until is when it is over at the latest.
func (v *versions) writeUnknown(until int64) {
	if v.unknown == 0 {
		v.floor = v.known + 1
	}
	v.unknown++
	v.until = until
}

// doubt notes that an answer was wrong: until the next right one, the session may have any version from low to high.
func (v *versions) doubt(low, high, until int64) {
	v.known, v.floor, v.unknown, v.until, v.doubted = low, low, high-low, until, true
}
