package session

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

func TestAHistogramHoldsTheLongestThatAConfigurationAllows(t *testing.T) {
	longest := 2*maxSeconds*time.Second + 2*maxMillis*time.Millisecond
	for _, each := range []time.Duration{time.Microsecond, time.Second, 66 * time.Second, time.Hour, longest} {
		histogram := newHistogram()
		record(histogram, int64(each))
		text, err := encode(histogram)
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := hdrhistogram.Decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got := time.Duration(decoded.Max()) * time.Microsecond
		if got < each || float64(got) > float64(each)*1.001 {
			t.Errorf("%v was kept as %v", each, got)
		}
	}
}

func TestAFailureIsSlowerThanAnyAnswer(t *testing.T) {
	for _, each := range []struct {
		answered, unanswered int64
		percentile           float64
		// want is a rank of the answers, which last 1 to answered µs; 0 when there is no number.
		want int64
	}{
		{0, 0, 99, 0}, {0, 5, 50, 0}, {100, 0, 99, 99}, {99, 1, 99, 99}, {98, 2, 99, 0},
		{95, 5, 50, 50}, {95, 5, 95, 95}, {95, 5, 96, 0}, {50, 50, 50, 50}, {49, 51, 50, 0},
	} {
		histogram := newHistogram()
		for micros := range each.answered {
			record(histogram, (micros+1)*1000)
		}
		got := int64(0)
		if found := latencyAt(histogram, each.unanswered, each.percentile); found != nil {
			got = *found
		}
		if got != each.want {
			t.Errorf("p%v of %d answers and %d failures is %d, not %d",
				each.percentile, each.answered, each.unanswered, got, each.want)
		}
	}
}

func TestTheDurationsThatK6GetsAreNoShorterForATargetThatFails(t *testing.T) {
	const slowest = 5000
	durationsOf := func(answered, failures, violations int64) []float64 {
		fed, record, tags := feedable(t, answered)
		read := &record.operations[Read]
		read.count, read.errors.Server, read.violations.Stale = answered+failures+violations, failures, violations
		var durations []float64
		for _, container := range fed.containers(record, tags, time.Now(), slowest) {
			for _, sample := range container.GetSamples() {
				if sample.Metric == fed.duration {
					durations = append(durations, sample.Value)
				}
			}
		}
		slices.Sort(durations)
		return durations
	}
	for _, each := range []struct{ answered, failures, violations int64 }{
		{20, 0, 0}, {19, 1, 0}, {19, 0, 1}, {0, 3, 0}, {9_500, 500, 0}, {9_500, 250, 250}, {0, 9_000, 0},
	} {
		durations := durationsOf(each.answered, each.failures, each.violations)
		slow := 0
		for _, duration := range durations {
			if duration >= slowest {
				slow++
			}
		}
		share := float64(each.failures+each.violations) / float64(each.answered+each.failures+each.violations)
		if math.Abs(float64(slow)-share*float64(len(durations))) > 1 {
			t.Errorf("%d of %d durations are the slowest, with %.3f of the operations failed", slow, len(durations), share)
		}
	}
}
