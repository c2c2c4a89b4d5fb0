/** How far rates carry: what was kept up with carries beyond itself, what was answered of too much does not. */
import { type Basis, basisFor, leastDoubtful, mostTimes, type Remedy } from '../evidence/basis.ts';
import { type Behind, highestOf, type Rated, type TestedRates, testedRates } from '../evidence/evidence.ts';
import { about, wholeNumber } from '../words/format.ts';

/** What a request takes in an overload says nothing of more requests: then no rate carries beyond itself. */
export function ratesFor(strategy: Rated): TestedRates {
  const tested = testedRates(strategy);
  if (!isOfOverload(strategy)) return tested;
  return { kept: null, most: highestOf([tested.kept, tested.most].filter((each) => each !== null)) };
}

/** Whether the numbers that servers are counted by are of a run in which it could not keep up. */
export const isOfOverload = ({ load, behind }: Pick<Rated, 'load' | 'behind'>): boolean =>
  load.kind === 'measured' && behind.some(({ run }) => run === load.run);

/** Requests per second of all servers beyond which there is no number. */
export const farthestRate = ({ kept, most }: TestedRates): number =>
  Math.max(mostTimes * (kept?.rate ?? 0), most?.rate ?? 0);

interface OfOne {
  /** Requests per second of one server. */
  readonly wanted: number;
  /** Servers that shared the rates that were tested. */
  readonly seenWith: number;
  /** `requests/s of a balancer` */
  readonly unit: string;
}

export function rateBasis(
  { kept, most }: TestedRates,
  { wanted, seenWith, unit }: OfOne,
  remedy: () => Remedy,
): Basis {
  const bases: Basis[] = [];
  if (kept !== null) {
    const tested = { from: 0, to: kept.rate / seenWith, unit };
    bases.push(basisFor(wanted, { tested, run: kept.run, line: null }, remedy));
  }
  if (most !== null && wanted * (1 - 1e-9) <= most.rate / seenWith)
    bases.push({ kind: 'measured', run: most.run });
  const [first, ...others] = bases;
  if (first !== undefined) return leastDoubtful(first, ...others);
  const answered = (most?.rate ?? 0) / seenWith;
  return {
    kind: 'none',
    what: `${about(wanted)} ${unit} are more than it answered when it could not keep up (${about(answered)})`,
    ...remedy(),
  };
}

/** Taken for granted in the face of each overload that the wished rate comes to, the lowest first; a sentence each without full stop. */
export function overloadsTold(strategy: Pick<Rated, 'load' | 'behind'>, wished: number): readonly string[] {
  const { load, behind } = strategy;
  const told = behind
    .filter(({ run, answered }) => wished > answered || (load.kind === 'measured' && run === load.run))
    .toSorted((a, b) => a.answered - b.answered)
    .map(overloadWords);
  if (!isOfOverload(strategy)) return told;
  return [
    ...told,
    'a request takes as much CPU time as when it could not keep up: no other run has a number',
  ];
}

const overloadWords = ({ run, offered, answered }: Behind): string =>
  `servers of its own keep up, though it could not with ${wholeNumber(offered)} requests/s where it was measured: ${wholeNumber(answered)} were answered (run ${run})`;
