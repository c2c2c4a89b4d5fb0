import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as hdr from 'hdr-histogram-js';
import { decodeHistogram, Histogram, HistogramFormatError } from './histogram.ts';

const percentiles = [50, 75, 90, 99, 99.9, 100];
const micros = fc.oneof(
  fc.integer({ min: 0, max: 3_000 }),
  fc.integer({ min: 0, max: 200_000 }),
  fc.integer({ min: 0, max: 3_000_000_000 }),
);

function libraryHistogram(values: readonly number[]): hdr.Histogram {
  const histogram = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
  });
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

const encode = (values: readonly number[]) => hdr.encodeIntoCompressedBase64(libraryHistogram(values));

function nearestRank(values: readonly number[], percentile: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((percentile / 100) * sorted.length - 1e-9)) - 1] ?? 0;
}

test('a decoded histogram says what the library says of it', () => {
  fc.assert(
    fc.property(fc.array(micros, { minLength: 1, maxLength: 300 }), (values) => {
      const library = libraryHistogram(values);
      const ours = new Histogram();
      ours.add(decodeHistogram(hdr.encodeIntoCompressedBase64(library)));
      assert.equal(ours.total, values.length);
      for (const percentile of percentiles)
        assert.equal(ours.valueAt(percentile), library.getValueAtPercentile(percentile), `p${percentile}`);
      assert.equal(ours.valueAt(100), library.getValueAtPercentile(100));
    }),
  );
});

test('percentiles of merged histograms are those of all values together, to three digits', () => {
  fc.assert(
    fc.property(fc.array(fc.array(micros, { maxLength: 80 }), { minLength: 1, maxLength: 8 }), (parts) => {
      const all = parts.flat();
      const pairwise = new Histogram();
      for (const part of parts) {
        const one = new Histogram();
        one.add(decodeHistogram(encode(part)));
        pairwise.add(one);
      }
      assert.equal(pairwise.total, all.length);
      const values = percentiles.map((percentile) => pairwise.valueAt(percentile));
      percentiles.forEach((percentile, i) => {
        const exact = all.length === 0 ? 0 : nearestRank(all, percentile);
        const seen = values[i] ?? Number.NaN;
        assert.ok(seen >= exact && seen <= exact * 1.001 + 1, `p${percentile}: ${seen} for ${exact}`);
      });
    }),
  );
});

test('merging is not averaging', () => {
  const fast = decodeHistogram(encode(Array.from({ length: 990 }, () => 100)));
  const slow = decodeHistogram(encode(Array.from({ length: 10 }, () => 100_000)));
  const merged = new Histogram();
  merged.add(fast);
  merged.add(slow);
  assert.equal(merged.valueAt(99), 100);
  assert.ok(merged.valueAt(99.1) >= 100_000);
});

test('damaged and foreign texts are refused, whatever they are', () => {
  const good = encode([1, 2, 3, 400_000]);
  assert.throws(() => decodeHistogram(''), HistogramFormatError);
  assert.throws(() => decodeHistogram('hello'), HistogramFormatError);
  assert.throws(() => decodeHistogram(good.slice(0, good.length / 2)), HistogramFormatError);
  const twoDigits = hdr.build({ numberOfSignificantValueDigits: 2 });
  twoDigits.recordValue(5);
  assert.throws(() => decodeHistogram(hdr.encodeIntoCompressedBase64(twoDigits)), /2 significant digits/);
  fc.assert(
    fc.property(fc.base64String({ maxLength: 200 }), fc.nat({ max: good.length - 1 }), (noise, at) => {
      for (const text of [noise, good.slice(0, at) + noise.slice(0, 4) + good.slice(at + 4)]) {
        try {
          decodeHistogram(text);
        } catch (error) {
          assert.ok(error instanceof HistogramFormatError, String(error));
        }
      }
    }),
  );
});
