/** The record of what was weighed while it grows: on the disk after every step. */
import {
  FOOTPRINT_VERSION,
  type FootprintExpiry,
  type FootprintPoint,
  type FootprintRecord,
  type FootprintSeries,
  type Weighed,
} from '../../record/footprint.ts';
import type { ResultsFolder } from '../../record/write.ts';
import type { PlannedSeries } from '../plan.ts';
import { coarsened, emptiest, fitsOf, type Grains } from './line.ts';

type Results = Pick<ResultsFolder, 'writeFootprint'>;

/** One series of it. Each change is on the disk when it resolves. */
export class SeriesBook {
  readonly record: FootprintSeries;
  #grains: Grains;
  readonly #write: () => Promise<void>;

  /** @param grains what its readings tell apart */
  constructor(record: FootprintSeries, grains: Grains, write: () => Promise<void>) {
    this.record = record;
    this.#grains = grains;
    this.#write = write;
  }

  async begin(): Promise<void> {
    this.record.status = 'running';
    await this.#write();
  }

  /** The empty store. @param before as it was before the first sessions came and went */
  async addEmpty(point: FootprintPoint, before: Weighed): Promise<void> {
    this.#grains = coarsened(this.#grains, before, point.weighed);
    this.record.grains = { ...this.#grains };
    this.record.weighedBefore = before;
    await this.add(point);
  }

  /** Lines are drawn anew: what the largest will take is written before it is measured. */
  async add(point: FootprintPoint): Promise<void> {
    const { points, planned, weighedBefore } = this.record;
    points.push(point);
    const known = points.map((each) =>
      each.sessions === 0 && weighedBefore !== null ? emptiest(each, weighedBefore) : each,
    );
    this.record.fits = fitsOf(known, planned.at(-1) ?? 0, this.#grains);
    await this.#write();
  }

  async cleared(weighed: Weighed): Promise<void> {
    this.record.weighedCleared = weighed;
    await this.#write();
  }

  async expired(expiry: FootprintExpiry): Promise<void> {
    this.record.expiry = expiry;
    await this.#write();
  }

  async end(status: 'measured' | 'stopped', why: string | null = null): Promise<void> {
    this.record.status = status;
    this.record.why = why;
    await this.#write();
  }
}

/** @returns a book for each series, in their order */
export function openBooks(all: readonly PlannedSeries[], results: Results): readonly SeriesBook[] {
  const opened = all.map((series) => ({ own: planned(series), grains: series.grains }));
  const series = opened.map(({ own }) => own);
  const record: FootprintRecord = { schemaVersion: FOOTPRINT_VERSION, series };
  return opened.map(({ own, grains }) => new SeriesBook(own, grains, () => results.writeFootprint(record)));
}

const planned = ({ strategy, payloadBytes, sizes, keptIn, raised }: PlannedSeries): FootprintSeries => ({
  strategy: strategy.name,
  payloadBytes,
  planned: [...sizes],
  status: 'planned',
  why: null,
  keptIn,
  raised: raised.map((budget) => ({ ...budget })),
  grains: null,
  weighedBefore: null,
  points: [],
  fits: [],
  weighedCleared: null,
  expiry: null,
});
