package session

import (
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
	for _, container := range fed.containers(record, tags, time.Now()) {
		samples = append(samples, container.GetSamples()...)
	}
	return fed, samples
}

func bytesToFeed(t *testing.T, count int64) int64 {
	t.Helper()
	fed, record, tags := feedable(t, count)
	return testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			fed.containers(record, tags, time.Now())
		}
	}).AllocedBytesPerOp()
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
