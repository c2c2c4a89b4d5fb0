/** One way to run a strategy, judged by the wishes and priced. */
import { type Cost, type Costed, costOf } from './costs/costs.ts';
import type { Evidence, StrategyEvidence } from './evidence/evidence.ts';
import { withCopyOnPaper } from './evidence/on-paper.ts';
import { judgeAnswers } from './judging/answers.ts';
import { broken, type Judged, met, open } from './judging/judged.ts';
import { judgeLosses } from './judging/losses.ts';
import { judgePromise } from './judging/promise.ts';
import { judgeEndings, judgeKeptApart } from './judging/security.ts';
import type { Prices } from './prices/prices.ts';
import { managedSizes } from './sizing/sizes.ts';
import { type Candidate, type Sizing, sizingOf, type Unsized } from './sizing/sizing.ts';
import { isInApps, measuredCopies } from './sizing/tiers.ts';
import { type Hosting, hostings } from './wishes/hosting.ts';
import type { Wishes } from './wishes/wishes.ts';
import { wishedMoney } from './words/format.ts';

export interface Option {
  /** Unique among the options: `redis`, `redis, managed`. */
  readonly name: string;
  readonly title: string;
  readonly candidate: Candidate;
  /** `meets`: every wish is met, on paper at least; `open`: none is broken, and something was not measured; `out`: a wish is broken. */
  readonly status: 'meets' | 'open' | 'out';
  /** In the order of the wishes. */
  readonly judged: readonly Judged[];
  readonly sizing: Sizing | Unsized;
  /** Null where it could not be sized. */
  readonly cost: Cost | null;
}

export interface Question {
  readonly evidence: Evidence;
  readonly wishes: Wishes;
  readonly prices: Prices;
}

/**
 * Every option of the strategies that were measured at a rate, the best first: those that meet all wishes by cost, then those that are open, then those that are out.
 * At the same price by name: times that differ by noise would make another choice of each run.
 */
export const optionsFor = (question: Question): readonly Option[] =>
  question.evidence.strategies
    .filter(({ load }) => load.kind === 'measured')
    .flatMap((strategy) => hostings.flatMap((hosting) => optionFor(question, strategy, hosting) ?? []))
    .toSorted(byStanding);

const standings: readonly Option['status'][] = ['meets', 'open', 'out'];

const byStanding = (a: Option, b: Option): number =>
  standings.indexOf(a.status) - standings.indexOf(b.status) ||
  (a.cost?.monthly ?? Number.MAX_VALUE) - (b.cost?.monthly ?? Number.MAX_VALUE) ||
  (a.name < b.name ? -1 : 1);

/** With as few copies as meet the wishes; null where nobody offers it. */
function optionFor(question: Question, strategy: StrategyEvidence, hosting: Hosting): Option | null {
  const isOffered =
    hosting === 'own' || isInApps(strategy) || managedSizes(question.prices, strategy.name).length > 0;
  if (!isOffered) return null;
  const [fewest, more] = copiesOf(strategy).map((copies) =>
    optionWith(question, { strategy, hosting, copies }),
  );
  if (fewest === undefined) return null;
  return more !== undefined && lossesOf(fewest) && !lossesOf(more) ? more : fewest;
}

/** A server that holds all may get a second one that takes over; a cluster has its own. */
function copiesOf(strategy: StrategyEvidence): readonly number[] {
  const own = measuredCopies(strategy);
  return own === 1 && withCopyOnPaper(strategy) !== null ? [1, 2] : [own];
}

const lossesOf = ({ judged }: Option): boolean =>
  judged.some(({ wish, verdict }) => wish === 'losses' && verdict === 'broken');

function optionWith(question: Question, candidate: Candidate): Option {
  const { strategy, hosting, copies } = candidate;
  const { wishes, prices, evidence } = question;
  const sizing = sizingOf(candidate, wishes, prices);
  const costed: Costed | null =
    sizing.kind === 'sized' ? { candidate, sizing, wishes, prices, mix: evidence.workload.mix } : null;
  const cost = costed === null ? null : costOf(costed);
  const judged = [
    judgeAnswers(strategy),
    ...judgeKeptApart(strategy),
    ...judgeHosting(candidate, wishes),
    ...judgeLosses(strategy, copies, wishes),
    ...judgeEndings(strategy, wishes),
    ...(wishes.slo === null ? [] : judgePromise(strategy, wishes.slo, wishes.rate.high)),
    ...judgeSize(sizing),
    ...judgeBudget(sizing, cost, wishes, prices),
  ];
  const suffix = [
    ...(hosting === 'managed' ? ['managed'] : []),
    ...(copies > measuredCopies(strategy) ? ['with a second copy'] : []),
  ];
  return {
    name: [strategy.name, ...(hosting === 'managed' ? ['managed'] : [])].join(', '),
    title: [strategy.title, ...suffix].join(', '),
    candidate,
    status: statusOf(judged),
    judged,
    sizing,
    cost,
  };
}

function statusOf(judged: readonly Judged[]): Option['status'] {
  if (judged.some(({ verdict }) => verdict === 'broken')) return 'out';
  return judged.some(({ verdict }) => verdict === 'open') ? 'open' : 'meets';
}

function judgeHosting({ strategy, hosting }: Candidate, wishes: Wishes): readonly Judged[] {
  if (wishes.hosting === null || hosting === wishes.hosting) return [];
  const who = hosting === 'own' ? 'its servers are your own' : 'its servers are run by a provider';
  const basis = { kind: 'assumed', what: 'as wished' } as const;
  if (isInApps(strategy)) return [broken('hosting', 'another way to run its balancer was wished', basis)];
  return [broken('hosting', who, basis)];
}

function judgeSize(sizing: Sizing | Unsized): readonly Judged[] {
  if (sizing.kind === 'sized') {
    const { apps, store, overcounted } = sizing;
    if (overcounted !== null) return [open('size', overcounted.shows, overcounted.remedy)];
    const shows =
      store === null
        ? `${apps.servers} servers of apps`
        : `${apps.servers} servers of apps, ${store.servers} of the store`;
    return [met('size', shows, sizing.basis.store ?? sizing.basis.apps)];
  }
  if (sizing.why === 'unknown') return sizing.lacks.map(({ shows, remedy }) => open('size', shows, remedy));
  return [broken('size', sizing.shows, { kind: 'assumed', what: 'the sizes of servers in the price book' })];
}

function judgeBudget(
  sizing: Sizing | Unsized,
  cost: Cost | null,
  { budget }: Wishes,
  { currency }: Prices,
): readonly Judged[] {
  if (budget === null || cost === null || sizing.kind === 'unsized') return [];
  const shows = `${cost.monthly.toFixed(2)} ${currency} a month`;
  const { overcounted } = sizing;
  // Too many servers put nothing out.
  if (overcounted !== null && cost.monthly > budget)
    return [open('budget', `${shows} at most`, overcounted.remedy)];
  const basis = { kind: 'priced', entries: [] } as const;
  return [
    cost.monthly <= budget
      ? met('budget', shows, basis)
      : broken('budget', `${shows}, wished ${wishedMoney(budget, currency)} at most`, basis),
  ];
}

/** The first wish that an option breaks; null where it breaks none. */
export const firstBroken = ({ judged }: Option): Judged | null =>
  judged.find(({ verdict }) => verdict === 'broken') ?? null;

export const openOf = ({ judged }: Option): readonly Judged[] =>
  judged.filter(({ verdict }) => verdict === 'open');

/** What is counted as too much says no more than that it costs no more. */
export const isSurelyPriced = ({ cost, sizing }: Option): boolean =>
  cost !== null && sizing.kind === 'sized' && sizing.overcounted === null;

/** The best option that meets all wishes; null where none is sure to. */
export const chosenOf = <Each extends Option>(options: readonly Each[]): Each | null =>
  options.find(({ status }) => status === 'meets') ?? null;
