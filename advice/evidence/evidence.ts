/** All that the advice knows of measurements: plain data, made of stored runs by from-runs.ts. */
import type { OperationName, Violations } from '../../record/common.ts';
import type { FootprintSeries } from '../../record/footprint.ts';
import type { Latency } from '../../record/latency.ts';
import type { OnPaper } from '../../record/on-paper.ts';
import type { CapacityAnswer, PromiseRecord } from '../../record/search.ts';
import type { SecurityCheckId } from '../../record/security-checks.ts';
import type { CheckOutcome } from '../../record/verification.ts';
import type { Workload } from '../../record/workload.ts';
import type { FailureEvent, Loss } from '../wishes/losses.ts';

export interface Measured<Value> {
  readonly kind: 'measured';
  readonly value: Value;
  /** Id of the run. */
  readonly run: string;
}

export interface Missing {
  readonly kind: 'missing';
  /** What is not known; to stand in a sentence, without full stop. */
  readonly what: string;
  /** The command that would measure it. */
  readonly command: string;
}

/** A part of the evidence is measured, or missing with what would add it. */
export type Part<Value> = Measured<Value> | Missing;

export interface Evidence {
  readonly runs: readonly EvidenceRun[];
  readonly machine: Machine;
  /** Of the trials at a rate. */
  readonly workload: Pick<Workload, 'title' | 'mix' | 'payloadBytes' | 'source'>;
  readonly strategies: readonly StrategyEvidence[];
}

export interface EvidenceRun {
  readonly id: string;
  /** Of its design: `blocks`, `search`. */
  readonly kind: string;
  readonly preset: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

export interface Machine {
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly virtualization: string;
  readonly runtime: string;
  /** Whether tiers shared cores. */
  readonly shared: boolean;
}

export interface StrategyEvidence {
  readonly name: string;
  readonly title: string;
  /** Null where no run has it. */
  readonly onPaper: OnPaper | null;
  readonly load: Part<LoadEvidence>;
  /** CPU times by other runs that saw it answer, the newest first. */
  readonly alsoSeen: readonly SeenCpu[];
  /** Percentiles by other runs that saw it answer, the newest first; by that of `load` too where it is a search. */
  readonly latencies: readonly SeenLatencies[];
  /** The highest rate that it kept up with in any run, of those at a rate and those that searched; null where none saw it. */
  readonly highest: TestedRate | null;
  /** Runs that offered more than it could keep up with, the newest first. */
  readonly behind: readonly Behind[];
  /** The newest search for each promise, the newest first. */
  readonly capacity: Part<readonly CapacityEvidence[]>;
  /** Of each size of session the series that reaches furthest. */
  readonly footprint: Part<readonly FootprintEvidence[]>;
  /** The newest result of each fault. */
  readonly survival: Part<readonly SurvivalEvidence[]>;
  /** Of the newest verification. */
  readonly security: Part<readonly SecurityEvidence[]>;
}

/** Valid trials at one rate. */
export type LoadEvidence = LoadNumbers | LoadFailure;

export interface LoadFailure {
  readonly status: 'failed';
  /** Why; without full stop. */
  readonly why: string;
}

/** CPU time per request with a right answer, in microseconds; of the store null where there is none. */
export interface TierCpu {
  readonly balancer: number;
  readonly app: number;
  readonly store: number | null;
}

/** What a run saw of a strategy that answered. */
export interface SeenCpu {
  readonly run: string;
  /** Operations per second that were offered, all apps together; those that were answered where it could not keep up. */
  readonly rate: number;
  readonly cpuMicros: TierCpu;
  /** Share by which another run of the same kind may find other times, more or less. */
  readonly cpuNoise: number;
}

export interface LoadNumbers extends Omit<SeenCpu, 'run'> {
  readonly status: 'answered';
  readonly sessions: number;
  readonly payloadBytes: number;
  /** App processes. */
  readonly apps: number;
  /** Of all processes of the tier together; null where it could not be read, or there is none. */
  readonly memoryBytes: { readonly app: number | null; readonly store: number | null };
  readonly operations: Readonly<Partial<Record<OperationName, OperationEvidence>>>;
  /** Wrong answers; null where they are not known. */
  readonly violations: Violations | null;
}

export interface SeenLatencies {
  readonly run: string;
  /** Operations per second that were offered: what is late, is late at that rate. */
  readonly rate: number;
  /**
   * Of a search the rate that it found to be kept, and up to which they speak, since the trials that broke its promise are left out of
   * them; null of a run at one rate.
   */
  readonly keptTo: number | null;
  readonly operations: LoadNumbers['operations'];
}

/** A run that offered more than the strategy could keep up with: evidence for what was answered, and for no more. */
export interface Behind {
  readonly run: string;
  /** Operations per second. */
  readonly offered: number;
  readonly answered: number;
}

/** Percentiles in milliseconds from the intended start. */
export interface OperationEvidence {
  readonly count: number;
  readonly unanswered: number;
  readonly p50Ms: Latency;
  readonly p90Ms: Latency;
  readonly p99Ms: Latency;
  readonly p999Ms: Latency;
  readonly maxMs: Latency;
}

export interface CapacityEvidence {
  /** Id of the run; so in those below. */
  readonly run: string;
  readonly promise: PromiseRecord;
  readonly answer: Pick<CapacityAnswer, 'limit' | 'low' | 'high'>;
}

/** Bytes by sessions, a line that was fitted: fixed + per session. Of all servers of the tier together. */
export interface FootprintEvidence {
  readonly run: string;
  /** App processes of the run. */
  readonly apps: number;
  /** What `store…` is of. */
  readonly keptIn: FootprintSeries['keptIn'];
  readonly payloadBytes: number;
  readonly storeFixedBytes: number;
  readonly storeBytesPerSession: number;
  /** Null where it could not be weighed: apps that keep no session hardly differ by them. */
  readonly appFixedBytes: number | null;
  readonly appBytesPerSession: number | null;
  /** Sessions. */
  readonly testedFrom: number;
  readonly testedTo: number;
  /** Of the largest size, predicted before it was measured, as a share; null where none was held out. */
  readonly heldOutError: number | null;
  /** That size over the next smaller one; null where there is none. */
  readonly heldOutTimes: number | null;
}

export interface SurvivalEvidence {
  readonly run: string;
  /** As the run named it. */
  readonly fault: string;
  readonly event: FailureEvent;
  /** Null where it is not known. */
  readonly loses: Loss | null;
  /** What was seen; to stand in a sentence, without full stop. */
  readonly seen: string;
}

/** What came of a check of `npm run verify`. */
export interface SecurityEvidence {
  readonly run: string;
  readonly check: SecurityCheckId;
  /** For people. */
  readonly title: string;
  readonly outcome: CheckOutcome;
  readonly detail: string;
}

export interface TestedRate {
  /** Requests per second, all servers together. */
  readonly rate: number;
  readonly run: string;
}

/** How far a strategy was tested. */
export interface TestedRates {
  /** The highest rate that it kept up with; what was measured carries beyond it. */
  readonly kept: TestedRate | null;
  /** The most that it answered when it could not keep up: that much it carries, and nothing is known beyond. */
  readonly most: TestedRate | null;
}

/** What tells how far rates carry. */
export type Rated = Pick<StrategyEvidence, 'load' | 'highest' | 'capacity' | 'behind'>;

export function testedRates({ load, highest, capacity, behind }: Rated): TestedRates {
  const isBehind = (run: string): boolean => behind.some((each) => each.run === run);
  return {
    kept: highestOf([
      ...(load.kind === 'measured' && load.value.status === 'answered' && !isBehind(load.run)
        ? [{ rate: load.value.rate, run: load.run }]
        : []),
      ...(highest === null ? [] : [highest]),
      ...(capacity.kind === 'measured' ? capacity.value : []).flatMap(({ answer, run }) =>
        answer.low === null ? [] : [{ rate: answer.low, run }],
      ),
    ]),
    most: highestOf(behind.map(({ answered, run }) => ({ rate: answered, run }))),
  };
}

export const highestOf = (rates: readonly TestedRate[]): TestedRate | null =>
  rates.toSorted((a, b) => b.rate - a.rate)[0] ?? null;

/** Of all tiers together, in microseconds. */
export const togetherOf = ({ balancer, app, store }: TierCpu): number => balancer + app + (store ?? 0);

/** CPU times by every run that saw it answer, first that which servers are counted by. */
export function cpuSeen({ load, alsoSeen }: Pick<StrategyEvidence, 'load' | 'alsoSeen'>): readonly SeenCpu[] {
  if (load.kind === 'missing' || load.value.status === 'failed') return [];
  const { rate, cpuMicros, cpuNoise } = load.value;
  return [{ run: load.run, rate, cpuMicros, cpuNoise }, ...alsoSeen];
}
