/** Judges one trial: is the generator, the host or a dead server behind the numbers instead of the strategy? */
import type { UnexpectedExit } from '../infra/runtimes/runtime.ts';
import type { EngineResult } from '../record/engine.ts';
import type { Reason } from '../record/reasons.ts';
import type { TrialRecord } from '../record/trial.ts';
import { validityLimits } from '../record/validity-limits.ts';
import { generatorBudget, noiseIsTolerated } from './machine-limits.ts';

/** As reports show them, unless the environment moves them. */
export const limits = noiseIsTolerated()
  ? {
      ...validityLimits,
      generatorCpuShare: generatorBudget(),
      stealShare: 1,
      foreignShare: 1,
      lagP99Micros: Number.POSITIVE_INFINITY,
    }
  : { ...validityLimits, generatorCpuShare: generatorBudget() };

export interface Evidence {
  readonly engine: EngineResult | null;
  readonly generatorFailure: string | null;
  readonly exits: readonly UnexpectedExit[];
  readonly requests: TrialRecord['requests'];
  readonly generatorCpuShare: number;
  readonly stealShare: number | null;
  readonly foreignShare: number | null;
  readonly interrupted: boolean;
  /**
   * True where the trial was told when to give up operations that wait for a connection: what it dropped then is an
   * overload of the target, and a result.
   */
  readonly overtimeIsBounded?: boolean;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function exitReasons(exits: readonly UnexpectedExit[]): Reason[] {
  return exits.map((exit) => ({
    code: 'server-died',
    message: `${exit.service} (${exit.tier}) ended during the trial: ${exit.cause}. Last log lines: ${exit.lastLogLines.slice(-5).join(' | ') || 'none'}`,
    remedy: `Read the trial's logs/ folder for ${exit.service}; the run went on with a fresh deployment.`,
  }));
}

function generatorReasons(evidence: Evidence): Reason[] {
  const { engine } = evidence;
  if (!engine || engine.status === 'failed' || engine.status === 'running') {
    return [
      {
        code: 'generator-failed',
        message: `k6 gave no complete result: ${evidence.generatorFailure ?? engine?.failure ?? 'it ended early'}`,
        remedy: "Read logs/k6.log in the trial's folder.",
      },
    ];
  }
  const reasons: Reason[] = [];
  const { arrivals, dropped, lagP99Micros } = engine.pacing;
  if (dropped > 0 && !evidence.overtimeIsBounded) {
    reasons.push({
      code: 'generator-dropped',
      message: `the generator dropped ${dropped} of ${arrivals} arrivals`,
      remedy: 'Give a lower --rate.',
    });
  }
  if (evidence.generatorCpuShare > limits.generatorCpuShare) {
    reasons.push({
      code: 'generator-cpu',
      message: `the generator used ${percent(evidence.generatorCpuShare)} of its CPU budget (limit ${percent(limits.generatorCpuShare)})`,
      remedy: 'Give a lower --rate, or use a machine with more cores.',
    });
  }
  if (lagP99Micros > limits.lagP99Micros) {
    reasons.push({
      code: 'generator-late',
      message: `the generator sent 1 % of the operations more than ${(lagP99Micros / 1000).toFixed(1)} ms late for reasons of its own`,
      remedy: 'Give a lower --rate, or keep other work off this machine while measuring.',
    });
  }
  return reasons;
}

function hostReasons({ stealShare, foreignShare }: Evidence): Reason[] {
  const reasons: Reason[] = [];
  if (stealShare !== null && stealShare > limits.stealShare) {
    reasons.push({
      code: 'host-steal',
      message: `the hypervisor gave ${percent(stealShare)} of the CPU time to others (limit ${percent(limits.stealShare)})`,
      remedy: 'Measure when the host is calmer, or on a machine of your own.',
    });
  }
  if (foreignShare !== null && foreignShare > limits.foreignShare) {
    reasons.push({
      code: 'host-busy',
      message: `other processes of this machine used ${percent(foreignShare)} of its CPU time (limit ${percent(limits.foreignShare)})`,
      remedy: 'Keep other work off this machine while measuring.',
    });
  }
  return reasons;
}

function countReasons({ requests }: Evidence): Reason[] {
  const apps = requests.apps?.reduce((sum, each) => sum + each, 0) ?? null;
  if (requests.balancer === null || apps === null) {
    return [
      {
        code: 'counts-unknown',
        message: "the balancer's or the apps' own count of requests could not be read",
        remedy: "Read the trial's logs/ folder.",
      },
    ];
  }
  if (requests.generator === requests.balancer && requests.balancer === apps) return [];
  return [
    {
      code: 'counts-differ',
      message: `three counts of the same requests differ: generator ${requests.generator}, balancer ${requests.balancer}, apps ${apps}`,
      remedy:
        'Look for time-outs and connection errors in this trial; something else may have sent requests too.',
    },
  ];
}

/** Every reason for which the trial must not be compared; empty when it is valid. */
export function invalidReasons(evidence: Evidence): Reason[] {
  const interrupted: Reason[] = evidence.interrupted
    ? [{ code: 'interrupted', message: 'the run was interrupted during this trial', remedy: 'Run it again.' }]
    : [];
  const complete = evidence.engine !== null && evidence.engine.status === 'finished';
  return [
    ...interrupted,
    ...exitReasons(evidence.exits),
    ...(evidence.interrupted ? [] : generatorReasons(evidence)),
    ...hostReasons(evidence),
    ...(complete && evidence.exits.length === 0 ? countReasons(evidence) : []),
  ];
}

const disturbances: ReadonlySet<string> = new Set([
  'generator-late',
  'generator-cpu',
  'generator-dropped',
  'host-steal',
  'host-busy',
]);

/**
 * True when nothing but the machine made a trial invalid. Such a trial is kept, shown, and measured once more at the
 * end of its block; the reasons say nothing of the strategy's numbers, so repeating it does not choose among them.
 */
export function wasDisturbed(record: Pick<TrialRecord, 'status' | 'reasons'>): boolean {
  return record.status === 'invalid' && record.reasons.every(({ code }) => disturbances.has(code));
}

/** What a reader should know of a trial that counts all the same. */
export function warnings(record: Pick<TrialRecord, 'offeredRate' | 'achievedRate' | 'pacing'>): Reason[] {
  const found: Reason[] = [];
  if (record.achievedRate < record.offeredRate * limits.achievedShare) {
    found.push({
      code: 'overloaded',
      message: `only ${record.achievedRate.toFixed(0)} of ${record.offeredRate.toFixed(0)} requests/s were answered in time: the strategy was past its capacity`,
      remedy: 'Its latency is that of a growing queue. Compare at a lower --rate.',
    });
  }
  if (record.pacing.waited > record.pacing.arrivals * 0.01) {
    found.push({
      code: 'connections-busy',
      message: `${percent(record.pacing.waited / Math.max(1, record.pacing.arrivals))} of the operations waited for a free connection; their wait is part of their latency`,
      remedy: 'This is what a stall looks like from outside; compare at a lower --rate to see it without.',
    });
  }
  return found;
}
