/** Which options the noise of CPU times does not tell apart by their costs. */
import { costOf } from './costs/costs.ts';
import { cpuSeen, type SeenCpu, type StrategyEvidence, type TierCpu } from './evidence/evidence.ts';
import type { Option, Question } from './options.ts';
import { sizingOf } from './sizing/sizing.ts';

/** A month, in the currency of the price book: by what any run saw, its noise, and what a vCPU may do. */
export interface CostRange {
  readonly least: number;
  /** Null where its servers could not be had, or are beyond what was tested, were CPU times as long as they may be. */
  readonly most: number | null;
}

export interface RangedOption extends Option {
  /** Null where it could not be priced. */
  readonly costRange: CostRange | null;
}

export const withRange = (question: Question, option: Option): RangedOption => ({
  ...option,
  costRange: rangeOf(question, option),
});

function rangeOf(question: Question, option: Option): CostRange | null {
  const { cost, candidate } = option;
  if (cost === null) return null;
  const seen = cpuSeen(candidate.strategy);
  const [slowest, fastest] = [Math.max(...works), Math.min(...works)];
  const most = seen.map((each) => costBy(question, option, each, { shift: 1, work: slowest }));
  const least = seen.map((each) => costBy(question, option, each, { shift: -1, work: fastest }));
  return {
    least: Math.min(cost.monthly, ...least.map((each) => each ?? cost.monthly)),
    most: most.includes(null) ? null : Math.max(cost.monthly, ...most.map((each) => each ?? 0)),
  };
}

/**
 * Options of other strategies that stand as well as `best` does, and of which one run at least cannot say that they cost more. Each
 * run is asked for itself: where all strategies take less time at a higher rate, that is no doubt about their order.
 * @param options `best` among them
 */
export function levelWith(
  question: Question,
  best: RangedOption,
  options: readonly RangedOption[],
): readonly RangedOption[] {
  const most = best.costRange?.most ?? Number.POSITIVE_INFINITY;
  return options.filter(
    (option) =>
      option.candidate.strategy.name !== best.candidate.strategy.name &&
      option.status === best.status &&
      (option.costRange?.least ?? Number.POSITIVE_INFINITY) < most + lessThanACent &&
      runsSeeing(best.candidate.strategy, option.candidate.strategy).some((seen) =>
        works.some((work) =>
          shiftsTogether.some((shifts) => mayCostNoMore(question, [best, option], seen, work, shifts)),
        ),
      ),
  );
}

/**
 * Times the CPU time that was measured, what a request may take of a vCPU that is paid for; for all strategies alike. Machines of one kind were
 * seen to differ by the outer ones on one day, for what else ran on their hosts: docs/measurements/2026-11-27-runs-differ.md.
 */
const works = [1 / 1.4, 1 / Math.sqrt(1.4), 1, Math.sqrt(1.4), 1.4] as const;

/**
 * How far two noises go together, as shares of each: those of independent things add in squares, so that it is a quarter of a circle,
 * of which this takes a point every 15 degrees.
 */
const shiftsTogether = [0, 15, 30, 45, 60, 75, 90].map((degrees) => {
  const angle = (degrees / 180) * Math.PI;
  return [Math.sin(angle), -Math.cos(angle)] as const;
});

type Two<Value> = readonly [best: Value, other: Value];

function mayCostNoMore(
  question: Question,
  options: Two<RangedOption>,
  seen: Two<SeenCpu>,
  work: number,
  shifts: Two<number>,
): boolean {
  const costOf = (at: 0 | 1): number | null =>
    costBy(question, options[at], seen[at], { shift: shifts[at], work }) ?? options[at].cost?.monthly ?? null;
  const [best, other] = [costOf(0), costOf(1)];
  return other !== null && best !== null && other < best + lessThanACent;
}

const lessThanACent = 0.005;

/** One way to run each strategy. @param options the best first */
export const cheapestOfEach = (options: readonly RangedOption[]): readonly RangedOption[] =>
  options.filter(({ candidate }, at) => {
    const { name } = candidate.strategy;
    return options.findIndex((each) => each.candidate.strategy.name === name) === at;
  });

/** What the runs that saw both of them saw; where none did, the run of each. */
function runsSeeing(one: StrategyEvidence, other: StrategyEvidence): readonly Two<SeenCpu>[] {
  const others = cpuSeen(other);
  const together = cpuSeen(one).flatMap((seen) => {
    const same = others.find(({ run }) => run === seen.run);
    return same === undefined ? [] : [[seen, same] as const];
  });
  if (together.length > 0) return together;
  const [[first], [second]] = [cpuSeen(one), others];
  return first === undefined || second === undefined ? [] : [[first, second]];
}

interface Doubt {
  /** -1, as short as another run like it may find them, to 1, as long. */
  readonly shift: number;
  /** Times the CPU time of the machine that was measured. */
  readonly work: number;
}

/** Per month by the CPU times of a run; null where it cannot be sized by them. */
function costBy(question: Question, option: Option, seen: SeenCpu, { shift, work }: Doubt): number | null {
  const { wishes, prices, evidence } = question;
  const cpuMicros = times(seen.cpuMicros, work * (1 + shift * seen.cpuNoise));
  const candidate = { ...option.candidate, strategy: withCpu(option.candidate.strategy, cpuMicros) };
  const sizing = sizingOf(candidate, wishes, prices);
  return sizing.kind === 'sized'
    ? costOf({ candidate, sizing, wishes, prices, mix: evidence.workload.mix }).monthly
    : null;
}

const times = ({ balancer, app, store }: TierCpu, factor: number): TierCpu => ({
  balancer: balancer * factor,
  app: app * factor,
  store: store === null ? null : store * factor,
});

function withCpu(strategy: StrategyEvidence, cpuMicros: TierCpu): StrategyEvidence {
  const { load } = strategy;
  if (load.kind === 'missing' || load.value.status === 'failed') return strategy;
  return { ...strategy, load: { ...load, value: { ...load.value, cpuMicros } } };
}
