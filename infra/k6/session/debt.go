package session

// Losses is what has been found missing since measuring began, the sweep included, each once.
type Losses struct {
	// Sessions were alive by all that the engine was told, and answered with 401.
	Sessions int64 `json:"sessions"`
	// Writes were acknowledged, and the latest answer of their session did not show them. Those of lost sessions are not
	// among them.
	Writes int64 `json:"writes"`
}

// debt is how many acknowledged writes the answers of a session have not shown.
type debt struct {
	// open may turn out to have been an old answer, and settled cannot any more.
	open, settled int64
	// owed is the version that must be there by all acknowledged writes, since an answer was wrong.
	owed int64
}

// owes notes, at a wrong answer, which version must be there: low, unless an earlier answer was wrong already.
func (d *debt) owes(low int64, write, doubted bool) {
	switch {
	case !doubted:
		d.owed = low
	case write:
		d.owed++
	}
}

// missing notes a version that is older than what is owed.
func (d *debt) missing(version int64) { d.open = max(d.open, d.owed-version) }

// shown notes a right answer. In doubt, it shows what is left of the session; else older answers were old and no more.
func (d *debt) shown(version int64, write, doubted bool) {
	if doubted {
		if write {
			d.owed++
		}
		d.settled += max(0, d.owed-version)
	}
	d.open, d.owed = 0, 0
}

func (d *debt) total() int64 { return d.open + d.settled }
