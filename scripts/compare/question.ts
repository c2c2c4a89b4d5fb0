/** What is asked, with every mistake in asking it. Nothing is started for this. */

import { repository } from '../../experiment/repository.ts';
import { defaultScenario, type Scenario } from '../../experiment/scenarios.ts';
import { comparisonOf } from '../../experiment/sides/plan.ts';
import { findReference, type Reference } from '../../experiment/sides/reference.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import type { Budget } from '../../reports/gate/budgets.ts';
import { environmentMistakes } from '../cli/alone.ts';
import { findBudgets } from '../cli/budgets-file.ts';
import { outMistake } from '../cli/measuring.ts';
import { findRun } from '../cli/stored-runs.ts';
import type { Against } from './against.ts';
import { type CompareOptions, notMeasuredAgain } from './options.ts';

export type Question =
  | { readonly kind: 'against'; readonly against: Against; readonly origin: string; readonly dryRun: boolean }
  | {
      readonly kind: 'stored';
      readonly folders: readonly [string, string?];
      readonly budgets: readonly Budget[];
      readonly only: readonly string[] | null;
      /** Null: the later run's folder. */
      readonly out: string | null;
    };

export type FoundQuestion =
  | { readonly status: 'found'; readonly question: Question }
  | { readonly status: 'mistakes'; readonly mistakes: readonly string[] };

type Options = Partial<CompareOptions>;

interface Known {
  readonly strategies: readonly Strategy[];
  readonly scenarios: readonly Scenario[];
}

/** What one part of the question came to; null where a mistake was told. */
type Part<Value> = Value | null;

/** @param options what was typed well; the rest is told of already */
export async function questionOf(
  options: Options,
  operands: readonly string[],
  known: Known,
): Promise<FoundQuestion> {
  const mistakes: string[] = [];
  const found = await findBudgets(options.config, repository);
  if (found.status === 'mistakes') mistakes.push(...found.mistakes);
  mistakes.push(...(await generalMistakes(options, operands)));
  const question =
    options.against === undefined
      ? await storedQuestion(options, operands, mistakes)
      : await measuringQuestion(options.against, options, known, mistakes);
  if (mistakes.length > 0 || question === null || found.status === 'mistakes')
    return { status: 'mistakes', mistakes };
  return { status: 'found', question: question(found) };
}

async function generalMistakes(
  { against, out, dryRun }: Options,
  operands: readonly string[],
): Promise<string[]> {
  const mistakes: string[] = [];
  const named = operands.map((each) => `"${each}"`).join(' and ');
  if (against !== undefined && operands.length > 0)
    mistakes.push(`--against measures, and ${named} would be compared as stored: do one or the other`);
  if (against === undefined && operands.length === 0)
    mistakes.push('say what to compare: --against and a git ref, or two stored runs');
  const place = out === undefined || dryRun === true ? null : await outMistake(out);
  return place === null ? mistakes : [...mistakes, place];
}

type WithBudgets = (found: { readonly budgets: readonly Budget[]; readonly origin: string }) => Question;

async function measuringQuestion(
  ref: string,
  options: Options,
  { strategies, scenarios }: Known,
  mistakes: string[],
): Promise<Part<WithBudgets>> {
  mistakes.push(...environmentMistakes());
  const found = await findReference(ref);
  if (found.status === 'mistake') {
    mistakes.push(`--against: ${found.mistake}`);
    return null;
  }
  const { reference } = found;
  const chosen = commonStrategies(reference, options.strategies, strategies, mistakes);
  const scenario = options.scenario ?? scenarios.find(({ workload }) => workload.name === defaultScenario);
  if (!scenario) throw new Error(`there is no scenario ${defaultScenario}`);
  const comparison = comparisonOf({ ...nothingTyped, ...options, scenario }, chosen);
  return ({ budgets, origin }) => ({
    kind: 'against',
    against: { comparison, reference, budgets, out: options.out ?? 'results' },
    origin,
    dryRun: options.dryRun ?? false,
  });
}

async function storedQuestion(
  options: Options,
  operands: readonly string[],
  mistakes: string[],
): Promise<Part<WithBudgets>> {
  const folders: string[] = [];
  for (const operand of operands) {
    const run = await findRun(operand);
    if (run.status === 'found') folders.push(run.folder);
    else mistakes.push(run.mistake);
  }
  mistakes.push(...measuringOptions(options));
  const [first, second] = folders;
  if (first !== undefined && first === second)
    mistakes.push(`both names are of one run, ${first}; name two, or one run of compare alone`);
  if (first === undefined) return null;
  return ({ budgets }) => ({
    kind: 'stored',
    folders: second === undefined ? [first] : [first, second],
    budgets,
    only: options.strategies?.map(({ name }) => name) ?? null,
    out: options.out ?? null,
  });
}

const nothingTyped = {
  blocks: undefined,
  duration: undefined,
  rate: { mode: 'auto' },
  seed: undefined,
} as const;

/** A strategy that was named must be on both sides; of those that were not, the common ones are taken. */
function commonStrategies(
  reference: Reference,
  named: readonly Strategy[] | undefined,
  all: readonly Strategy[],
  mistakes: string[],
): readonly Strategy[] {
  const isThere = ({ name }: Strategy): boolean => reference.strategies.includes(name);
  for (const strategy of (named ?? []).filter((each) => !isThere(each)))
    mistakes.push(
      `--strategy: "${reference.label}" has no strategy ${strategy.name}, so there is nothing to compare with. It has: ${reference.strategies.join(', ') || 'none'}.`,
    );
  const common = (named ?? all).filter(isThere);
  if (common.length === 0 && named === undefined)
    mistakes.push(`--against: "${reference.label}" has none of the strategies that the working tree has.`);
  return common;
}

/** Options that say how to measure, given where nothing is measured. */
function measuringOptions(options: Options): string[] {
  const given = {
    '--scenario': options.scenario !== undefined,
    '--blocks': options.blocks !== undefined,
    '--duration': options.duration !== undefined,
    '--rate': options.rate?.mode === 'given',
    '--seed': options.seed !== undefined,
    '--runtime': options.runtime !== undefined,
    '--dry-run': options.dryRun === true,
  };
  return Object.entries(given).flatMap(([name, is]) => (is ? [notMeasuredAgain(name)] : []));
}
