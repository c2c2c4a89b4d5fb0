package session

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"
)

// samplesPerSecond is about how many durations of one second reach k6, whose trends keep every value. Each operation has
// a share of them by its count, so that a threshold on all durations, such as p(99)<50, gives each operation its weight.
const samplesPerSecond = 100

// ratesPerContainer is how many samples of a rate go to k6 at once. A rate has no weights, so that it is exact only with
// one sample for each request. The samples are alike and containers share them, so that memory does not grow with the
// rate of requests.
const ratesPerContainer = 256

// moduleMetrics are the metrics that get the totals of each second: k6's own, and two of this module.
type moduleMetrics struct {
	requests, failed, duration, sent, received *metrics.Metric
	violations, lag                            *metrics.Metric
}

func registerMetrics(registry *metrics.Registry) (*moduleMetrics, error) {
	m := &moduleMetrics{}
	for _, each := range []struct {
		metric   **metrics.Metric
		name     string
		kind     metrics.MetricType
		contents metrics.ValueType
	}{
		{&m.requests, metrics.HTTPReqsName, metrics.Counter, metrics.Default},
		{&m.failed, metrics.HTTPReqFailedName, metrics.Rate, metrics.Default},
		{&m.duration, metrics.HTTPReqDurationName, metrics.Trend, metrics.Time},
		{&m.sent, metrics.DataSentName, metrics.Counter, metrics.Data},
		{&m.received, metrics.DataReceivedName, metrics.Counter, metrics.Data},
		{&m.violations, "session_violations", metrics.Counter, metrics.Default},
		{&m.lag, "session_lag", metrics.Trend, metrics.Time},
	} {
		metric, err := registry.NewMetric(each.name, each.kind, each.contents)
		if err != nil {
			return nil, fmt.Errorf("register the metric %s: %w", each.name, err)
		}
		*each.metric = metric
	}
	return m, nil
}

// feeder gives a function that hands one complete second to k6.
func (m *moduleMetrics) feeder(ctx context.Context, state *lib.State) func(*secondRecord) {
	tags := state.Tags.GetCurrentValues().Tags
	return func(record *secondRecord) {
		for _, container := range m.containers(record, tags, time.Now()) {
			metrics.PushIfNotDone(ctx, state.Samples, container)
		}
	}
}

func (m *moduleMetrics) containers(
	record *secondRecord, tags *metrics.TagSet, at time.Time,
) []metrics.SampleContainer {
	var samples metrics.Samples
	var containers []metrics.SampleContainer
	add := func(metric *metrics.Metric, tags *metrics.TagSet, value float64) {
		samples = append(samples, metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags}, Time: at, Value: value,
		})
	}
	add(m.sent, tags, float64(record.bytesOut))
	add(m.received, tags, float64(record.bytesIn))
	for _, millis := range representatives(record.lag, stride(record.lag), record.second) {
		add(m.lag, tags, millis)
	}
	step := stride(histogramsOf(record)...)
	for operation := range record.operations {
		o := &record.operations[operation]
		if o.count == 0 {
			continue
		}
		tagged := tags.With("operation", Operation(operation).String())
		add(m.requests, tagged, float64(o.count))
		failed := metrics.TimeSeries{Metric: m.failed, Tags: tagged}
		failures := o.errors.total()
		containers = append(containers, alike(metrics.Sample{TimeSeries: failed, Time: at, Value: 1}, failures)...)
		containers = append(containers, alike(metrics.Sample{TimeSeries: failed, Time: at}, o.count-failures)...)
		for _, millis := range representatives(o.intended, step, record.second) {
			add(m.duration, tagged, millis)
		}
		for violation := Lost; violation <= Crossed; violation++ {
			if count := *o.violations.of(violation); count > 0 {
				add(m.violations, tagged.With("kind", violation.String()), float64(count))
			}
		}
	}
	return append(containers, samples)
}

// alike repeats a sample count times.
func alike(sample metrics.Sample, count int64) []metrics.SampleContainer {
	shared := slices.Repeat(metrics.Samples{sample}, int(min(count, ratesPerContainer)))
	var containers []metrics.SampleContainer
	for ; count > 0; count -= ratesPerContainer {
		containers = append(containers, shared[:min(count, ratesPerContainer)])
	}
	return containers
}

func histogramsOf(record *secondRecord) []*hdrhistogram.Histogram {
	var histograms []*hdrhistogram.Histogram
	for operation := range record.operations {
		histograms = append(histograms, record.operations[operation].intended)
	}
	return histograms
}

// stride is how many values one sample represents.
func stride(histograms ...*hdrhistogram.Histogram) float64 {
	total := int64(0)
	for _, each := range histograms {
		if each != nil {
			total += each.TotalCount()
		}
	}
	return max(1, float64(total)/samplesPerSecond)
}

// goldenRatio spreads the offsets of successive seconds evenly (the additive recurrence of lowest discrepancy).
const goldenRatio = 0.6180339887498949

// representatives gives every stride-th duration in milliseconds, in order of size. It begins at another one in each
// second, so that over time each percentile is represented, even for a rare operation.
func representatives(histogram *hdrhistogram.Histogram, stride float64, second int64) []float64 {
	if histogram == nil || histogram.TotalCount() == 0 {
		return nil
	}
	_, offset := math.Modf(float64(second) * goldenRatio)
	total := histogram.TotalCount()
	var percentiles []float64
	for rank := offset * (stride - 1); rank < float64(total); rank += stride {
		percentiles = append(percentiles, (math.Floor(rank)+1)/float64(total)*100)
	}
	values := histogram.ValueAtPercentiles(percentiles)
	durations := make([]float64, len(percentiles))
	for i, percentile := range percentiles {
		durations[i] = float64(values[percentile]) / 1000
	}
	return durations
}
