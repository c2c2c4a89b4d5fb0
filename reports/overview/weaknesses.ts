/** What is known against a strategy, from what the runs measured: short, and the gravest first. */
import { nearlyAll } from '../../advice/evidence/later-parts.ts';
import { sumOf } from '../../record/common.ts';
import type { FaultResult } from '../../record/faults.ts';
import type { OverviewLine } from '../../record/overview.ts';
import { fateWords } from '../words/faults.ts';
import { formatClasses, listed } from '../words/format.ts';
import type { OverviewFacts } from './facts.ts';

type Kind = readonly [words: string, is: (result: FaultResult) => boolean];

const isLost = ({ sessions }: FaultResult): boolean => (sessions?.lost ?? 0) > 0;
const isAll = ({ sessions }: FaultResult): boolean =>
  sessions !== null && sessions.lost > 0 && sessions.lost >= nearlyAll * sessions.of;

const kinds: readonly Kind[] = [
  ["shows others' sessions", ({ crossed }) => (crossed ?? 0) > 0],
  ['loses all sessions, or nearly', isAll],
  ['loses sessions', (result) => isLost(result) && !isAll(result)],
  ['loses writes', ({ writesLost }) => (writesLost ?? 0) > 0],
  ['undoes logouts', ({ logouts }) => (logouts?.undone ?? 0) > 0],
];

/** Harmed in another way: it did not come back, or read sessions as they had been. */
const otherwise: Kind = ['is harmed', (result) => kinds.every(([, is]) => !is(result))];

/** Phrases without full stop; null where nothing was asked of it that could show one. */
export function weaknessesOf(
  facts: Pick<OverviewFacts, 'faults'>,
  { load, faults }: OverviewLine,
): readonly string[] | null {
  const results = facts.faults.flatMap(({ name, title }) => {
    const found = faults[name];
    return found?.kind === 'measured' ? [{ title, result: found.result }] : [];
  });
  const known = results.filter(({ result }) => result.survival !== 'unknown');
  const harmed = results.filter(({ result }) => result.survival === 'harmed');
  const own = ofAnswers(load);
  if (known.length === 0 && own.length === 0) return null;
  return [
    ...own,
    ...[...kinds, otherwise].flatMap(([words, is]) => {
      const titles = harmed.filter(({ result }) => is(result)).map(({ title }) => title);
      return titles.length === 0 ? [] : [`${words}: ${listed(titles)}`];
    }),
    ...onPaper(results),
  ];
}

/** That nothing was lost once is no promise. */
const onPaper = (results: readonly { readonly title: string; readonly result: FaultResult }[]): string[] =>
  (['lost', 'newest-lost'] as const).flatMap((fate) => {
    const titles = results
      .filter(({ result }) => result.survival !== 'harmed' && result.expected === fate)
      .map(({ title }) => title);
    return titles.length === 0 ? [] : [`on paper ${fateWords[fate]}: ${listed(titles)}`];
  });

function ofAnswers(load: OverviewLine['load']): string[] {
  if (load.kind === 'failed') return ['fails: too many requests get no right answer'];
  if (load.kind !== 'measured' || sumOf(load.violations) === 0) return [];
  return [`gives wrong answers without any fault: ${formatClasses(load.violations)}`];
}
