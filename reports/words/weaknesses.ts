/** Weaknesses of a strategy in few words, for its line of a table. */
import type { Weakness } from '../../record/weakness.ts';

/** Characters that all of them take together, about. */
const room = 60;

const ON_PAPER = 'on paper: ';

/** What is seen and what is known on paper, as much of both as has room; empty where there is none. */
export interface BriefWeaknesses {
  readonly measured: string;
  readonly onPaper: string;
  /** How many were left out. */
  readonly more: number;
}

/** The first is always told. */
export function briefly(all: readonly Weakness[]): BriefWeaknesses {
  const shown: Weakness[] = [];
  for (const each of all) {
    if (shown.length > 0 && textOf([...shown, each]).length > room) break;
    shown.push(each);
  }
  return { ...partsOf(shown), more: all.length - shown.length };
}

function partsOf(shown: readonly Weakness[]): Pick<BriefWeaknesses, 'measured' | 'onPaper'> {
  const of = (kind: Weakness['basis']['kind'], between: string): string =>
    shown
      .filter(({ basis }) => basis.kind === kind)
      .map(({ short }) => short)
      .join(between);
  const onPaper = of('on-paper', ', ');
  return { measured: of('measured', '; '), onPaper: onPaper === '' ? '' : `${ON_PAPER}${onPaper}` };
}

function textOf(shown: readonly Weakness[]): string {
  const { measured, onPaper } = partsOf(shown);
  return [measured, onPaper].filter((part) => part !== '').join('; ');
}
