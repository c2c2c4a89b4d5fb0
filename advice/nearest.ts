/** Where nothing meets the wishes: which of them excludes the last option, and the nearest that would do. */

import { type Judged, type WishName, wishNames } from './judging/judged.ts';
import { chosenOf, firstBroken, type Option, optionsFor, type Question } from './options.ts';
import { losses } from './wishes/losses.ts';
import type { Wishes } from './wishes/wishes.ts';

export interface Nearest {
  /** What to wish instead; to stand in a sentence, without full stop. */
  readonly instead: string;
  readonly option: string;
  readonly monthly: number;
}

export interface Excluding {
  readonly wish: WishName;
  readonly option: string;
  readonly shows: string;
}

/** The wish that the last option broke, in the order of the wishes; null where an option is left. */
export function lastExcluded(options: readonly Option[]): Excluding | null {
  if (options.some(({ status }) => status !== 'out')) return null;
  const fallen = options.flatMap((option) => {
    const broken = firstBroken(option);
    return broken === null ? [] : [{ option, broken }];
  });
  const [last] = fallen.toSorted(
    (a, b) => rank(b.broken) - rank(a.broken) || monthlyOf(a.option) - monthlyOf(b.option),
  );
  return last === undefined
    ? null
    : { wish: last.broken.wish, option: last.option.title, shows: last.broken.shows };
}

const rank = ({ wish }: Judged): number => wishNames.indexOf(wish);
const monthlyOf = ({ cost }: Option): number => cost?.monthly ?? Number.MAX_VALUE;

/** For each wish that alone stands in the way, the least that has to be given up. */
export function nearestTo(question: Question): readonly Nearest[] {
  return relaxations(question.wishes).flatMap(({ instead, wishes }) => {
    const found = chosenOf(optionsFor({ ...question, wishes }));
    if (found === null || found.cost === null) return [];
    const { monthly } = found.cost;
    return [{ instead: instead(monthly, question.prices.currency), option: found.title, monthly }];
  });
}

interface Relaxation {
  readonly wishes: Wishes;
  instead(monthly: number, currency: string): string;
}

function relaxations(wishes: Wishes): readonly Relaxation[] {
  return [
    ...(wishes.budget === null
      ? []
      : [
          {
            wishes: { ...wishes, budget: null },
            instead: (monthly: number, currency: string) =>
              `a budget of ${Math.ceil(monthly)} ${currency} a month`,
          },
        ]),
    ...(wishes.slo === null
      ? []
      : [{ wishes: { ...wishes, slo: null }, instead: () => `no promise of ${wishes.slo?.text ?? ''}` }]),
    ...looserLosses(wishes),
    ...wishes.survives.map((event) => ({
      wishes: { ...wishes, survives: wishes.survives.filter((each) => each !== event) },
      instead: () => `nothing said of ${event}`,
    })),
    ...(wishes.endsAtOnce
      ? [{ wishes: { ...wishes, endsAtOnce: false }, instead: () => 'not ending sessions at once' }]
      : []),
    ...(wishes.endsAllOfAUser
      ? [{ wishes: { ...wishes, endsAllOfAUser: false }, instead: () => 'not ending all sessions of a user' }]
      : []),
    ...(wishes.hosting === null
      ? []
      : [{ wishes: { ...wishes, hosting: null }, instead: () => 'servers of either kind, own or managed' }]),
  ];
}

/** The next looser loss that does, and no looser one. */
const looserLosses = (wishes: Wishes): readonly Relaxation[] =>
  losses
    .slice(losses.indexOf(wishes.mayLose) + 1)
    .slice(0, wishes.survives.length === 0 ? 0 : 3)
    .map((mayLose) => ({ wishes: { ...wishes, mayLose }, instead: () => `losing ${mayLose} at most` }));
