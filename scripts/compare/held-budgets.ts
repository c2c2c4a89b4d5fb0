/**
 * The budgets that are held against a baseline. A change that could loosen them for itself would be judged by nobody, so the
 * baseline's own hold too: of each metric the smaller budget.
 */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { git, repository as thisRepository } from '../../experiment/repository.ts';
import { type Finding, findingOf } from '../../record/reasons.ts';
import type { Budget } from '../../reports/gate/budgets.ts';
import type { BaselineCode } from '../../reports/gate/stored.ts';
import { type Budgets, budgetsFile, budgetsIn, defaultBudgets } from '../cli/budgets-file.ts';
import { percentage } from '../cli/describe.ts';
import type { Reading } from '../cli/reading.ts';

export interface HeldBudgets extends Budgets {
  readonly findings: readonly Finding[];
}

/** @param repository where git is asked for the baseline; the budgets' file lies in it or elsewhere */
export async function heldBudgets(
  here: Budgets,
  { label, commit }: BaselineCode,
  repository: string = thisRepository,
): Promise<HeldBudgets> {
  const asGiven = { ...here, findings: [] };
  const there = commit === null ? null : await budgetsAt(commit, here.file, repository);
  if (there === null) return asGiven;
  if (there.status === 'mistakes') {
    const message = `The budgets of ${label} cannot be read by this version (${there.mistakes.join('; ')}); those of ${here.origin} hold alone.`;
    return { ...here, findings: [findingOf('budgets-differ', message, 'See that these are strict enough.')] };
  }
  const differences = differencesOf(here.budgets, there.value);
  if (differences.length === 0) return asGiven;
  const message = `The budgets here (${here.origin}) are not those of ${label}: ${differences.join(', ')}. The stricter ones hold.`;
  return {
    budgets: stricter(here.budgets, there.value),
    origin: `the stricter ones of ${here.origin} and of ${label}`,
    file: here.file,
    findings: [findingOf('budgets-differ', message)],
  };
}

/** Null where the commit is not known here, or the file is not the repository's. */
async function budgetsAt(
  commit: string,
  file: string,
  repository: string,
): Promise<Reading<readonly Budget[]> | null> {
  const inside = path.relative(
    await settled(repository),
    path.join(await settled(path.dirname(file)), path.basename(file)),
  );
  if (inside.startsWith('..') || path.isAbsolute(inside)) return null;
  if ((await git(repository, 'cat-file', '-e', `${commit}^{commit}`)) === null) return null;
  const text = await git(repository, 'show', `${commit}:./${inside}`);
  if (text !== null) return budgetsIn(text, `${inside} of ${commit.slice(0, 7)}`);
  // Without the usual file the built-in budgets held there.
  const isUsual = inside === path.basename(budgetsFile);
  return isUsual ? { status: 'ok', value: defaultBudgets } : null;
}

/** Without symbolic links on the way. */
const settled = (folder: string): Promise<string> => realpath(folder).catch(() => folder);

const shareOf = (budgets: readonly Budget[], metric: Budget['metric']): number | null =>
  budgets.find((each) => each.metric === metric)?.share ?? null;

const metricsOf = (...all: readonly (readonly Budget[])[]): Budget['metric'][] => [
  ...new Set(all.flat().map(({ metric }) => metric)),
];

function differencesOf(here: readonly Budget[], there: readonly Budget[]): string[] {
  return metricsOf(here, there).flatMap((metric) => {
    const [now, before] = [shareOf(here, metric), shareOf(there, metric)];
    if (now === before) return [];
    if (now === null) return [`${metric} (${percentage(before ?? 0)}) is gone`];
    if (before === null) return [`${metric} (${percentage(now)}) is new`];
    return [`${metric} ${percentage(now)} instead of ${percentage(before)}`];
  });
}

const stricter = (here: readonly Budget[], there: readonly Budget[]): Budget[] =>
  metricsOf(here, there).map((metric) => {
    const shares = [shareOf(here, metric), shareOf(there, metric)].filter((share) => share !== null);
    return { metric, share: Math.min(...shares) };
  });
