/** Judges one trial: is the generator, the host or a dead server behind the numbers instead of the strategy? */
import type { UnexpectedExit } from '../infra/runtimes/runtime.ts';
import { sumOf } from '../record/common.ts';
import { countedOperations, type EngineResult } from '../record/engine.ts';
import { failureIn } from '../record/failure.ts';
import { withLog } from '../record/log-lines.ts';
import { loudWords } from '../record/noise.ts';
import { type Reason, reasonOf } from '../record/reasons.ts';
import { countsAgree, countsInWords, givenUp, requestCountsOf } from '../record/request-counts.ts';
import type { TrialRecord } from '../record/trial.ts';
import { isOverloaded } from './achieved.ts';
import type { TrialLimits } from './limits.ts';

export interface Evidence
  extends Pick<TrialRecord, 'operations' | 'requests' | 'pacing' | 'stealShare' | 'foreignShare' | 'noise'> {
  readonly engine: Pick<EngineResult, 'status' | 'failure' | 'phases'> | null;
  /** The step before the load that failed, and how; null where all were done. */
  readonly notReady: string | null;
  readonly generatorFailure: string | null;
  readonly exits: readonly UnexpectedExit[];
  readonly interrupted: boolean;
  /**
   * True where the trial was told when to give up operations that wait for a connection: what it dropped then is an
   * overload of the target, and a result.
   */
  readonly overtimeIsBounded: boolean;
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Signals that programs do not send themselves: a crash, or a limit that was reached, ends a program by others. */
const fromOutside: ReadonlySet<string> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);

export function exitReason({ service, tier, cause, lastLogLines }: UnexpectedExit): Reason {
  const message = withLog(`${service} (${tier}) ended during the trial: ${cause}`, lastLogLines);
  if (fromOutside.has(cause)) return reasonOf('server-killed', message);
  const remedy = `Read the trial's logs/ folder for ${service}; the run went on with a fresh deployment.`;
  return reasonOf('server-died', message, remedy);
}

type OfGenerator = Pick<
  Evidence,
  'engine' | 'notReady' | 'generatorFailure' | 'pacing' | 'overtimeIsBounded'
>;

export function generatorReasons(evidence: OfGenerator, limits: TrialLimits): Reason[] {
  const { engine, pacing } = evidence;
  if (evidence.notReady !== null) return [reasonOf('not-ready', evidence.notReady)];
  if (engine && populationFailed(engine))
    return [reasonOf('logins-failed', engine.failure ?? 'the population could not log in')];
  if (!engine || engine.status === 'failed' || engine.status === 'running') {
    const why = evidence.generatorFailure ?? engine?.failure ?? 'it ended early';
    return [reasonOf('generator-failed', `k6 gave no complete result: ${why}`)];
  }
  const reasons: Reason[] = [];
  const { arrivals, dropped, waited, lagP99Micros, generatorCpuShare } = pacing;
  // What waited for a connection until it was given up is the target's doing: an overload, and a result.
  if (dropped > 0 && waited === 0 && !evidence.overtimeIsBounded)
    reasons.push(reasonOf('generator-dropped', `the generator dropped ${dropped} of ${arrivals} arrivals`));
  if (generatorCpuShare > limits.generatorCpuShare)
    reasons.push(
      reasonOf(
        'generator-cpu',
        `the generator used ${percent(generatorCpuShare)} of its CPU budget (limit ${percent(limits.generatorCpuShare)})`,
      ),
    );
  if (lagP99Micros > limits.lagP99Micros)
    reasons.push(
      reasonOf(
        'generator-late',
        `the generator sent 1 % of the operations more than ${(lagP99Micros / 1000).toFixed(1)} ms late for reasons of its own`,
      ),
    );
  return reasons;
}

/** The engine gave up while it logged the population in, since logins failed: that is the strategy's doing. */
export function populationFailed({ status, phases }: Pick<EngineResult, 'status' | 'phases'>): boolean {
  const { seed, warmup, measure } = phases;
  const { errors = {}, violations = {} } = seed.operations.login ?? {};
  const failed = sumOf(errors) + sumOf(violations);
  return status === 'failed' && failed > 0 && warmup.requests + measure.requests === 0;
}

function hostReasons({ stealShare, foreignShare, noise }: Evidence, limits: TrialLimits): Reason[] {
  const reasons: Reason[] = [];
  if (stealShare !== null && stealShare > limits.stealShare)
    reasons.push(
      reasonOf(
        'host-steal',
        `the hypervisor gave ${percent(stealShare)} of the CPU time to others (limit ${percent(limits.stealShare)})`,
      ),
    );
  if (foreignShare !== null && foreignShare > limits.foreignShare)
    reasons.push(
      reasonOf(
        'host-busy',
        `other processes of this machine used ${percent(foreignShare)} of its CPU time (limit ${percent(limits.foreignShare)})${named(noise)}`,
      ),
    );
  return reasons;
}

/** Those that are known. */
function named(noise: Evidence['noise']): string {
  const loud = (noise?.loud ?? []).filter(({ kind }) => kind !== 'hypervisor');
  return loud.length === 0 ? '' : `: ${loudWords(loud)}`;
}

/** What failed on its way may be in one count and not in another: that is the strategy's doing, and stays in its numbers. */
function countReasons({ engine, operations, requests }: Evidence): Reason[] {
  const counts = requestCountsOf(requests);
  if (counts === null) return countsExcused(operations) ? [] : [countsUnknown];
  const counted = engine ? countedOperations(engine) : [];
  if (countsAgree(counts, givenUp(counted.flatMap((each) => Object.values(each))))) return [];
  return [
    reasonOf(
      'counts-differ',
      `three counts of the same requests differ, and no failed request explains it: ${countsInWords(counts)}`,
    ),
  ];
}

const countsUnknown = reasonOf(
  'counts-unknown',
  "the balancer's or the apps' own count of requests could not be read",
);

/** Servers that stall do not tell their counts either. */
const countsExcused = (operations: TrialRecord['operations']): boolean =>
  Object.values(operations).some(({ errors }) => sumOf(errors) > 0);

export const interruptedReason = reasonOf(
  'interrupted',
  'the run was interrupted during this trial',
  'Run it again.',
);

/** Every reason for which the trial must not be compared; empty when it is valid. */
export function invalidReasons(evidence: Evidence, limits: TrialLimits): Reason[] {
  const countsAreComplete = evidence.engine?.status === 'finished' && evidence.exits.length === 0;
  return [
    ...(evidence.interrupted ? [interruptedReason] : []),
    ...evidence.exits.map(exitReason),
    ...(evidence.interrupted ? [] : generatorReasons(evidence, limits)),
    ...hostReasons(evidence, limits),
    ...(countsAreComplete ? countReasons(evidence) : []),
  ];
}

/** What a reader should know of a trial that counts all the same. */
export function warnings(
  {
    offeredRate,
    achievedRate,
    operations,
    pacing,
    requests,
  }: Pick<TrialRecord, 'offeredRate' | 'achievedRate' | 'operations' | 'pacing' | 'requests'>,
  plannedSeconds: number,
): Reason[] {
  const { balancer, apps, byBalancer } = requests;
  const found: Reason[] = [];
  if ((balancer === null || apps === null) && countsExcused(operations)) found.push(countsUnknown);
  if (byBalancer)
    found.push(
      reasonOf(
        'balancer-answered',
        `the balancer answered ${byBalancer} requests itself: it held every app for down, or got no answer`,
      ),
    );
  // Where requests fail and hold their connections, the queue behind them says nothing of a capacity.
  if (failureIn([operations]) === null && isOverloaded(pacing, plannedSeconds)) {
    const { dropped, arrivals, lastWaitMicros } = pacing;
    const queue =
      dropped > 0
        ? `${dropped} of ${arrivals} operations waited for a connection until they were given up`
        : `operations queued for a connection, the last of them for ${((lastWaitMicros ?? 0) / 1e6).toFixed(2)} s`;
    found.push(
      reasonOf(
        'overloaded',
        `${queue}: ${achievedRate.toFixed(0)} of ${offeredRate.toFixed(0)} requests/s were answered, which is past the strategy's capacity`,
        'Its latency is that of a growing queue. Compare at a lower --rate.',
      ),
    );
  }
  if (pacing.waited > pacing.arrivals * 0.01)
    found.push(
      reasonOf(
        'connections-busy',
        `${percent(pacing.waited / Math.max(1, pacing.arrivals))} of the operations waited for a free connection; their wait is part of their latency`,
        'This is what a stall looks like from outside; compare at a lower --rate to see it without.',
      ),
    );
  return found;
}
