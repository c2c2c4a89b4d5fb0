/** Whether there was anything to judge: a gate that holds code against itself passes, and that is no result. */
import type { SideCode } from '../../record/design.ts';
import type { ComparedClass, GateOutcome } from '../../record/gate.ts';
import { type Finding, findingOf } from '../../record/reasons.ts';
import type { Judgement } from './judge.ts';

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

const NO_CHANGE = 'both sides run the same code, so that no change did it';

/** A regression needs a change: between sides of the same code, what is worse has another cause, and is no verdict. */
export function withoutChange({ results, answers, outcome }: Judgement): Judgement {
  const blamed = <Part extends { readonly outcome: GateOutcome; readonly message: string }>(
    part: Part,
  ): Part =>
    part.outcome === 'regression'
      ? { ...part, outcome: 'invalid', message: `${part.message}; ${NO_CHANGE}` }
      : part;
  return {
    results: results.map(blamed),
    answers: answers.map((each) => ({ ...blamed(each), classes: each.classes.map(withoutBlame) })),
    outcome: outcome === 'regression' ? 'invalid' : outcome,
  };
}

const withoutBlame = (each: ComparedClass): ComparedClass =>
  each.outcome === 'regression' ? { ...each, outcome: 'invalid' } : each;

/** An alarm for each regression that would be one between sides that differ. @param judged as if they did */
export const differencesOfSameCode = ({ results, answers }: Judgement): Finding[] =>
  [...answers, ...results]
    .filter(({ outcome }) => outcome === 'regression')
    .map(({ message }) => findingOf('same-code-differs', `A difference that no change made: ${message}.`));

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
