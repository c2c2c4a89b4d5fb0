/** The answer of a run of distances: what each millisecond between apps and servers costs. */
import { resultOf } from '../facts/distance.ts';
import type { DistanceFacts } from '../facts/facts.ts';
import { brief, clause, sentenceOf, shortTitle } from '../words/brief.ts';
import { inWords, listed, lowerFirst, upperFirst } from '../words/format.ts';
import { tripsInWords, wholeTrips } from '../words/round-trips.ts';
import { type Said, said } from './answer.ts';
import { failed, integrity, mostNamed, without, wrongAnswers } from './integrity.ts';

/** What a read and a write cost, in milliseconds for each millisecond of distance. */
interface Cost {
  readonly read: number;
  readonly write: number;
}

export function distanceAnswer(facts: DistanceFacts): Said {
  const groups = groupsOf(facts);
  const costs = groups.map(([cost, titles]) => `${costInWords(cost)} with ${namesOf(titles)}`);
  const parts = [...costs.map(clause), sentenceOf(onPaper(facts))];
  const answer =
    costs.length > 0
      ? brief(opening(facts), parts, ', and ').text
      : brief('', [clause(withWrong(facts, UNTOLD)), ...parts]).text;
  return said(answer, [
    ...differences(facts),
    failed(facts.strategies),
    without(facts.strategies),
    integrity(facts),
  ]);
}

const UNTOLD = 'What each millisecond between apps and servers costs could not be told in this run';

const opening = (facts: DistanceFacts): string =>
  withWrong(
    facts,
    `${facts.status === 'finished' ? 'Each' : 'In a run that did not end, each'} millisecond between apps and servers costs `,
  );

/** What is wrong comes first. */
function withWrong({ strategies }: DistanceFacts, text: string): string {
  const wrong = wrongAnswers(strategies) || upperFirst(failed(strategies));
  return wrong === '' ? text : `${wrong}; ${lowerFirst(text)}`;
}

/** Strategies of which both are known, by what they are; most strategies first. */
function groupsOf({ design, inOrder }: DistanceFacts): readonly (readonly [Cost, readonly string[]])[] {
  const known = inOrder.flatMap((strategy) => {
    const [read, write] = (['read', 'write'] as const).map((operation) => {
      const result = resultOf(design, strategy.name, operation);
      return result && wholeTrips(result);
    });
    return typeof read === 'number' && typeof write === 'number'
      ? [{ title: shortTitle(strategy), cost: { read, write } }]
      : [];
  });
  const groups = Map.groupBy(known, ({ cost }) => `${cost.read} ${cost.write}`);
  return [...groups.values()]
    .toSorted((a, b) => b.length - a.length)
    .flatMap((group) => {
      const [first] = group;
      return first ? [[first.cost, group.map(({ title }) => title)] as const] : [];
    });
}

const costInWords = ({ read, write }: Cost): string =>
  read === 0 && write === 0 ? 'nothing' : `a read ${read} ms and a write ${write} ms`;

const namesOf = (titles: readonly string[]): string =>
  titles.length <= mostNamed ? listed(titles) : `${inWords(titles.length)} strategies`;

/** Whether what was measured is what the strategies say. */
function onPaper({ design }: DistanceFacts): string {
  const judged = design.results.filter(({ verdict }) => verdict !== 'open');
  if (judged.length === 0) return '';
  const differ = new Set(
    judged.filter(({ verdict }) => verdict === 'different').map(({ strategy }) => strategy),
  );
  if (differ.size === 0) return 'Round trips are as each strategy says';
  const wait =
    differ.size === 1
      ? 'strategy waits for other round trips than it says'
      : 'strategies wait for other round trips than they say';
  return `${upperFirst(inWords(differ.size))} ${wait}`;
}

const differences = ({ design, strategies }: DistanceFacts): string[] =>
  strategies.flatMap((strategy) =>
    design.results
      .filter((result) => result.strategy === strategy.name && result.verdict === 'different')
      .map((result) => `with ${shortTitle(strategy)} ${tripsInWords(result)}`),
  );
