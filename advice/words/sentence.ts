/** An advice in one or two sentences. */
import { eitherOf, listed } from '../../record/listed.ts';
import { type WishName, wishNames } from '../judging/judged.ts';
import { cheapestOfEach, type RangedOption } from '../level.ts';
import type { Lack } from '../missing.ts';
import type { Excluding, Nearest } from '../nearest.ts';
import { firstBroken, type Option, openOf, type Question } from '../options.ts';
import type { Layout } from '../sizing/layout.ts';
import { isInApps } from '../sizing/tiers.ts';
import { lossWords } from '../wishes/losses.ts';
import { sessionsAlive } from '../wishes/usual.ts';
import type { Wishes } from '../wishes/wishes.ts';
import { remedyWords } from './basis.ts';
import { about, money, sessionsWords, wholeNumber, wishedMoney } from './format.ts';

interface Told {
  readonly question: Question;
  readonly kind: 'firm' | 'open' | 'none';
  readonly best: RangedOption | null;
  /** Not told from the best by their costs. */
  readonly level: readonly RangedOption[];
  readonly runnerUp: RangedOption | null;
  readonly options: readonly RangedOption[];
  readonly excluding: Excluding | null;
  readonly nearest: readonly Nearest[];
  /** What would decide about options that are open. */
  readonly deciding: readonly Lack[];
}

/** The first is the answer. */
export function sentencesOf(told: Told): readonly string[] {
  const asked = askedFor(told.question.wishes, told.question.prices.currency);
  switch (told.kind) {
    case 'firm':
      return [`For ${asked}: use ${bestWords(told)}.`, ...others(told)];
    case 'open':
      if (told.best === null) return unknownWords(told, asked);
      return [
        `For ${asked}: nothing is sure to do; the best of what may is ${bestWords(told)}.`,
        `What is not known of it: ${openWords(told.best)}`,
        ...others(told),
      ];
    case 'none':
      return noneWords(told, asked);
  }
}

function askedFor(wishes: Wishes, currency: string): string {
  const { rate, slo, budget, survives, mayLose } = wishes;
  const rates = rate.low === rate.high ? about(rate.high) : `${about(rate.low)} to ${about(rate.high)}`;
  return [
    sessionsWords(sessionsAlive(wishes)),
    `${rates} requests/s`,
    ...(slo === null ? [] : [slo.text]),
    ...(budget === null ? [] : [`${wishedMoney(budget, currency)} a month at most`]),
    ...(survives.length === 0
      ? []
      : [
          `losing ${lossWords[mayLose]}${mayLose === 'none' ? '' : ' at most'} through ${survives.join(', ')}`,
        ]),
    ...(wishes.endsAtOnce ? ['ending sessions at once'] : []),
    ...(wishes.endsAllOfAUser ? ['ending all sessions of a user at once'] : []),
  ].join(', ');
}

function bestWords({ best, level, question }: Told): string {
  if (best === null) return 'nothing';
  if (best.cost === null || best.sizing.kind !== 'sized') return best.title;
  const { currency } = question.prices;
  const meets = best.status === 'meets';
  const others = cheapestOfEach([best, ...level]).slice(1);
  const doubt = others.length === 0 ? '' : doubtWords(best);
  const first = `${best.title} (${serversWords(best)}, ${money(best.cost.monthly, currency)} a month${doubt}${boundWords(best)})`;
  if (others.length === 0)
    return `${first}, the cheapest that ${meets ? 'meets all of it' : 'no wish excludes'}`;
  const named = others.map((each) => pricedWords(each, currency));
  return `${eitherOf([first, ...named])}, the cheapest that ${meets ? 'meet all of it' : 'no wish excludes'}, and level: what was measured does not tell their costs apart`;
}

const pricedWords = (option: RangedOption, currency: string): string =>
  `${option.title} (${money(option.cost?.monthly ?? 0, currency)}${doubtWords(option)})`;

/** `, in doubt from 120 to 195`; empty where a cost is what it is. */
function doubtWords({ costRange }: RangedOption): string {
  if (costRange === null || costRange.least === costRange.most) return '';
  const { least, most } = costRange;
  if (most === null) return least === null ? '' : `, in doubt from ${wholeNumber(least)}`;
  return `, in doubt ${least === null ? '' : `from ${wholeNumber(least)} `}to ${wholeNumber(most)}`;
}

export function serversWords({ sizing, candidate }: Option): string {
  if (sizing.kind !== 'sized') return '';
  const store = sizing.store === null ? [] : [`store ${layoutWords(sizing.store, candidate.copies)}`];
  return [`apps ${layoutWords(sizing.apps, 1)}`, ...store].join(', ');
}

const layoutWords = ({ servers, size }: Layout, copies: number): string =>
  `${wholeNumber(servers * copies)} x ${size.label}`;

const bounds = {
  cpu: 'CPU time',
  memory: 'memory',
  tested: 'what was tested of one server',
  fewest: 'the least there is',
} as const;

/** What the number of servers of the store follows; of the apps where they hold the sessions. */
export function boundOf({ sizing }: Option): string {
  return sizing.kind === 'sized' ? bounds[(sizing.store ?? sizing.apps).bound] : '—';
}

const boundWords = (option: Option): string => {
  const bound = boundOf(option);
  return bound === bounds.fewest || bound === '—' ? '' : `, bound by ${bound}`;
};

function* others(told: Told): Generator<string> {
  const { best, level, runnerUp, options, question } = told;
  yield* doubtsOf(told);
  if (best !== null && goesWithDeployments(best, question.wishes))
    yield 'Each app that ends takes its sessions with it: a deployment that ends all apps in turn takes them all.';
  if (best?.cost && runnerUp?.cost) {
    const open = runnerUp.status === 'open' ? `, if it does: ${openWords(runnerUp)}` : '.';
    const more = runnerUp.cost.monthly - best.cost.monthly;
    yield `Runner-up: ${runnerUp.title}, ${moreWords(more, question.prices.currency)}${open}`;
  }
  const named = strategiesOf([best, ...level, runnerUp]);
  const unknown = options.find((each) => each.status === 'open' && !named.has(each.candidate.strategy.name));
  if (unknown) yield `May do too, and that was not measured: ${unknown.title}: ${openWords(unknown)}`;
  // A strategy is out where no way to run it is left.
  const left = strategiesOf(options.filter(({ status }) => status !== 'out'));
  const out = options.find((each) => !left.has(each.candidate.strategy.name));
  const broken = out && firstBroken(out);
  if (out && broken) yield `${out.title} is out: ${broken.shows}.`;
}

const strategiesOf = (options: readonly (Option | null)[]): ReadonlySet<string> =>
  new Set(options.flatMap((each) => (each === null ? [] : [each.candidate.strategy.name])));

/** What is open may be cheaper. */
function moreWords(more: number, currency: string): string {
  if (Math.abs(more) < 0.005) return 'at the same price';
  return more > 0 ? `${money(more, currency)} more` : `${money(-more, currency)} less`;
}

/** Where the doubt about its cost reaches what there is, or the budget. */
function* doubtsOf({ best, options, question: { wishes, prices } }: Told): Generator<string> {
  if (best?.costRange?.most === null)
    yield `${best.title} is at the edge of what is known to do: were CPU times as long as they may be, it would take more than can be had, or than was tested.`;
  const { budget } = wishes;
  if (budget === null) return;
  const most = best?.costRange?.most ?? 0;
  if (best !== null && most > budget)
    yield `${best.title} may cost up to ${money(most, prices.currency)} a month, which is over the budget: what a vCPU does is not known better.`;
  const perhaps = options.filter(
    ({ status, judged, costRange }) =>
      status === 'out' &&
      judged.every(({ wish, verdict }) => verdict !== 'broken' || wish === 'budget') &&
      (costRange?.least ?? Number.POSITIVE_INFINITY) <= budget,
  );
  if (perhaps.length > 0)
    yield `Over the budget by less than is in doubt: ${listed(perhaps.map((each) => pricedWords(each, prices.currency)))}.`;
}

/** Each command once. */
function openWords(option: Option): string {
  const told = openOf(option).map(({ shows, basis }) =>
    basis.kind === 'none' ? `${shows} (${remedyWords(basis)})` : shows,
  );
  return `${[...new Set(told)].join('; ')}.`;
}

/** Sessions that live in apps, where a part of them may be lost: a specialist would say what the parts come to. */
const goesWithDeployments = ({ candidate }: Option, { survives, mayLose }: Wishes): boolean =>
  isInApps(candidate.strategy) && survives.includes('app-restart') && mayLose === 'node';

/** Nothing could be priced: to name one of them would be a guess. What is sure is told, and what would decide. */
function unknownWords({ options, deciding }: Told, asked: string): readonly string[] {
  if (options.length === 0) return ['No strategy was measured at a rate: start with "npm run bench".'];
  const left = titlesOf(options.filter(({ status }) => status === 'open'));
  return [
    `For ${asked}: what was measured does not reach so far, and what it does not reach is not guessed. No wish excludes ${listed(left)}.`,
    ...outWords(options),
    ...deciding.map((lack) => `To decide: ${remedyWords(lack)}. Not known so far: ${lack.what}.`),
  ];
}

const titlesOf = (options: readonly Option[]): readonly string[] => [
  ...new Set(options.map(({ candidate }) => candidate.strategy.title)),
];

/** Strategies no way to run which is left, those that break the same wish together: each by the way that came furthest. */
function outWords(options: readonly Option[]): readonly string[] {
  const left = new Set(titlesOf(options.filter(({ status }) => status !== 'out')));
  const out = titlesOf(options)
    .filter((title) => !left.has(title))
    .flatMap((title) => furthestOf(options, title) ?? []);
  return [...new Set(out.map(({ wish }) => wish))].map((wish) => {
    const alike = out.filter((each) => each.wish === wish);
    const are = alike.length === 1 ? 'is' : 'are';
    const reasons = [...new Set(alike.map(({ shows }) => shows))];
    return `${listed(alike.map(({ title }) => title))} ${are} out for sure (${wish}): ${reasons.join('; ')}.`;
  });
}

interface Fallen {
  readonly title: string;
  readonly wish: WishName;
  readonly shows: string;
}

function furthestOf(options: readonly Option[], title: string): Fallen | null {
  const [furthest] = options
    .filter(({ candidate }) => candidate.strategy.title === title)
    .flatMap((option) => firstBroken(option) ?? [])
    .toSorted((a, b) => wishNames.indexOf(b.wish) - wishNames.indexOf(a.wish));
  return furthest === undefined ? null : { title, wish: furthest.wish, shows: furthest.shows };
}

function noneWords({ excluding, nearest, question }: Told, asked: string): readonly string[] {
  const [first, ...others] = nearest.map(
    ({ instead, option, monthly }) =>
      `${instead} (${option}, ${money(monthly, question.prices.currency)} a month)`,
  );
  return [
    `For ${asked}: nothing that was measured will do.`,
    ...(excluding === null
      ? []
      : [
          `The wish that excludes the last option is "${excluding.wish}": ${excluding.option}: ${excluding.shows}.`,
        ]),
    first === undefined
      ? 'More than one wish stands in the way: no single one, given up, leaves an option.'
      : `The nearest that would do: ${[first, ...others].join('; or ')}.`,
  ];
}
