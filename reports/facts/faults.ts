/** What each strategy made of each fault, from the trials as they were measured. */
import { type OperationName, sumErrors, sumOf, type Violations } from '../../record/common.ts';
import type { FaultResult, FaultsDesign, Gap, PlannedFault, Sweep, TrialFault } from '../../record/faults.ts';
import { inOrder } from '../../record/latency.ts';
import type { Fate } from '../../record/on-paper.ts';
import type { TimePoint } from '../../record/read/histograms.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { type ValidTrial, validTrialsOf } from '../../record/read/trials.ts';
import type { StrategySummary, SummaryDesign } from '../../record/summary.ts';
import { clopperPearson } from '../statistics/distributions/beta.ts';
import { busiestOverMean } from './balance.ts';
import { isExpected, judgedResult, type SeenResult } from './fault-verdicts.ts';

export type FaultsSummary = Extract<SummaryDesign, { kind: 'faults' }>;

/** The design as `summary.json` keeps it, with what was found. */
export const faultsSummary = (design: FaultsDesign, run: ReadRun): FaultsSummary => ({
  ...design,
  results: design.faults.flatMap((fault, index) =>
    Object.entries(fault.expected).map(([strategy, expected]) =>
      resultOf({ run, fault, block: index + 1, strategy, expected }),
    ),
  ),
});

export const resultsOf = ({ results }: FaultsSummary, strategy: string): readonly FaultResult[] =>
  results.filter((each) => each.strategy === strategy);

/** How badly a strategy fared: faults that harmed it, then sessions that it lost, as shares of all. */
function harmOf(design: FaultsSummary, strategy: string): readonly [harmed: number, lost: number] {
  const own = resultsOf(design, strategy);
  const lost = own.map(({ sessions }) => (sessions && sessions.of > 0 ? sessions.lost / sessions.of : 0));
  return [
    own.filter(({ survival }) => survival === 'harmed').length,
    lost.reduce((sum, share) => sum + share, 0),
  ];
}

/** The worst first. */
export const byHarm =
  (design: FaultsSummary) =>
  (a: StrategySummary, b: StrategySummary): number => {
    const [[harmedA, lostA], [harmedB, lostB]] = [harmOf(design, a.name), harmOf(design, b.name)];
    return harmedB - harmedA || lostB - lostA;
  };

/** One strategy under one fault. */
interface Tried {
  readonly run: ReadRun;
  readonly fault: PlannedFault;
  readonly block: number;
  readonly strategy: string;
  readonly expected: Fate | null;
}

function resultOf(tried: Tried): FaultResult {
  const { run, fault, strategy, expected, block } = tried;
  const trial = validTrialsOf(run.trials, strategy).find(({ record }) => record.block === block);
  const head = { strategy, fault: fault.name, expected };
  if (!trial?.record.fault)
    return { ...head, ...nothingSeen, survival: 'unknown', why: whyUnknown(tried), asExpected: null };
  const seen = seenIn(trial, trial.record.fault);
  const { survival, why } = judgedResult(seen, trial.record.fault);
  const bound = newestWritten(run);
  const asExpected = isExpected(expected, survival, seen, bound);
  return { ...head, trial: trial.number, ...seen, survival, why, asExpected };
}

const nothingSeen = {
  trial: null,
  sessions: null,
  writesLost: null,
  logouts: null,
  stale: null,
  crossed: null,
  failed: null,
  silentSeconds: null,
  lastFailureSeconds: null,
  normalAgainSeconds: null,
  balance: null,
} as const;

function whyUnknown({ run, block, strategy }: Tried): string[] {
  const planned = run.record.strategies.find(({ name }) => name === strategy);
  if (planned?.status === 'not-measured') return planned.reasons.map(({ message }) => message);
  const ofTrials = run.trials.flatMap((trial) => {
    if (trial.strategy !== strategy) return [];
    if (trial.kind === 'invalid') return trial.record.block === block ? trial.record.reasons : [];
    return trial.kind === 'unreadable' && trial.record?.block === block ? [trial.reason] : [];
  });
  const told = ofTrials.map(({ message }) => message);
  return told.length > 0 ? told : ['no trial of it ended'];
}

/** Seconds of writing that are the last moments. */
const NEWEST_SECONDS = 2;

/** So many sessions and writes, at most, are of the last moments before a fault. */
function newestWritten({ record: { design, scenario } }: ReadRun): number {
  const rate = design.kind === 'faults' ? design.rate.value : 0;
  const { login, write, logout } = scenario.mix;
  return Math.ceil(NEWEST_SECONDS * rate * (login + write + logout));
}

function seenIn({ record, measures }: ValidTrial, fault: TrialFault): SeenResult {
  const { sweep, losses } = fault;
  const asked = [record.operations, sweep?.operations ?? {}];
  const ofClass = (name: keyof Violations): number =>
    asked
      .flatMap((operations) => Object.values(operations))
      .reduce((sum, { violations }) => sum + violations[name], 0);
  const errors = sumErrors(Object.values(record.operations).map((each) => each.errors));
  return {
    sessions: sweep && losses && sessionsIn(sweep, losses.sessions),
    writesLost: losses?.writes ?? null,
    logouts: sweep && logoutsIn(sweep),
    stale: ofClass('stale'),
    crossed: ofClass('crossed'),
    failed: { ...errors, of: record.requests.generator, neverSent: record.pacing.dropped },
    ...timesOf(fault, measures.timeline),
    balance: fault.appRequests && {
      before: busiestOverMean(fault.appRequests.before),
      after: busiestOverMean(fault.appRequests.after),
    },
  };
}

/** Answers of a sweep to one operation. */
function answered({ operations }: Sweep, name: OperationName): number {
  const found = operations[name];
  return found ? found.count - sumOf(found.errors) : 0;
}

function sessionsIn(sweep: Sweep, lost: number): NonNullable<FaultResult['sessions']> {
  const of = Math.max(sweep.alive, lost);
  const unknown = Math.max(0, Math.min(of - lost, sweep.alive - answered(sweep, 'read')));
  return { lost, of, unknown, interval: unknown === 0 ? null : shares(lost, of - unknown) };
}

function logoutsIn(sweep: Sweep): NonNullable<FaultResult['logouts']> {
  const undone = sweep.operations.probe?.violations.resurrected ?? 0;
  const of = answered(sweep, 'probe');
  return { undone, of, interval: of >= sweep.ended ? null : shares(undone, of) };
}

function shares(hits: number, trials: number): { low: number; high: number } {
  const { low, high } = trials === 0 ? { low: 0, high: 1 } : clopperPearson(hits, trials);
  return { low, high };
}

type Times = Pick<FaultResult, 'silentSeconds' | 'lastFailureSeconds' | 'normalAgainSeconds'>;

const noTimes: Times = {
  silentSeconds: null,
  lastFailureSeconds: null,
  normalAgainSeconds: null,
};

/** From the beginning of the fault on. */
function timesOf({ course, gaps }: TrialFault, timeline: readonly TimePoint[]): Times {
  if (course.status !== 'healed' && course.status !== 'not-healed') return noTimes;
  const { beganAt } = course;
  return {
    silentSeconds: longestSilence(gaps ?? [], beganAt),
    lastFailureSeconds: lastFailure(timeline, beganAt),
    normalAgainSeconds: normalAgain(timeline, beganAt),
  };
}

/** Seconds; 0 where right answers never ceased, null where the longest time without one has no end. */
function longestSilence(gaps: readonly Gap[], beganAt: number): number | null {
  const since = gaps.map(
    ({ fromSeconds, untilSeconds }) =>
      (untilSeconds ?? Number.POSITIVE_INFINITY) - Math.max(fromSeconds, beganAt),
  );
  const longest = Math.max(0, ...since);
  return Number.isFinite(longest) ? longest : null;
}

const endOf = ({ second, seconds }: TimePoint): number => second + seconds;

function lastFailure(timeline: readonly TimePoint[], beganAt: number): number {
  const last = timeline.findLast((point) => point.errors > 0 && endOf(point) > beganAt);
  return last ? endOf(last) - beganAt : 0;
}

/** So many times the highest p99 before the fault is still normal. */
const NORMAL_FACTOR = 2;

/** Null where nothing tells what is normal, or where it is not seen again. */
function normalAgain(timeline: readonly TimePoint[], beganAt: number): number | null {
  const before = timeline.filter((point) => endOf(point) <= beganAt);
  if (before.length === 0) return null;
  const limit = NORMAL_FACTOR * Math.max(...before.map(({ answerP99Micros }) => inOrder(answerP99Micros)));
  if (!Number.isFinite(limit)) return null;
  const since = timeline.filter((point) => endOf(point) > beganAt);
  const at = since.findLastIndex(({ answerP99Micros }) => inOrder(answerP99Micros) > limit);
  if (at === since.length - 1) return null;
  const last = since[at];
  return last ? endOf(last) - beganAt : 0;
}
