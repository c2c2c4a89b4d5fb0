package session

import (
	"math"
	"reflect"
	"runtime"
	"testing"
	"time"

	"go.k6.io/k6/v2/metrics"
)

func TestK6GetsEveryRequest(t *testing.T) {
	for _, each := range []struct{ count, failures int64 }{
		{1, 0}, {1, 1}, {256, 0}, {257, 256}, {10_000, 1_234}, {10_000, 10_000},
	} {
		fed, samples := feed(t, each.count, each.failures)
		var requests, rates, failed float64
		for _, sample := range samples {
			switch sample.Metric {
			case fed.requests:
				requests += sample.Value
			case fed.failed:
				rates++
				failed += sample.Value
			}
		}
		if requests != float64(each.count) || rates != requests || failed != float64(each.failures) {
			t.Errorf("%d requests, %d failed: k6 has %v requests, a rate of %v in %v",
				each.count, each.failures, requests, failed, rates)
		}
	}
}

func TestFeedingK6NeedsHardlyMoreMemoryForMoreRequests(t *testing.T) {
	few, many := bytesToFeed(t, 1_000), bytesToFeed(t, 100_000)
	if grown := float64(many-few) / 99_000; grown > 1 {
		t.Errorf("%d bytes for 1,000 requests and %d for 100,000: %.1f bytes for each more", few, many, grown)
	}
}

func feed(t *testing.T, count, failures int64) (*moduleMetrics, []metrics.Sample) {
	t.Helper()
	fed, record, tags := feedable(t, count)
	record.operations[Read].errors.Server = failures
	var samples []metrics.Sample
	for _, container := range fed.containers(record, tags, time.Now(), 5000) {
		samples = append(samples, container.GetSamples()...)
	}
	return fed, samples
}

func bytesToFeed(t *testing.T, count int64) int64 {
	t.Helper()
	const rounds = 20
	fed, record, tags := feedable(t, count)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range rounds {
		fed.containers(record, tags, time.Now(), 5000)
	}
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc-before.TotalAlloc) / rounds
}

func feedable(t *testing.T, count int64) (*moduleMetrics, *secondRecord, *metrics.TagSet) {
	t.Helper()
	registry := metrics.NewRegistry()
	fed, err := registerMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	record := &secondRecord{}
	for range count {
		record.recordLatency(Read, 2_000_000, 1_000_000)
	}
	record.operations[Read].count = count
	return fed, record, registry.RootTagSet()
}

func TestRepresentativesStandForAll(t *testing.T) {
	histogram := newHistogram()
	for value := range int64(10_000) {
		record(histogram, (value+1)*1000_000)
	}
	var all []float64
	for second := range int64(100) {
		durations := representatives(histogram, 0, 0, stride(histogram.TotalCount()), second)
		if len(durations) < samplesPerSecond || len(durations) > samplesPerSecond+1 {
			t.Fatalf("%d durations", len(durations))
		}
		all = append(all, durations...)
	}
	mean := 0.0
	for _, each := range all {
		mean += each / float64(len(all))
	}
	if math.Abs(mean-5000) > 50 {
		t.Errorf("their mean is %v ms, that of all is 5000.5 ms", mean)
	}
}

func TestFewDurationsAreAllKept(t *testing.T) {
	histogram := newHistogram()
	for _, millis := range []int64{3, 1, 2} {
		record(histogram, millis*1_000_000)
	}
	for second := range int64(5) {
		got := representatives(histogram, 0, 0, stride(histogram.TotalCount()), second)
		// Above 2,047 µs the histogram goes in steps of 2 µs, and gives the upper end.
		if want := []float64{1, 2, 3.001}; len(got) != 3 || !reflect.DeepEqual(got, want) {
			t.Errorf("kept %v, not %v", got, want)
		}
	}
}
