/** What a run of distances found: for each operation of each strategy the line through its medians. */
import { type OperationName, operationNames } from '../../record/common.ts';
import type { DistanceDesign, DistanceResult } from '../../record/distance.ts';
import { inMilliseconds } from '../../record/latency.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { type ValidTrial, validTrialsOf } from '../../record/read/trials.ts';
import type { ReasonCode } from '../../record/reasons.ts';
import type { StrategySummary, SummaryDesign } from '../../record/summary.ts';
import { type Point, theilSen } from '../statistics/theil-sen.ts';
import { mergedMeasures } from './merged.ts';

export type DistanceSummary = Extract<SummaryDesign, { kind: 'distance' }>;

/** Of the intervals. */
const LEVEL = 0.95;
/** Intervals that hold the slope with less than this decide nothing: those of three trials. */
const LEAST_COVERAGE = 0.9;
/** Half a round trip on either side: what is nearer to another whole number is another number. */
const HALF = 0.5;

/** Round trips that estimates are made for, in milliseconds: within a zone, and between zones of a region at their least and most. */
export const computedFor = { inOneZone: 0.5, acrossZones: { least: 1, most: 2 } } as const;
const computedMs: readonly number[] = [
  computedFor.inOneZone,
  computedFor.acrossZones.least,
  computedFor.acrossZones.most,
];

/** Operations that wait for a connection wait for each other, and not for the network alone. */
const queued: readonly ReasonCode[] = ['overloaded', 'connections-busy'];
const hasQueue = ({ record }: ValidTrial): boolean =>
  record.warnings.some(({ code }) => queued.includes(code));

/** Milliseconds added in the trial's block; null where the record has no such block. */
const addedIn = ({ addedMs }: DistanceDesign, { record }: ValidTrial): number | null =>
  addedMs[record.block - 1] ?? null;

export const distancesOf = ({ addedMs }: Pick<DistanceDesign, 'addedMs'>): readonly number[] =>
  [...new Set(addedMs)].sort((a, b) => a - b);

/** The trials that a strategy's other numbers are of: those with least added. */
export const atLeastDistance =
  (design: DistanceDesign) =>
  (trials: readonly ValidTrial[]): readonly ValidTrial[] => {
    const least = Math.min(...design.addedMs);
    return trials.filter((trial) => addedIn(design, trial) === least);
  };

/** The design as `summary.json` keeps it, with what was found. Strategies that failed have no lines. */
export const distanceSummary = (
  design: DistanceDesign,
  run: ReadRun,
  strategies: readonly Pick<StrategySummary, 'name' | 'status'>[],
): DistanceSummary => ({
  ...design,
  results: strategies
    .filter(({ status }) => status === 'valid')
    .flatMap(({ name }) => resultsOf(design, name, validTrialsOf(run.trials, name))),
});

function resultsOf(
  design: DistanceDesign,
  strategy: string,
  trials: readonly ValidTrial[],
): DistanceResult[] {
  return operationNames.flatMap((operation): DistanceResult[] => {
    const points = pointsOf(design, operation, trials);
    if (points.length === 0) return [];
    const expected = design.roundTrips[strategy]?.[operation] ?? null;
    const line = lineOf(design, operation, trials);
    const verdict = verdictOf(line, expected);
    return [{ strategy, operation, expected, line, verdict, points, computed: computedOf(points, line) }];
  });
}

/** The medians of all trials with as much added, together. */
function pointsOf(
  design: DistanceDesign,
  operation: OperationName,
  trials: readonly ValidTrial[],
): DistanceResult['points'] {
  return distancesOf(design).flatMap((addedMs) => {
    const some = trials.filter((trial) => addedIn(design, trial) === addedMs);
    const p50 = mergedMeasures(some, operation).intended.at(50);
    return p50 === null ? [] : [{ addedMs, p50Ms: inMilliseconds(p50), trials: some.length }];
  });
}

/** Through the median of each trial without a queue, in milliseconds. What got no answer has no time, and is no point. */
function lineOf(
  design: DistanceDesign,
  operation: OperationName,
  trials: readonly ValidTrial[],
): DistanceResult['line'] {
  const points = trials
    .filter((trial) => !hasQueue(trial))
    .flatMap((trial): Point[] => {
      const [x, y] = [addedIn(design, trial), trial.measures.operations.get(operation)?.intended.at(50)];
      return x !== null && typeof y === 'number' ? [{ x, y: y / 1000 }] : [];
    });
  const found = theilSen(points, LEVEL);
  if (found === null)
    return { status: 'unknown', why: 'a line takes trials without a queue at two distances at least' };
  const { slope, low, high, coverage } = found;
  return { status: 'fitted', roundTrips: slope, low, high, confidence: coverage };
}

function verdictOf(line: DistanceResult['line'], expected: number | null): DistanceResult['verdict'] {
  if (line.status === 'unknown' || expected === null || line.confidence < LEAST_COVERAGE) return 'open';
  const [least, most] = [expected - HALF, expected + HALF];
  if (line.low > least && line.high < most) return 'as-expected';
  return line.high <= least || line.low >= most ? 'different' : 'open';
}

/** From the median where nothing was added. A slope below 0 is noise, and no store gets faster by being further away. */
function computedOf(
  points: DistanceResult['points'],
  line: DistanceResult['line'],
): DistanceResult['computed'] {
  const base = points.find(({ addedMs }) => addedMs === 0)?.p50Ms;
  if (typeof base !== 'number' || line.status === 'unknown') return [];
  const slope = Math.max(0, line.roundTrips);
  return computedMs.map((addedMs) => ({ addedMs, p50Ms: base + slope * addedMs }));
}

/** Null where there is none of that operation. */
export const resultOf = (
  { results }: Pick<DistanceSummary, 'results'>,
  strategy: string,
  operation: OperationName,
): DistanceResult | null =>
  results.find((each) => each.strategy === strategy && each.operation === operation) ?? null;

/** In milliseconds; null where it could not be computed. @param result null where nothing was measured */
export const computedAt = (result: DistanceResult | null, addedMs: number): number | null =>
  result?.computed.find((each) => each.addedMs === addedMs)?.p50Ms ?? null;
