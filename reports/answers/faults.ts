/** The answer of a run of faults: who kept every session, and who lost some to what. */
import type { FaultResult } from '../../record/faults.ts';
import { type FaultFacts, titleOf } from '../facts/facts.ts';
import { resultsOf } from '../facts/faults.ts';
import { brief, clause, sentenceOf, shortTitle } from '../words/brief.ts';
import { counted, formatCount, listed, upperFirst } from '../words/format.ts';
import { type Said, said } from './answer.ts';

export function faultsAnswer(facts: FaultFacts): Said {
  const tried = facts.inOrder.map(({ name, title }) => ({
    title: shortTitle({ name, title }),
    results: resultsOf(facts.design, name).filter(({ survival }) => survival !== 'unknown'),
  }));
  const known = tried.filter(({ results }) => results.length > 0);
  const harmed = known.filter(({ results }) => results.some(isHarmed));
  const whole = known.filter(({ results }) => !results.some(isHarmed));
  const statements = [survivors(whole), ...harmed.map(harmOf), unknown(facts)];
  const [first = '', ...others] = statements.filter((text) => text !== '');
  const start = facts.status === 'finished' ? '' : 'In a run that did not end, ';
  const { text } = brief(start, [
    clause(first === '' ? 'nothing is known: no trial of a fault is valid' : first),
    ...others.map(clause),
    sentenceOf(''),
  ]);
  return said(upperFirst(text), [...statements, ...everyHarm(facts)]);
}

const isHarmed = ({ survival }: FaultResult): boolean => survival === 'harmed';

interface Tried {
  readonly title: string;
  readonly results: readonly FaultResult[];
}

function survivors(whole: readonly Tried[]): string {
  if (whole.length === 0) return '';
  const counts = [...new Set(whole.map(({ results }) => results.length))];
  const [count] = counts;
  const of = counts.length === 1 && count !== undefined ? counted(count, 'fault') : 'every fault';
  return `${listed(whole.map(({ title }) => title))} kept every session through ${of}`;
}

const harmOf = ({ title, results }: Tried): string =>
  `${title} was harmed by ${formatCount(results.filter(isHarmed).length)} of ${formatCount(results.length)}`;

function unknown({ design }: FaultFacts): string {
  const count = design.results.filter(({ survival }) => survival === 'unknown').length;
  return count === 0 ? '' : `nothing is known of ${counted(count, 'other trial')}`;
}

/** One for each strategy that was harmed: by what, and how. */
const everyHarm = (facts: FaultFacts): string[] =>
  facts.inOrder.flatMap(({ name }) => {
    const harmed = resultsOf(facts.design, name).filter(isHarmed);
    if (harmed.length === 0) return [];
    const parts = harmed.map(({ fault, why }) => {
      const title = facts.design.faults.find((each) => each.name === fault)?.title ?? fault;
      return `${title}: ${listed(why)}`;
    });
    return [`${titleOf(facts, name)}: ${parts.join('; ')}`];
  });
