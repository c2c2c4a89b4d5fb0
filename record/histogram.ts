/**
 * HDR histograms as the k6 engine writes them, read fast enough for thousands in a report.
 *
 * Format: HdrHistogram V2 compressed, base64 (https://github.com/HdrHistogram/HdrHistogram, `encodeIntoCompressedByteBuffer`).
 * hdr-histogram-js decodes the same, but inflates in JavaScript and visits all 18,000 counters for each of the
 * histograms; the tests hold this reader to its results.
 */
import { inflateSync } from 'node:zlib';

const compressedCookie = 0x1c849304;
const plainCookie = 0x1c849303;
const cookieMask = 0xffffff0f;
const headerBytes = 40;
/** 3 significant digits: 2,048 counters of width 1, then 1,024 counters for each doubling of the width. */
const significantDigits = 3;
const halfCount = 1024;
/** Reaches beyond 2^40 µs, which is 12 days. */
const maximumCounters = 32 * halfCount;

/** A text that is no histogram of this kind; the message says why. */
export class HistogramFormatError extends Error {
  override readonly name = 'HistogramFormatError';
}

/** Counts by position, as they are in one encoded histogram: `positions[i]` holds `counts[i]`. */
export interface DecodedHistogram {
  readonly positions: readonly number[];
  readonly counts: readonly number[];
  readonly total: number;
  /** The largest value that its writer could tell from larger ones: those are counted as this one. */
  readonly highest: number;
}

/** A value of a histogram, or a bound where it lies at the end of the histogram's range, with all that is larger. */
export type HistogramValue = number | { readonly moreThan: number };

/**
 * Decodes one histogram.
 * @throws HistogramFormatError when the text is damaged or of another precision.
 */
export function decodeHistogram(base64: string): DecodedHistogram {
  const { payload, highest } = contentOf(base64);
  const positions: number[] = [];
  const counts: number[] = [];
  let total = 0;
  let position = 0;
  let offset = 0;
  while (offset < payload.length) {
    // ZigZag LEB128: a positive number is a count, a negative one a run of empty counters.
    let raw = 0;
    let scale = 1;
    let byte: number;
    do {
      byte = payload[offset++] ?? 0;
      raw += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte & 0x80 && offset < payload.length);
    if (raw % 2 === 1) {
      position += (raw + 1) / 2;
    } else {
      if (raw > 0) {
        positions.push(position);
        counts.push(raw / 2);
        total += raw / 2;
      }
      position += 1;
    }
    if (position > maximumCounters) throw new HistogramFormatError('its values are out of range');
  }
  return { positions, counts, total, highest };
}

function contentOf(base64: string): { payload: Uint8Array; highest: number } {
  const packed = Buffer.from(base64, 'base64');
  if (
    packed.length < 9 ||
    (packed.readUInt32BE(0) & cookieMask) >>> 0 !== (compressedCookie & cookieMask) >>> 0
  )
    throw new HistogramFormatError('it is no compressed HDR histogram of version 2');
  if (packed.readUInt32BE(4) > packed.length - 8) throw new HistogramFormatError('it is cut off');
  const plain = inflate(packed.subarray(8, 8 + packed.readUInt32BE(4)));
  if (
    plain.length < headerBytes ||
    (plain.readUInt32BE(0) & cookieMask) >>> 0 !== (plainCookie & cookieMask) >>> 0
  )
    throw new HistogramFormatError('its content is no HDR histogram of version 2');
  const digits = plain.readInt32BE(12);
  const lowest = plain.readBigInt64BE(16);
  if (digits !== significantDigits || lowest !== 1n)
    throw new HistogramFormatError(
      `it has ${digits} significant digits from ${lowest} µs; ${significantDigits} digits from 1 µs are expected`,
    );
  const length = plain.readInt32BE(4);
  if (length < 0 || headerBytes + length > plain.length) throw new HistogramFormatError('it is cut off');
  return {
    payload: plain.subarray(headerBytes, headerBytes + length),
    highest: Number(plain.readBigInt64BE(24)),
  };
}

function inflate(data: Buffer): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: 1 << 22 });
  } catch (error) {
    throw new HistogramFormatError('it cannot be decompressed', { cause: error });
  }
}

/** A sum of histograms. Percentiles of several trials come from here, and are never averaged. */
export class Histogram {
  #counts = new Float64Array(4 * halfCount);
  #total = 0;
  #top = -1;
  #highest = Number.POSITIVE_INFINITY;

  /** How many values it holds. */
  get total(): number {
    return this.#total;
  }

  add(other: DecodedHistogram | Histogram): void {
    if (other.total === 0) return;
    if (other instanceof Histogram) {
      this.#reserve(other.#top);
      for (let i = 0; i <= other.#top; i += 1)
        this.#counts[i] = (this.#counts[i] ?? 0) + (other.#counts[i] ?? 0);
      this.#highest = Math.min(this.#highest, other.#highest);
    } else {
      this.#reserve(other.positions.at(-1) ?? -1);
      for (let i = 0; i < other.positions.length; i += 1) {
        const position = other.positions[i] ?? 0;
        this.#counts[position] = (this.#counts[position] ?? 0) + (other.counts[i] ?? 0);
      }
      this.#highest = Math.min(this.#highest, other.highest);
    }
    this.#total += other.total;
  }

  #reserve(position: number): void {
    if (position > this.#top) this.#top = position;
    if (position < this.#counts.length) return;
    const grown = new Float64Array(Math.max(position + 1, this.#counts.length * 2));
    grown.set(this.#counts);
    this.#counts = grown;
  }

  /**
   * The smallest recorded value that at least `percentile` % (0 to 100) of all values do not exceed, in the
   * histogram's unit and to its precision (nearest rank). 0 when empty.
   */
  valueAt(percentile: number): number {
    if (this.#total === 0) return 0;
    const [value = 0] = this.#positionsAt([rankOf(percentile, this.#total)]).map(highestValueAt);
    return value;
  }

  /** Values by rank from 1 to `total`, in one pass; the ranks must ascend. */
  valuesAtRanks(ranks: readonly number[]): HistogramValue[] {
    const end = positionOf(this.#highest);
    return this.#positionsAt(ranks).map((position) =>
      position >= end ? { moreThan: this.#highest } : highestValueAt(position),
    );
  }

  #positionsAt(ranks: readonly number[]): number[] {
    const positions: number[] = [];
    let position = 0;
    let seen = this.#counts[0] ?? 0;
    for (const rank of ranks) {
      while (seen < rank && position < this.#top) {
        position += 1;
        seen += this.#counts[position] ?? 0;
      }
      positions.push(position);
    }
    return positions;
  }
}

/** Rank from 1; the small subtraction keeps 99 % of 100 values at rank 99 in floating point. */
export function rankOf(percentile: number, total: number): number {
  const exact = (Math.min(percentile, 100) / 100) * total;
  return Math.max(1, Math.ceil(exact - exact * Number.EPSILON));
}

/** The position that a value is counted at. */
function positionOf(value: number): number {
  if (value < 2 * halfCount || !Number.isFinite(value)) return value;
  const doublings = Math.floor(Math.log2(value)) - Math.log2(halfCount);
  return doublings * halfCount + Math.floor(value / 2 ** doublings);
}

/** The highest value that is counted at a position. */
function highestValueAt(position: number): number {
  if (position < 2 * halfCount) return position;
  const doublings = Math.floor(position / halfCount) - 1;
  const lowest = ((position % halfCount) + halfCount) * 2 ** doublings;
  return lowest + 2 ** doublings - 1;
}
