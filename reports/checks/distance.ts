/** What a reader should know of the round trips that were found. */
import { type Finding, findingOf } from '../../record/reasons.ts';
import { type DistanceFacts, titleOf } from '../facts/facts.ts';
import { listed } from '../words/format.ts';
import { anOperation, operationsOf, tripsInWords } from '../words/round-trips.ts';
import type { Check } from './check.ts';

/** One for each strategy that waits for others than it says. */
export const roundTripsDiffer: Check<DistanceFacts> = ({ design, strategies }) =>
  strategies.flatMap(({ name, title }): Finding[] => {
    const wrong = design.results.filter(
      ({ strategy, verdict }) => strategy === name && verdict === 'different',
    );
    if (wrong.length === 0) return [];
    return [findingOf('round-trips-differ', `${title}: ${listed(wrong.map(tripsInWords))}.`)];
  });

/** All together: why they are open is the same for all, noise or too few trials. */
export const roundTripsOpen: Check<DistanceFacts> = (facts) => {
  const { results } = facts.design;
  const open = results.filter(({ verdict, expected }) => verdict === 'open' && expected !== null);
  if (open.length === 0) return [];
  const byStrategy = Map.groupBy(open, ({ strategy }) => strategy);
  const named = [...byStrategy].map(
    ([strategy, some]) =>
      `${titleOf(facts, strategy)} (${listed(some.map(({ operation }) => anOperation(operation)))})`,
  );
  const message = `How many round trips ${operationsOf(open.length, results.length)} wait for is open: ${named.join('; ')}. The intervals hold more than one whole number, or rest on too few trials.`;
  return [findingOf('round-trips-open', message)];
};
