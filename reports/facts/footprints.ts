/** What sessions take, strategy by strategy and size by size, as `summary.json` keeps it. */
import {
  type FootprintFit,
  type FootprintLine,
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
  const unknown = { fixedBytes: null, bytesPerSession: null, bytesPerSessionAtMost: null };
  return {
    strategy,
    payloadBytes,
    status: status === 'measured' ? 'measured' : 'stopped',
    why: status === 'measured' ? null : (why ?? 'the run ended before the series did'),
    keptIn,
    ...storeFields(store ?? unknown),
    ...appFields(app ?? unknown),
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

type KnownLine = { readonly [Field in keyof FootprintLine]: number | null };

const storeFields = ({ fixedBytes, bytesPerSession, bytesPerSessionAtMost }: KnownLine) => ({
  storeFixedBytes: fixedBytes,
  storeBytesPerSession: bytesPerSession,
  storeBytesPerSessionAtMost: bytesPerSessionAtMost,
});

const appFields = ({ fixedBytes, bytesPerSession, bytesPerSessionAtMost }: KnownLine) => ({
  appFixedBytes: fixedBytes,
  appBytesPerSession: bytesPerSession,
  appBytesPerSessionAtMost: bytesPerSessionAtMost,
});

const fitOf = (fits: readonly FootprintFit[], weight: Weight): FootprintFit | undefined =>
  fits.find((each) => each.weight === weight);

const lineOf = (fits: readonly FootprintFit[], weight: Weight): FootprintLine | undefined =>
  fitOf(fits, weight)?.line;

/** A strategy without servers has no store that takes anything: that is known without a reading. */
const storeLine = ({ keptIn, fits }: FootprintSeries): FootprintLine | undefined =>
  keptIn === 'apps'
    ? { fixedBytes: 0, bytesPerSession: 0, bytesPerSessionAtMost: 0 }
    : lineOf(fits, mainWeight[keptIn]);

/**
 * What each session takes is by what Node.js counts; the fixed part is the most that the processes had beside that: all that they
 * had, where sessions are not told from none.
 */
function appLine({ fits, points }: FootprintSeries): FootprintLine | undefined {
  const counted = lineOf(fits, 'appCounted');
  if (!counted) return undefined;
  const { bytesPerSession } = counted;
  const beside = points.flatMap(({ sessions, weighed: { appMemory } }) =>
    appMemory === null ? [] : [Math.max(0, appMemory - (bytesPerSession ?? 0) * sessions)],
  );
  return beside.length === 0 ? undefined : { ...counted, fixedBytes: Math.max(...beside) };
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
