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

// feeder gives a function that hands one complete second to k6. The duration of an operation without a right answer is
// the time-out, or that of the slowest answer so far where it is longer: a threshold on durations, such as p(99)<50, must
// not be easier to keep for a target that fails.
func (m *moduleMetrics) feeder(ctx context.Context, state *lib.State, timeout time.Duration) func(*secondRecord) {
	tags := state.Tags.GetCurrentValues().Tags
	slowest := float64(timeout) / float64(time.Millisecond)
	return func(record *secondRecord) {
		for _, each := range histogramsOf(record) {
			if countOf(each) > 0 {
				slowest = max(slowest, float64(each.Max())/1000)
			}
		}
		for _, container := range m.containers(record, tags, time.Now(), slowest) {
			metrics.PushIfNotDone(ctx, state.Samples, container)
		}
	}
}

func (m *moduleMetrics) containers(
	record *secondRecord, tags *metrics.TagSet, at time.Time, slowest float64,
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
	for _, millis := range representatives(record.lag, 0, 0, stride(countOf(record.lag)), record.second) {
		add(m.lag, tags, millis)
	}
	step := stride(timed(record))
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
		unanswered := failures + o.violations.total()
		for _, millis := range representatives(o.intended, unanswered, slowest, step, record.second) {
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

// timed is how many durations of a second there are, those of unanswered operations included.
func timed(record *secondRecord) int64 {
	total := int64(0)
	for operation := range record.operations {
		o := &record.operations[operation]
		total += countOf(o.intended) + o.errors.total() + o.violations.total()
	}
	return total
}

// stride is how many of so many values one sample represents.
func stride(total int64) float64 { return max(1, float64(total)/samplesPerSecond) }

func countOf(histogram *hdrhistogram.Histogram) int64 {
	if histogram == nil {
		return 0
	}
	return histogram.TotalCount()
}

// goldenRatio spreads the offsets of successive seconds evenly (the additive recurrence of lowest discrepancy).
const goldenRatio = 0.6180339887498949

// representatives gives every stride-th duration in milliseconds, in order of size. It begins at another one in each
// second, so that over time each percentile is represented, even for a rare operation. Those of unanswered operations are
// slowest.
func representatives(
	histogram *hdrhistogram.Histogram, unanswered int64, slowest, stride float64, second int64,
) []float64 {
	answered := countOf(histogram)
	_, offset := math.Modf(float64(second) * goldenRatio)
	var percentiles []float64
	without := 0
	for rank := offset * (stride - 1); rank < float64(answered+unanswered); rank += stride {
		if rank < float64(answered) {
			percentiles = append(percentiles, (math.Floor(rank)+1)/float64(answered)*100)
		} else {
			without++
		}
	}
	durations := make([]float64, 0, len(percentiles)+without)
	if len(percentiles) > 0 {
		values := histogram.ValueAtPercentiles(percentiles)
		for _, percentile := range percentiles {
			durations = append(durations, float64(values[percentile])/1000)
		}
	}
	return append(durations, slices.Repeat([]float64{slowest}, without)...)
}
