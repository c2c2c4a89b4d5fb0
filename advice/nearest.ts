/** Where nothing meets the wishes: which of them excludes the last option, and the nearest that would do. */
import { listed } from '../record/listed.ts';
import { type Judged, type WishName, wishNames } from './judging/judged.ts';
import { chosenOf, firstBroken, type Option, optionsFor, type Question } from './options.ts';
import { losses, lossTyped, lossWords } from './wishes/losses.ts';
import type { Wishes } from './wishes/wishes.ts';
import { wishedMoney } from './words/format.ts';

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
export const nearestTo = (question: Question): readonly Nearest[] =>
  relaxations(question.wishes).flatMap((looser) => firstThatDoes(question, looser) ?? []);

/** @param looser the least that is given up first */
function firstThatDoes(question: Question, looser: readonly Relaxation[]): Nearest | null {
  for (const { instead, wishes } of looser) {
    const found = chosenOf(optionsFor({ ...question, wishes }));
    if (found === null || found.cost === null) continue;
    const { monthly } = found.cost;
    return { instead: instead(monthly, question.prices.currency), option: found.title, monthly };
  }
  return null;
}

interface Relaxation {
  readonly wishes: Wishes;
  instead(monthly: number, currency: string): string;
}

/** Of each wish what is looser, the least looser first. */
function relaxations(wishes: Wishes): readonly (readonly Relaxation[])[] {
  const given = (isWished: boolean, looser: Partial<Wishes>, instead: Relaxation['instead']) =>
    isWished ? [[{ wishes: { ...wishes, ...looser }, instead }]] : [];
  return [
    ...given(
      wishes.budget !== null,
      { budget: null },
      (monthly, currency) => `a budget of ${wishedMoney(Math.ceil(monthly), currency)} a month`,
    ),
    ...given(wishes.slo !== null, { slo: null }, () => `no promise of ${wishes.slo?.text ?? ''}`),
    looserLosses(wishes),
    ...fewerEvents(wishes),
    ...given(wishes.endsAtOnce, { endsAtOnce: false }, () => 'not ending sessions at once'),
    ...given(wishes.endsAllOfAUser, { endsAllOfAUser: false }, () => 'not ending all sessions of a user'),
    ...given(wishes.hosting !== null, { hosting: null }, () => 'servers of either kind, own or managed'),
  ];
}

/** Sessions that may all be lost outlast nothing: the two cannot be wished together. */
const looserLosses = (wishes: Wishes): readonly Relaxation[] =>
  wishes.survives.length === 0
    ? []
    : losses.slice(losses.indexOf(wishes.mayLose) + 1).map((mayLose) => ({
        wishes: { ...wishes, mayLose, survives: mayLose === 'all' ? [] : wishes.survives },
        instead: () =>
          mayLose === 'all'
            ? `losing ${lossWords.all} (${lossTyped.all}), and nothing said of ${listed(wishes.survives)}`
            : `losing ${lossWords[mayLose]} at most (${lossTyped[mayLose]})`,
      }));

/** Without the only one, all may be lost: that is the loosest loss. */
const fewerEvents = (wishes: Wishes): readonly (readonly Relaxation[])[] =>
  wishes.survives.length < 2
    ? []
    : wishes.survives.map((event) => [
        {
          wishes: { ...wishes, survives: wishes.survives.filter((each) => each !== event) },
          instead: () => `nothing said of ${event}`,
        },
      ]);
