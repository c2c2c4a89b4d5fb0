/** What a cost may come to, and which options what was measured does not tell apart by it. */
import { costOf } from './costs/costs.ts';
import { cpuSeen, type SeenCpu, type StrategyEvidence, type TierCpu } from './evidence/evidence.ts';
import { chosenOf, type Option, optionsFor, type Question } from './options.ts';
import { sizingOf } from './sizing/sizing.ts';

/** A month, in the currency of the price book. An end is null where its servers could not be had, or no number reaches so far. */
export interface CostRange {
  readonly least: number | null;
  readonly most: number | null;
}

export interface RangedOption extends Option {
  /** Null where it could not be priced. */
  readonly costRange: CostRange | null;
}

/**
 * Times the CPU time that was measured that a request may take of a vCPU which is paid for, at the most; at the least one over that.
 * Machines of one kind were seen to differ so on one day, for what else ran on their hosts, all strategies alike:
 * docs/measurements/2026-11-27-runs-differ.md.
 */
export const mostWork = 1.4;

/** Rates of two strategies that are as good as one, as a factor. */
const sameRate = 1.1;

const lessThanACent = 0.005;

/** From -1, the least, to 1, the most. */
interface Doubt {
  /** What a vCPU does: of all strategies alike. */
  readonly work: number;
  /** What another run like it would find: of each for itself. */
  readonly shift: number;
}

const degrees = (count: number, step: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (index * step * Math.PI) / 180);

/** Independent doubts add in squares: together they go no further than one alone, so that they lie on a circle. */
const ofOne: readonly Doubt[] = degrees(12, 30).map((angle) => ({
  work: Math.sin(angle),
  shift: Math.cos(angle),
}));

/** The same for two that are compared: on a sphere, of which the quarter counts that makes the one dearer and the other cheaper. */
interface Latitude {
  readonly work: number;
  /** How far the noise of either may go there. */
  readonly radius: number;
}

const latitudes: readonly Latitude[] = [-90, -60, -30, 0, 30, 60, 90].map((height) => ({
  work: Math.sin((height * Math.PI) / 180),
  radius: Math.cos((height * Math.PI) / 180),
}));

const angles = degrees(7, 15);

export const withRange = (question: Question, option: Option): RangedOption => ({
  ...option,
  costRange: rangeOf(question, option),
});

/** By what every run saw, at whatever rate. */
function rangeOf(question: Question, option: Option): CostRange | null {
  const { cost, candidate } = option;
  if (cost === null) return null;
  const seen = cpuSeen(candidate.strategy);
  const costs = (direction: 1 | -1): readonly (number | null)[] =>
    seen.flatMap((each) =>
      ofOne
        .filter(({ work, shift }) => direction * (work + shift) > 0)
        .map((doubt) => costBy(question, option, each, doubt)),
    );
  const [low, high] = [costs(-1), costs(1)];
  return {
    least: low.includes(null) ? null : Math.min(cost.monthly, ...low.filter((each) => each !== null)),
    most: high.includes(null) ? null : Math.max(cost.monthly, ...high.filter((each) => each !== null)),
  };
}

/** Options of which one run at least cannot say that they cost more than `best`, and that stand as well as it does. */
export const levelWith = <Ranged extends Option>(
  question: Question,
  best: Option,
  options: readonly Ranged[],
): readonly Ranged[] =>
  options.filter((option) => option.name !== best.name && isLevel(question, best, option));

/** The choice there and what is level with it; empty where none is sure to do. */
export function choicesFor(question: Question): readonly Option[] {
  const options = optionsFor(question);
  const chosen = chosenOf(options);
  return chosen === null ? [] : [chosen, ...levelWith(question, chosen, options)];
}

/** Whether an option is chosen, or level with what is; of nothing (null), whether nothing is chosen. */
export function isAmongChoices(question: Question, name: string | null): boolean {
  const options = optionsFor(question);
  const chosen = chosenOf(options);
  if (chosen === null || name === null) return chosen === name;
  const asked = options.find((option) => option.name === name);
  return asked !== undefined && (asked === chosen || isLevel(question, chosen, asked));
}

/** Each run is asked for itself: where all strategies take less time at a higher rate, that is no doubt about their order. */
function isLevel(question: Question, best: Option, option: Option): boolean {
  if (option.status !== best.status || option.cost === null || best.cost === null) return false;
  return runsSeeing(best.candidate.strategy, option.candidate.strategy).some((seen) =>
    mayCostNoMore(question, [best, option], seen),
  );
}

type Two<Value> = readonly [best: Value, other: Value];

function mayCostNoMore(
  question: Question,
  [best, other]: Two<Option>,
  [ofBest, ofOther]: Two<SeenCpu>,
): boolean {
  /** Null where one of them cannot be had: then there is nothing to compare. */
  const isNoMore = (work: number, dearer: number, cheaper: number): boolean | null => {
    const most = costBy(question, best, ofBest, { work, shift: dearer });
    const least = costBy(question, other, ofOther, { work, shift: -cheaper });
    return most === null || least === null ? null : least < most + lessThanACent;
  };
  return latitudes.some(
    ({ work, radius }) =>
      // Further than the circle goes: what does not do there does nowhere on it.
      isNoMore(work, radius, radius) !== false &&
      angles.some((angle) => isNoMore(work, radius * Math.sin(angle), radius * Math.cos(angle)) === true),
  );
}

/** One way to run each strategy. @param options the best first */
export const cheapestOfEach = <Each extends Option>(options: readonly Each[]): readonly Each[] =>
  options.filter(({ candidate }, at) => {
    const { name } = candidate.strategy;
    return options.findIndex((each) => each.candidate.strategy.name === name) === at;
  });

/** What the runs that saw both at one rate saw of them; where none did, the run of each that its servers are counted by. */
function runsSeeing(one: StrategyEvidence, other: StrategyEvidence): readonly Two<SeenCpu>[] {
  const others = cpuSeen(other);
  const together = cpuSeen(one).flatMap((seen) => {
    const same = others.find(({ run, rate }) => run === seen.run && isSameRate(rate, seen.rate));
    return same === undefined ? [] : [[seen, same] as const];
  });
  if (together.length > 0) return together;
  const [[first], [second]] = [cpuSeen(one), others];
  return first === undefined || second === undefined ? [] : [[first, second]];
}

const isSameRate = (one: number, other: number): boolean => Math.max(one / other, other / one) <= sameRate;

/** Per month by the CPU times of a run; null where it cannot be sized by them. */
function costBy(question: Question, option: Option, seen: SeenCpu, { work, shift }: Doubt): number | null {
  const { wishes, prices, evidence } = question;
  const cpuMicros = times(seen.cpuMicros, mostWork ** work * (1 + shift * seen.cpuNoise));
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
