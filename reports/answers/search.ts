/** The answer of a run that searched for capacity. */
import type { CapacityAnswer } from '../../record/search.ts';
import type { SearchFacts } from '../facts/facts.ts';
import { capacityOf } from '../facts/searches.ts';
import { brief, clause, countWords, endOf, type Part, sentenceOf, shortTitle } from '../words/brief.ts';
import { capacityInWords, promiseInWords } from '../words/capacity.ts';
import {
  formatCount,
  inWords,
  listed,
  lowerFirst,
  perSecond,
  plainNumber,
  upperFirst,
} from '../words/format.ts';
import { type Said, said } from './answer.ts';
import { failed, integrity, mostNamed, wrongAnswers } from './integrity.ts';

interface Answered {
  /** Short enough for a sentence. */
  readonly title: string;
  readonly capacity: CapacityAnswer;
}

export function searchAnswer(facts: SearchFacts): Said {
  const { design, inOrder, strategies } = facts;
  const answered = inOrder.flatMap(({ name, title }): Answered[] => {
    const capacity = capacityOf(design, name);
    return capacity === null ? [] : [{ title: shortTitle({ name, title }), capacity }];
  });
  const found = answered.filter(({ capacity: { limit } }) => limit === 'strategy');
  const atLeast = answered.filter(({ capacity: { limit, low } }) => limit !== 'strategy' && low !== null);
  const none = withoutBounds(
    answered.filter(({ capacity: { limit, low } }) => limit !== 'strategy' && low === null),
  );
  const [first = 'this run found no capacity: no search came to an answer', ...others] = [
    ...[...found, ...atLeast].map(({ title, capacity }, i) =>
      i === 0
        ? `${title} carried ${capacityInWords(capacity)} requests/s`
        : `${title} ${capacityInWords(capacity)}`,
    ),
    ...none,
  ];
  const parts = [clause(first), sentenceOf(level(found)), ...others.map(clause)] as const;
  return said(fitted(opening(facts), parts), [
    carried(found, design.precision),
    carried(atLeast, design.precision),
    ...none,
    level(found),
    failed(strategies),
    unmeasured(facts),
    integrity(facts),
  ]);
}

/** A longer promise is told on the page. */
const mostWordsOfPromise = 16;

function opening({ design, status, strategies }: SearchFacts): string {
  const promise = promiseInWords(design.promise);
  const told = countWords(promise) <= mostWordsOfPromise ? promise : 'the promise below';
  const under = `${status === 'finished' ? 'Under' : 'In a run that did not end, under'} ${told}, `;
  const wrong = wrongAnswers(strategies) || upperFirst(failed(strategies));
  return wrong === '' ? under : `${wrong}; ${lowerFirst(under)}`;
}

/** What finds no room is at least counted. */
function fitted(start: string, [first, ...others]: readonly [Part, ...Part[]]): string {
  const told = (more: number) => brief(start, [first, endOf(moreBelow(more)), ...others], ', ');
  const { text, left } = told(0);
  return left.length === 0 ? text : told(told(left.length).left.length).text;
}

const moreBelow = (count: number): string => (count === 0 ? '' : `${formatCount(count)} more below`);

/** `Redis carried 2,300–2,450 requests/s on this machine and PostgreSQL 1,500–1,600`. */
function carried(strategies: readonly Answered[], precision: number): string {
  return listed(
    strategies.map(({ title, capacity }, i) => {
      const unit = i === 0 ? ' requests/s on this machine' : '';
      const verb = i === 0 ? ' carried' : '';
      return `${title}${verb} ${capacityInWords(capacity)}${unit}${remark(capacity, precision)}`;
    }),
  );
}

/** What must be said with a number, so that it is not taken for more than it is. */
function remark({ limit, precise }: CapacityAnswer, precision: number): string {
  if (limit === 'strategy')
    return precise ? '' : ` (wider than the ±${plainNumber(precision * 100)} % aimed at)`;
  if (limit === 'generator') return ' (the generator, not the strategy, was the limit)';
  return limit === 'all-passed' ? ' (the highest rate that was tried)' : ' (its limit was not found)';
}

function withoutBounds(strategies: readonly Answered[]): string[] {
  const unknown = strategies.filter(({ capacity }) => isUnknown(capacity)).map(({ title }) => title);
  const rest = strategies.filter(({ capacity }) => !isUnknown(capacity)).map(withoutBound);
  if (unknown.length === 0) return rest;
  const who = unknown.length <= mostNamed ? listed(unknown) : `${inWords(unknown.length)} strategies`;
  return [...rest, `nothing is known of ${who}`];
}

const isUnknown = ({ limit, high }: CapacityAnswer): boolean => limit === 'unknown' && high === null;

function withoutBound({ title, capacity: { limit, high, generatorLimit } }: Answered): string {
  if (limit === 'generator')
    return `nothing is known of ${title}, since the generator gave out at ${perSecond(generatorLimit ?? 0, 'request')} already`;
  if (limit === 'none-passed')
    return `${title} kept it at no rate, not even at ${perSecond(high ?? 0, 'request')}`;
  return `nothing is known of ${title} but that it broke the promise at ${perSecond(high ?? 0, 'request')}`;
}

/** Strategies whose intervals overlap with that of the first are not told apart from it. */
function level(found: readonly Answered[]): string {
  const [first, ...others] = found;
  const same = others.filter(({ capacity }) => (capacity.high ?? 0) >= (first?.capacity.low ?? 0));
  if (!first || same.length === 0) return '';
  const who = [first, ...same].map(({ title }) => title);
  const named = who.length <= mostNamed ? listed(who) : `The first ${inWords(who.length)}`;
  return `${named} are not told apart, since their intervals overlap`;
}

function unmeasured({ design, strategies }: SearchFacts): string {
  const missing = strategies.filter(({ name }) => capacityOf(design, name) === null);
  if (missing.length === 0) return '';
  return missing.length <= mostNamed
    ? `${listed(missing.map(shortTitle))} ${missing.length === 1 ? 'was' : 'were'} not searched`
    : `${inWords(missing.length)} strategies were not searched`;
}
