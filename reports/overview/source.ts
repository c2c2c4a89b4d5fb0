/** The runs that an overview is made of. */
import { type OverviewDesign, overviewDesigns } from '../../record/overview.ts';
import type { RunRecord } from '../../record/run.ts';
import type { Summary } from '../../record/summary.ts';

/** A stored run, and what is told of it. */
export interface Source {
  readonly record: RunRecord;
  readonly summary: Summary;
}

/** Null where an overview has no place for such a run: a gate's compares versions of the code. */
export const overviewDesignOf = ({ design }: RunRecord): OverviewDesign | null =>
  overviewDesigns.find((kind) => kind === design.kind) ?? null;

/** Runs of these compare strategies within their own trials: of two such runs the numbers may not stand in one column. */
export const oneOnly: readonly OverviewDesign[] = ['blocks', 'distance'];

export const designTitles: Readonly<Record<OverviewDesign, string>> = {
  blocks: 'At one rate',
  search: 'Capacity',
  footprint: 'What sessions take',
  faults: 'When things break',
  distance: 'Network distance',
};

/** In the order of the designs, then the newest first, whatever order they are named in. */
export const inOrder = (sources: readonly Source[]): readonly Source[] =>
  sources.toSorted(
    (a, b) =>
      placeOf(a) - placeOf(b) ||
      compared(b.record.startedAt, a.record.startedAt) ||
      compared(a.record.runId, b.record.runId),
  );

const isOf = ({ design }: RunRecord, kind: OverviewDesign): boolean => design.kind === kind;

const placeOf = ({ record }: Source): number => overviewDesigns.findIndex((kind) => isOf(record, kind));
const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
