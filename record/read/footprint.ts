/** Reads `footprint.json` of a run that weighed sessions, and holds it against the trials. */

import path from 'node:path';
import { counted } from '../counted.ts';
import { FOOTPRINT_VERSION, type FootprintSeries, footprintRecord } from '../footprint.ts';
import { type Reason, reasonOf } from '../reasons.ts';
import type { RunRecord } from '../run.ts';
import { mistakes, readJson, versionProblem } from './json.ts';
import type { ReadTrial } from './trials.ts';

export interface ReadFootprint {
  /** Empty in runs of other designs, and where the file cannot be used. */
  readonly series: readonly FootprintSeries[];
  readonly problems: readonly Reason[];
}

const nothing: ReadFootprint = { series: [], problems: [] };

const unusable = (why: string): ReadFootprint => ({
  series: [],
  problems: [
    reasonOf('unreadable-footprint', `footprint.json: ${why}. No footprint is shown; the trials are.`),
  ],
});

/** Never throws: what is wrong is a problem. */
export async function readFootprint(
  folder: string,
  run: RunRecord,
  trials: readonly ReadTrial[],
): Promise<ReadFootprint> {
  if (run.design.kind !== 'footprint') return nothing;
  const content = await readJson(path.join(folder, 'footprint.json'));
  if (content.status === 'missing')
    return run.status === 'finished' && trials.length > 0 ? unusable('it is missing') : nothing;
  if (content.status === 'broken') return unusable(content.why);
  const version = versionProblem(content.value, [FOOTPRINT_VERSION]);
  if (version) return unusable(version);
  const parsed = footprintRecord.safeParse(content.value);
  if (!parsed.success) return unusable(`it was damaged or edited: ${mistakes(parsed.error)}`);
  const series = parsed.data.series.map(withoutZeros);
  return { series, problems: doubts(series, trials) };
}

/** A line that did not rise was written with 0 B for each session, before it was known what readings tell apart. */
const withoutZeros = (series: FootprintSeries): FootprintSeries => ({
  ...series,
  fits: series.fits.map((fit) => {
    if (fit.line.bytesPerSession !== 0 || fit.line.bytesPerSessionAtMost !== null) return fit;
    return { ...fit, line: { ...fit.line, bytesPerSession: null }, heldOut: null };
  }),
});

const trialsOf = ({ points, expiry }: FootprintSeries): readonly number[] =>
  [...points.map(({ trial }) => trial), expiry?.trialBefore ?? null, expiry?.trialDuring ?? null].filter(
    (trial) => trial !== null,
  );

/** Trials that a series names and that are gone, or are another strategy's. */
function doubts(series: readonly FootprintSeries[], trials: readonly ReadTrial[]): Reason[] {
  return series.flatMap((each) => {
    const named = trialsOf(each);
    const missing = named.filter(
      (trial) => !trials.some(({ number, strategy }) => number === trial && strategy === each.strategy),
    );
    if (missing.length === 0) return [];
    return [
      reasonOf(
        'unreadable-footprint',
        `footprint.json names ${counted(named.length, 'trial')} of ${each.strategy}, of which ${missing.join(', ')} cannot be found`,
      ),
    ];
  });
}
