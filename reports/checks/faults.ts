/** What a reader should know of faults: what was not as it should be, and what could not be tried. */
import { type Finding, findingOf } from '../../record/reasons.ts';
import { type FaultFacts, titleOf } from '../facts/facts.ts';
import { isBetter, isWorse } from '../facts/fault-verdicts.ts';
import { fateWords } from '../words/faults.ts';
import { counted, listed } from '../words/format.ts';
import type { Check } from './check.ts';

const faultTitle = ({ design }: FaultFacts, name: string): string =>
  design.faults.find((fault) => fault.name === name)?.title ?? name;

/** What was seen is not what the strategy says of itself. */
export const unexpectedResults: Check<FaultFacts> = (facts) =>
  facts.design.results.flatMap((result): Finding[] => {
    const { strategy, fault, expected, why } = result;
    if (expected === null) return [];
    const where = `${titleOf(facts, strategy)}, ${faultTitle(facts, fault)}`;
    if (isWorse(result))
      return [
        findingOf(
          'worse-than-expected',
          `${where}: on paper it ${fateWords[expected]}, and it ${listed(why)}.`,
        ),
      ];
    return isBetter(result)
      ? [findingOf('better-than-expected', `${where}: on paper it ${fateWords[expected]}, and it kept all.`)]
      : [];
  });

/** Where nothing is expected, another's session is a wrong answer all the same. */
export const crossedSessions: Check<FaultFacts> = (facts) =>
  facts.design.results.flatMap(({ strategy, fault, crossed, expected }): Finding[] => {
    if ((crossed ?? 0) === 0 || expected !== null) return [];
    const times = counted(crossed ?? 0, 'time');
    return [
      findingOf(
        'violations',
        `${titleOf(facts, strategy)} showed ${times} somebody else's session, ${faultTitle(facts, fault)}.`,
      ),
    ];
  });

/** One finding for each reason: the strategies, and the faults that they cannot have for it. */
export const impossibleFaults: Check<FaultFacts> = (facts) => {
  const all = facts.design.faults.flatMap(({ title, impossible }) => {
    const byReason = Map.groupBy(Object.entries(impossible), ([, why]) => why);
    return [...byReason].map(([why, those]) => ({
      title,
      why,
      who: listed(those.map(([name]) => titleOf(facts, name))),
    }));
  });
  return [...Map.groupBy(all, ({ why, who }) => `${who}: ${why}`)].map(([said, same]) =>
    findingOf('fault-impossible', `Not tried (${listed(same.map(({ title }) => title))}) with ${said}.`),
  );
};
