package session

import (
	"fmt"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Latencies are kept from 1 µs to 60 s with 3 significant digits; longer ones count as 60 s.
const (
	lowestMicros      = 1
	highestMicros     = 60_000_000
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
