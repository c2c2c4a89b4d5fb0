package session

import (
	"fmt"
	"math"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Latencies are kept from 1 µs with 3 significant digits, up to the longest that a configuration allows: an operation
// that is due at the start of the longest phase, sent at the end of the longest overtime, and answered when its time is
// almost over. The overtime that depends on the length of the phase has a time-out of its own.
const (
	lowestMicros      = 1
	highestMicros     = 2*maxSeconds*1_000_000 + 2*maxMillis*1_000
	significantDigits = 3
)

func newHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(lowestMicros, highestMicros, significantDigits)
}

// record takes nanoseconds.
func record(histogram *hdrhistogram.Histogram, nanos int64) {
	// The value is within the histogram's range, so there is no error to handle.
	_ = histogram.RecordValue(min(max(nanos/1000, lowestMicros), highestMicros))
}

func encode(histogram *hdrhistogram.Histogram) (string, error) {
	text, err := histogram.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return "", fmt.Errorf("encode histogram: %w", err)
	}
	return string(text), nil
}

// latencyAt is a percentile (0 to 100) of operations of which some have no right answer: those are slower than any that
// has one. It is nil when the percentile falls among them, and when there was no operation. record/latency.ts has the
// same rule for what is stored.
func latencyAt(answered *hdrhistogram.Histogram, unanswered int64, percentile float64) *int64 {
	due := answered.TotalCount() + unanswered
	rank := int64(math.Ceil(percentile / 100 * float64(due)))
	if due == 0 || rank > answered.TotalCount() {
		return nil
	}
	value := answered.ValueAtPercentile(100 * float64(rank) / float64(answered.TotalCount()))
	return &value
}
