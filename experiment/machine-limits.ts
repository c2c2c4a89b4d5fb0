/**
 * Two limits of validity that the environment may move. Both are meant for trials of the tool itself, on machines that are
 * not fit for measuring; a run that used one says so in its report.
 */
import type { Reason } from '../record/reasons.ts';
import { validityLimits } from '../record/validity-limits.ts';

const DEFAULT_BUDGET = validityLimits.generatorCpuShare;
const budgetName = 'SESSION_BENCH_GENERATOR_BUDGET';
const noiseName = 'SESSION_BENCH_NOISE';
const TOLERATE = 'tolerate';

type Environment = Readonly<Record<string, string | undefined>>;

/** Every mistake in the two variables, with what to write instead. */
export function machineLimitMistakes(env: Environment = process.env): readonly string[] {
  const budget = env[budgetName] || String(DEFAULT_BUDGET);
  const noise = env[noiseName] || TOLERATE;
  return [
    !(Number(budget) > 0 && Number(budget) <= 1) &&
      `${budgetName} is "${budget}"; give a share above 0 and up to 1, or leave it out for ${DEFAULT_BUDGET}`,
    noise !== TOLERATE &&
      `${noiseName} is "${noise}"; "${TOLERATE}" holds the machine's noise against no trial, or leave it out`,
  ].filter((mistake) => mistake !== false);
}

/** Share of its core's time, 0 to 1, that the generator may use. */
export const generatorBudget = (env: Environment = process.env): number =>
  env[budgetName] && machineLimitMistakes(env).length === 0 ? Number(env[budgetName]) : DEFAULT_BUDGET;

/** Whether the machine's noise is held against no trial: then every number is worthless, and only the way to it shows. */
export const noiseIsTolerated = (env: Environment = process.env): boolean => env[noiseName] === TOLERATE;

/** What a reader must know of limits that were moved. */
export function movedLimits(env: Environment = process.env): Reason[] {
  const moved: Reason[] = [];
  if (env[budgetName])
    moved.push({
      code: 'generator-budget',
      message: `${budgetName} allowed the generator ${generatorBudget(env) * 100} % of its core instead of ${DEFAULT_BUDGET * 100} %.`,
      remedy: 'Leave it out to see what the generator can do.',
    });
  if (noiseIsTolerated(env))
    moved.push({
      code: 'noise-tolerated',
      message: `${noiseName}=${TOLERATE}: no trial was left out for what else went on on this machine, so no number here can be relied on.`,
      remedy: 'Leave it out to measure.',
    });
  return moved;
}
