/** Whether there was anything to judge: a gate that holds code against itself passes, and that is no result. */
import type { SideCode } from '../../record/design.ts';
import { type Finding, findingOf } from '../../record/reasons.ts';

type Code = Pick<SideCode, 'label' | 'commit' | 'dirty' | 'digest'>;

const sameCommit = (a: Code, b: Code): boolean =>
  a.commit !== null && a.commit === b.commit && a.dirty === false && b.dirty === false;

/** Empty where the sides differ, and where that cannot be told. */
export function sameCode(baseline: Code, candidate: Code): Finding[] {
  const both = `${baseline.label} and ${candidate.label}`;
  if (sameCommit(baseline, candidate))
    return [findingOf('same-code', `${both} are one commit without changes, so that no change was judged.`)];
  if (baseline.digest === null || baseline.digest !== candidate.digest) return [];
  return [
    findingOf(
      'same-code',
      `Nothing that is measured differs between ${both}: the files under servers/ and the packages of package-lock.json are the same, so that no change was judged.`,
    ),
  ];
}

/** Stored runs of one commit may differ in their servers or machines, and be compared for that: it is a note. */
export const sameCodeOfRuns = (baseline: Code, candidate: Code): Finding[] =>
  sameCode(baseline, candidate).map(({ message }) => ({
    ...findingOf(
      'same-code',
      message,
      'What differs is not the code; to judge a change, name a run with it.',
    ),
    severity: 'note',
  }));

/** Whether the sides of a gate are of the same code. */
export const isSameCode = (findings: readonly Finding[]): boolean =>
  findings.some(({ code, severity }) => code === 'same-code' && severity === 'warning');
