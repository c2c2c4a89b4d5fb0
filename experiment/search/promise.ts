/**
 * What a trial says of a promise (SLO): kept, broken by the strategy, beyond the generator, or nothing at all. A pure
 * function of what was recorded, so that it can be asked again of a stored trial.
 */
import type { Placement } from '../../infra/runtimes/runtime.ts';
import { type OperationName, sumOf, sumViolations, type Tier } from '../../record/common.ts';
import { withoutRightAnswer } from '../../record/failure.ts';
import { inOrder, Latencies } from '../../record/latency.ts';
import type { PromiseOutcome } from '../../record/search.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { clientOperations, unansweredOf } from '../../record/unanswered.ts';
import type { AnsweredLatencies } from './latencies.ts';
import { brokenTerms, longestLimit, type Slo, type SloEvidence } from './slo.ts';

export interface TrialEvidence {
  readonly record: TrialRecord;
  readonly latencies: AnsweredLatencies;
  /** Length of the measured phase as planned, in seconds. */
  readonly plannedSeconds: number;
  readonly placement: Pick<Placement, 'cores'>;
}

/** Reasons that say something of the machine, or of session-bench, and nothing of the strategy at this rate. */
const saysNothing: ReadonlySet<string> = new Set([
  'interrupted',
  'not-started',
  'server-killed',
  'generator-failed',
  'not-ready',
  'host-steal',
  'host-busy',
  'counts-unknown',
]);
const generatorGaveOut: ReadonlySet<string> = new Set(['generator-cpu', 'generator-dropped']);

/** Share of their cores from which on generator and balancer together have nothing more to give. */
export const FULL_CORE = 0.95;

export function outcomeOf(slo: Slo, evidence: TrialEvidence): PromiseOutcome {
  const { record } = evidence;
  const reasonsOf = (codes: ReadonlySet<string>): string[] =>
    record.reasons.filter(({ code }) => codes.has(code)).map(({ message }) => message);
  // A strategy whose server ends under a load, or that lets nobody log in, does not carry it.
  const died = reasonsOf(new Set(['server-died', 'logins-failed']));
  if (died.length > 0 && !reasonsOf(new Set(['interrupted'])).length) return { outcome: 'broken', why: died };
  const nothing = reasonsOf(saysNothing);
  if (nothing.length > 0) return { outcome: 'invalid', why: nothing };
  const gaveOut = reasonsOf(generatorGaveOut);
  if (gaveOut.length > 0) return { outcome: 'generator-limited', why: gaveOut };
  const late = reasonsOf(new Set(['generator-late']));
  const full = fullCores(evidence);
  if (late.length > 0)
    // Late with time to spare: something else kept the generator from running.
    return full === null
      ? { outcome: 'invalid', why: late }
      : { outcome: 'generator-limited', why: [...late, full] };

  const broken = [
    ...wrongAnswers(record),
    ...brokenTerms(slo, sloEvidence(slo, evidence)).map(({ message }) => message),
  ];
  if (broken.length > 0 && full !== null) return { outcome: 'generator-limited', why: [full, ...broken] };
  const otherReasons = record.reasons.map(({ message }) => message);
  // Requests that were given up are counted by some and not by others: a broken promise, and no fault of counting.
  const explained = record.reasons.every(({ code }) => code === 'counts-differ') && unanswered(record) > 0;
  if (otherReasons.length > 0 && !(explained && broken.length > 0))
    return { outcome: 'invalid', why: otherReasons };
  return broken.length > 0 ? { outcome: 'broken', why: broken } : { outcome: 'kept', why: [] };
}

/** A wrong answer is no answer, however fast: one is enough to break any promise. */
function wrongAnswers({ operations, before }: TrialRecord): string[] {
  const all = [...Object.values(operations), ...Object.values(before ?? {})];
  const classes = sumViolations(all.map(({ violations }) => violations));
  const seen = Object.entries(classes).filter(([, count]) => count > 0);
  return seen.length === 0
    ? []
    : [`wrong answers: ${seen.map(([name, count]) => `${count} ${name}`).join(', ')}`];
}

const unanswered = ({ operations }: TrialRecord): number =>
  Object.values(operations).reduce((sum, { errors }) => sum + errors.timeout + errors.connection, 0);

/** Says so when the tiers that offer the load had filled their cores; null while they had time to spare. */
function fullCores({ record, placement: { cores } }: TrialEvidence): string | null {
  for (const tier of ['generator', 'balancer'] as const) {
    const others = cores.app.some((core) => cores[tier].includes(core));
    const share = shareOfCores(record, cores, cores[tier]);
    // On cores that the apps use too, a full core says nothing of who filled it.
    if (!others && share >= FULL_CORE)
      return `the ${cores.balancer.some((core) => cores.generator.includes(core)) ? 'core of generator and balancer' : `${tier}'s core`} was full (${Math.round(share * 100)} %)`;
  }
  return null;
}

function shareOfCores(record: TrialRecord, cores: Placement['cores'], on: readonly number[]): number {
  const partOf = (tier: Tier): number =>
    cores[tier].length === 0
      ? 0
      : cores[tier].filter((core) => on.includes(core)).length / cores[tier].length;
  const micros = (['generator', 'balancer'] as const).reduce(
    (sum, tier) => sum + (record.usage[tier]?.cpuMicros ?? 0) * partOf(tier),
    0,
  );
  const seconds = record.measuredSeconds * on.length;
  return seconds > 0 ? micros / 1e6 / seconds : 0;
}

/** The last answers may come this late, in seconds, without reading as a rate that was not reached. */
const TAIL_SECONDS = 0.1;

function sloEvidence(slo: Slo, evidence: TrialEvidence): SloEvidence {
  const { record, plannedSeconds } = evidence;
  const { operations, pacing } = record;
  const requests = Object.values(operations).reduce((sum, { count }) => sum + count, 0);
  const failed = withoutRightAnswer(operations);
  // The wait that a promise allows is no sign of a queue that grew; what goes beyond it is.
  const allowed = Math.max(TAIL_SECONDS, longestLimit(slo));
  return {
    latencyMicros: (operation, percentile) =>
      percentileOf(operation === null ? clientOperations : [operation], evidence, percentile),
    errorShare: share(failed + pacing.dropped, requests + pacing.dropped),
    answeredShare: answeredShare(record),
    keptUpShare:
      share(pacing.arrivals - pacing.dropped, pacing.arrivals) /
      Math.max(1, 1 + (lateSeconds(record, plannedSeconds) - allowed) / plannedSeconds),
  };
}

/** Share of the operations that were sent which got an answer. */
function answeredShare({ operations, pacing }: TrialRecord): number {
  const sent = pacing.arrivals - pacing.dropped;
  if (pacing.answered !== null) return share(pacing.answered, sent);
  // Of a trial that was measured before answers were counted: with the logins that repaired lost sessions.
  const unanswered = clientOperations.reduce((sum, name) => sum + sumOf(operations[name]?.errors ?? {}), 0);
  return share(Math.max(0, sent - unanswered), sent);
}

/** How long after its time the last arrival was sent; of an older trial, how long after the phase it was answered. */
const lateSeconds = ({ pacing, measuredSeconds }: TrialRecord, plannedSeconds: number): number =>
  pacing.lastWaitMicros === null ? measuredSeconds - plannedSeconds : pacing.lastWaitMicros / 1e6;

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : Number.NaN);

/** @returns microseconds; infinite where the percentile has no number; null without any operation */
function percentileOf(
  operations: readonly OperationName[],
  { record, latencies }: TrialEvidence,
  percentile: number,
): number | null {
  const all = new Latencies();
  for (const each of operations) {
    const histogram = latencies.get(each);
    if (histogram) all.addAnswered(histogram);
  }
  all.addUnanswered(unansweredOf(record, operations));
  const found = all.at(percentile);
  return found === null ? null : inOrder(found);
}
