/**
 * Limits past which a trial is invalid. The environment may move them for trials of the tool itself, on machines that are
 * not fit for measuring; a run that used one says so in its report.
 */
import { type Reason, reasonOf } from '../record/reasons.ts';
import { validityLimits } from '../record/validity-limits.ts';

export type TrialLimits = Readonly<Record<keyof typeof validityLimits, number>>;

export interface ChosenLimits extends TrialLimits {
  /** `tolerated`: nobody waits for a quiet machine either, and nothing is measured again. */
  readonly noise: 'judged' | 'tolerated';
  /** What a reader must know of limits that were moved. */
  readonly moved: readonly Reason[];
}

export const usualLimits: ChosenLimits = { ...validityLimits, noise: 'judged', moved: [] };

export type LimitsReading =
  | { readonly status: 'ok'; readonly value: ChosenLimits }
  /** Every mistake, with what to write instead. */
  | { readonly status: 'mistakes'; readonly mistakes: readonly string[] };

const BUDGET = 'SESSION_BENCH_GENERATOR_BUDGET';
const NOISE = 'SESSION_BENCH_NOISE';
const TOLERATE = 'tolerate';

/** @param variables the environment of the command; a variable that is empty is as one that is not set */
export function readLimits(variables: Readonly<Record<string, string | undefined>>): LimitsReading {
  const [budget = '', noise = ''] = [variables[BUDGET], variables[NOISE]];
  const mistakes = [
    budget !== '' &&
      !(Number(budget) > 0 && Number(budget) <= 1) &&
      `${BUDGET} is "${budget}"; give a share above 0 and up to 1, or leave it out for ${usualLimits.generatorCpuShare}`,
    noise !== '' &&
      noise !== TOLERATE &&
      `${NOISE} is "${noise}"; "${TOLERATE}" holds the machine's noise against no trial, or leave it out`,
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0) return { status: 'mistakes', mistakes };
  const withBudget = budget === '' ? usualLimits : allowingGenerator(usualLimits, Number(budget));
  return { status: 'ok', value: noise === '' ? withBudget : toleratingNoise(withBudget) };
}

/** @param share of its core's time, 0 to 1, that the generator may use */
function allowingGenerator(limits: ChosenLimits, share: number): ChosenLimits {
  const usual = usualLimits.generatorCpuShare * 100;
  const message = `${BUDGET} allowed the generator ${share * 100} % of its core instead of ${usual} %.`;
  return {
    ...limits,
    generatorCpuShare: share,
    moved: [...limits.moved, reasonOf('generator-budget', message)],
  };
}

/** Every number is worthless then, and only the way to it shows. */
function toleratingNoise(limits: ChosenLimits): ChosenLimits {
  const message = `${NOISE}=${TOLERATE}: nobody waited for a quiet machine, and no trial was left out for what else went on on it (but pairs in which the machine stood still), so no number here can be relied on.`;
  return {
    ...limits,
    noise: 'tolerated',
    stealShare: 1,
    foreignShare: 1,
    lagP99Micros: Number.POSITIVE_INFINITY,
    moved: [...limits.moved, reasonOf('noise-tolerated', message)],
  };
}
