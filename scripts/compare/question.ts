/** What is asked, with every mistake in asking it. Nothing is started for this. */
import type { Strategy } from '../../infra/runtime.ts';
import type { Budget } from '../../reports/statistics/budgets.ts';
import { outMistake } from '../cli/measuring.ts';
import { findRun } from '../cli/stored-runs.ts';
import type { CompareOptions } from '../compare-options.ts';
import type { Scenario } from '../experiment/scenarios.ts';
import type { Against } from './against.ts';
import { findBudgets } from './budgets-file.ts';
import { planOf } from './plan.ts';
import { findReference, type Reference, repository } from './reference.ts';

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

/** @param options what was typed well; the rest is told of already */
export async function questionOf(
  options: Partial<CompareOptions>,
  operands: readonly string[],
  strategies: readonly Strategy[],
  scenarios: readonly Scenario[],
): Promise<FoundQuestion> {
  const mistakes: string[] = [];
  const budgets = await findBudgets(options.config, repository);
  if (budgets.status === 'mistakes') mistakes.push(...budgets.mistakes);
  const { against: ref, out } = options;
  if (ref !== undefined && operands.length > 0)
    mistakes.push(
      `--against measures, and ${operands.map((each) => `"${each}"`).join(' and ')} would be compared as stored: do one or the other`,
    );
  if (ref === undefined && operands.length === 0)
    mistakes.push('say what to compare: --against and a git ref, or two stored runs');
  const outProblem = out === undefined || options.dryRun === true ? null : await outMistake(out);
  if (outProblem !== null) mistakes.push(outProblem);

  if (ref !== undefined) {
    const reference = await findReference(ref);
    if (reference.status === 'mistake')
      return { status: 'mistakes', mistakes: [...mistakes, reference.mistake] };
    const chosen = commonStrategies(reference.reference, options.strategies, strategies, mistakes);
    if (mistakes.length > 0 || budgets.status === 'mistakes') return { status: 'mistakes', mistakes };
    const plan = planOf({ ...nothingTyped, ...options }, chosen, scenarios);
    const against = {
      plan,
      reference: reference.reference,
      budgets: budgets.budgets,
      out: out ?? 'results',
    };
    return {
      status: 'found',
      question: { kind: 'against', against, origin: budgets.origin, dryRun: options.dryRun ?? false },
    };
  }

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
  if (mistakes.length > 0 || first === undefined || budgets.status === 'mistakes')
    return { status: 'mistakes', mistakes };
  return {
    status: 'found',
    question: {
      kind: 'stored',
      folders: second === undefined ? [first] : [first, second],
      budgets: budgets.budgets,
      only: options.strategies?.map(({ name }) => name) ?? null,
      out: out ?? null,
    },
  };
}

const nothingTyped = {
  scenario: undefined,
  blocks: undefined,
  duration: undefined,
  rate: { mode: 'auto' },
  seed: undefined,
  strategies: undefined,
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
function measuringOptions(options: Partial<CompareOptions>): string[] {
  const given = {
    '--scenario': options.scenario !== undefined,
    '--blocks': options.blocks !== undefined,
    '--duration': options.duration !== undefined,
    '--rate': options.rate?.mode === 'given',
    '--seed': options.seed !== undefined,
    '--runtime': options.runtime !== undefined,
    '--dry-run': options.dryRun === true,
  };
  const names = Object.entries(given).flatMap(([name, is]) => (is ? [name] : []));
  return names.map(
    (name) => `${name} says how to measure, and stored runs are not measured again; leave it out`,
  );
}
