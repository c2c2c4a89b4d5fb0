package session

import (
	"slices"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Pages is what became of the pages of the measured phase.
type Pages struct {
	Count int64 `json:"count"`
	// Failed had a request without a right answer; they are in no count below that needs all answers.
	Failed int64 `json:"failed"`
	// Settling is how many reads after pages, when nothing else was done with their sessions, had a right answer. They are no
	// arrivals.
	Settling int64 `json:"settling"`
	// Clear are the pages whose lost writes could be told. Writes are the acknowledged writes of those.
	Clear  int64 `json:"clear"`
	Writes int64 `json:"writes"`
	// LostUpdates are those of these writes that the version afterwards does not show.
	LostUpdates int64 `json:"lostUpdates"`
	// TakenVersions are those whose answer has the version of another one: a store that compares before it sets would have
	// refused them.
	TakenVersions int64 `json:"takenVersions"`
	// Logouts raced with writes, and were probed afterwards; UndoneLogouts were answered with the session.
	Logouts       int64 `json:"logouts"`
	UndoneLogouts int64 `json:"undoneLogouts"`
	// Logins are pairs of logins that brought the same old cookie; SurvivedLogins left the old session alive.
	Logins         int64 `json:"logins"`
	SurvivedLogins int64 `json:"survivedLogins"`
	// Intended is an HDR histogram (V2, compressed, base64) of microseconds from a page's intended start to the last byte of its
	// last answer, of pages that did not fail.
	Intended string `json:"intended"`
}

// pageCounts counts pages.
type pageCounts struct {
	Pages
	intended *hdrhistogram.Histogram
}

func newPageCounts() pageCounts { return pageCounts{intended: newHistogram()} }

// ended counts a page whose last request has ended.
func (c *pageCounts) ended(p *page, now int64) {
	c.Count++
	if p.failed {
		c.Failed++
		return
	}
	record(c.intended, now-p.intended)
}

// settled counts what the writes of a clear page became. The version after them is right.
func (c *pageCounts) settled(p *page, version int64) {
	acknowledged := int64(len(p.versions))
	c.Clear++
	c.Writes += acknowledged
	c.LostUpdates += acknowledged - (version - p.low)
	slices.Sort(p.versions)
	c.TakenVersions += acknowledged - int64(len(slices.Compact(p.versions)))
}

// probed counts what the probe after a race was answered.
func (c *pageCounts) probed(raced pageKind, ended outcome) {
	if ended.failure != NoFailure {
		return
	}
	undone := int64(0)
	if ended.violation == Resurrected {
		undone = 1
	}
	switch raced {
	case leaving:
		c.Logouts++
		c.UndoneLogouts += undone
	case returning:
		c.Logins++
		c.SurvivedLogins += undone
	case browsing:
	}
}

func (c *pageCounts) result() (*Pages, error) {
	result := c.Pages
	text, err := encode(c.intended)
	result.Intended = text
	return &result, err
}
