/** What sessions take, strategy by strategy and size by size, as `summary.json` keeps it. */
import {
  type FootprintFit,
  type FootprintPoint,
  type FootprintSeries,
  mainWeight,
  type Weight,
} from '../../record/footprint.ts';
import type { ReadRun } from '../../record/read/run.ts';
import type { FootprintSummary, TrialSummary } from '../../record/summary.ts';
import { servingCpu } from './cpu.ts';

type Trials = readonly TrialSummary[];

/** Series that began, in the order of measuring. */
export const footprintOf = ({ footprint }: ReadRun, trials: Trials): FootprintSummary[] =>
  footprint.filter(({ points }) => points.length > 0).map((series) => summarised(series, trials));

function summarised(series: FootprintSeries, trials: Trials): FootprintSummary {
  const { strategy, payloadBytes, status, why, keptIn, points, fits, raised, weighedCleared } = series;
  const weighed = points.filter(({ sessions }) => sessions > 0).map(({ sessions }) => sessions);
  const [store, app] = [storeLine(series), appLine(series)];
  return {
    strategy,
    payloadBytes,
    status: status === 'measured' ? 'measured' : 'stopped',
    why: status === 'measured' ? null : (why ?? 'the run ended before the series did'),
    keptIn,
    storeFixedBytes: store?.fixedBytes ?? null,
    storeBytesPerSession: store?.bytesPerSession ?? null,
    appFixedBytes: app?.fixedBytes ?? null,
    appBytesPerSession: app?.bytesPerSession ?? null,
    testedFrom: weighed[0] ?? null,
    testedTo: weighed.at(-1) ?? null,
    heldOutError: fitOf(fits, mainWeight[keptIn])?.heldOut?.error ?? null,
    fits,
    sizes: points.map((point) => sizeOf(point, trials)),
    raised,
    weighedCleared,
    expiry: expiryOf(series, trials),
  };
}

const fitOf = (fits: readonly FootprintFit[], weight: Weight): FootprintFit | undefined =>
  fits.find((each) => each.weight === weight);

const lineOf = (fits: readonly FootprintFit[], weight: Weight): FootprintFit['line'] | undefined =>
  fitOf(fits, weight)?.line;

/** A strategy without servers has no store that takes anything. */
const storeLine = ({ keptIn, fits }: FootprintSeries): FootprintFit['line'] | undefined =>
  keptIn === 'apps' ? { fixedBytes: 0, bytesPerSession: 0 } : lineOf(fits, mainWeight[keptIn]);

/** What each session takes is by what Node.js counts; the fixed part is the most that the processes had beside that. */
function appLine({ fits, points }: FootprintSeries): FootprintFit['line'] | undefined {
  const counted = lineOf(fits, 'appCounted');
  if (!counted) return undefined;
  const { bytesPerSession } = counted;
  const beside = points.flatMap(({ sessions, weighed: { appMemory } }) =>
    appMemory === null ? [] : [Math.max(0, appMemory - bytesPerSession * sessions)],
  );
  return beside.length === 0 ? undefined : { fixedBytes: Math.max(...beside), bytesPerSession };
}

const sizeOf = (
  { sessions, weighed, filled, logged, trial }: FootprintPoint,
  trials: Trials,
): FootprintSummary['sizes'][number] => ({
  sessions,
  weighed,
  filled,
  logged,
  ...amongSessions(trial, trials),
});

/** Of a valid trial. */
function amongSessions(number: number | null, trials: Trials) {
  const trial = trials.find((each) => number !== null && each.number === number && each.status === 'valid');
  return {
    readP50Ms: trial?.readP50Ms ?? null,
    readP99Ms: trial?.readP99Ms ?? null,
    cpuMicrosPerRead: trial ? servingCpu(trial.cpuMicrosPerRequest) : null,
  };
}

function expiryOf({ expiry }: FootprintSeries, trials: Trials): FootprintSummary['expiry'] {
  if (expiry === null) return null;
  const { trialBefore, trialDuring, ...seen } = expiry;
  return { ...seen, before: amongSessions(trialBefore, trials), during: amongSessions(trialDuring, trials) };
}

/** The line of where a strategy's sessions are kept. */
export const mainFit = ({ fits, keptIn }: Pick<FootprintSummary, 'fits' | 'keptIn'>): FootprintFit | null =>
  fitOf(fits, mainWeight[keptIn]) ?? null;

export const payloadsOf = (footprint: readonly FootprintSummary[]): readonly number[] =>
  [...new Set(footprint.map(({ payloadBytes }) => payloadBytes))].sort((a, b) => a - b);

/** What sessions of about this size take is told first: Wikimedia's (docs/method.md). */
const TOLD_PAYLOAD = 1_700;

/** Of the sizes that were weighed; undefined where none was. */
export const toldPayload = (footprint: readonly FootprintSummary[]): number | undefined =>
  payloadsOf(footprint).toSorted((a, b) => Math.abs(a - TOLD_PAYLOAD) - Math.abs(b - TOLD_PAYLOAD))[0];
