/** What several runs come to together, for a reader who has never seen the tool. No difference is claimed that no verdict carries. */
import type { FaultResult } from '../../record/faults.ts';
import type { CapacityAnswer } from '../../record/search.ts';
import { type Said, said } from '../answers/answer.ts';
import { mostNamed, wrongAnswers } from '../answers/integrity.ts';
import { metricClauses } from '../answers/rankings.ts';
import { heightOf } from '../facts/searches.ts';
import { Verdicts } from '../facts/verdicts.ts';
import { toolWords } from '../pages/parts/setting.ts';
import { type Brief, brief, clause, sentenceOf, shortTitle } from '../words/brief.ts';
import { capacityInWords, promiseInWords } from '../words/capacity.ts';
import { inWords, listed, lowerFirst, perSecond, upperFirst } from '../words/format.ts';
import type { OverviewFacts } from './facts.ts';
import { designTitles, inOrder, type Source } from './source.ts';

export function overviewAnswer(facts: OverviewFacts, sources: readonly Source[]): Said {
  const wrong = wrongWords(sources);
  const [cost = '', ...others] = costClauses(sources);
  const told = (capacity: string): Brief => {
    const clauses = [cost, keptClause(facts), capacity, ...others].filter((text) => text !== '');
    return brief(wrong === '' ? '' : `${wrong}; `, [
      ...clauses.map((each, i) => clause(i === 0 && wrong === '' ? upperFirst(each) : each)),
      sentenceOf(clauses.length === 0 ? nothing : ''),
    ]);
  };
  const whole = told(capacityClause(facts, underPromise(facts)));
  const { text } = whole.left.length === 0 ? whole : told(capacityClause(facts, 'under the promise below'));
  const own = facts.runs.map(({ design, answer }) => `${designTitles[design]}: ${answer}`);
  return said(text, [...own, ...notes(facts)].map(withoutStop));
}

/** In runs of faults wrong answers are what the faults did: the table has them. */
const wrongWords = (sources: readonly Source[]): string =>
  inOrder(sources)
    .filter(({ record }) => record.design.kind !== 'faults')
    .map(({ summary }) => wrongAnswers(summary.strategies))
    .find((text) => text !== '') ?? '';

const underPromise = ({ promise }: OverviewFacts): string =>
  promise === null ? '' : `under ${promiseInWords(promise)}`;

const nothing = 'These runs compare nothing: none of them has a valid trial of two strategies';

/** Details get their full stop where they are told. */
const withoutStop = (text: string): string => text.replace(/\.$/, '');

/** CPU time first, at its rate. */
function costClauses(sources: readonly Source[]): readonly string[] {
  const blocks = sources.find(({ record }) => record.design.kind === 'blocks');
  if (blocks === undefined || blocks.summary.design.kind !== 'blocks') return [];
  const { design, strategies, rankings, comparisons } = blocks.summary;
  const verdicts = new Verdicts(comparisons);
  const [first, ...others] = metricClauses({ strategies, rankings, verdicts });
  if (first === undefined) return [];
  const at = design.rate === null ? '' : `at ${perSecond(design.rate.value, 'request')}, `;
  const { different, same } = verdicts.tally;
  if (different + same === 0) return [`${at}no difference in cost or time is certain`];
  return [`${at}${lowerCpu(first)}`, ...others];
}

/** `CPU per request is …` stays as it is within a sentence. */
const lowerCpu = (text: string): string => (text.startsWith('CPU') ? text : lowerFirst(text));

type Titled = { readonly title: string; readonly name: string };

const whoOf = (some: readonly Titled[], all: number): string =>
  some.length <= mostNamed
    ? listed(some.map(shortTitle))
    : `${inWords(some.length)} of ${inWords(all)} strategies`;

/** The gravest fault of stores that was made: who kept every session. */
const gravest = ['store-kill', 'store-restart', 'app-kill'];

function keptClause({ faults, strategies }: OverviewFacts): string {
  const fault = gravest.flatMap((name) => faults.find((each) => each.name === name) ?? [])[0];
  if (fault === undefined) return '';
  const told = strategies.flatMap((line) => {
    const found = line.faults[fault.name];
    return found?.kind === 'measured' && found.result.survival !== 'unknown'
      ? [{ line, result: found.result }]
      : [];
  });
  const kept = told.filter(({ result }) => keptAll(result)).map(({ line }) => line);
  if (told.length === 0) return '';
  if (kept.length === 0)
    return `none of ${inWords(told.length)} strategies kept every session (${fault.title})`;
  return `${whoOf(kept, told.length)} kept every session (${fault.title})`;
}

const keptAll = ({ survival, sessions }: FaultResult): boolean =>
  survival === 'survived' && sessions?.lost === 0;

interface Carried extends Titled {
  readonly answer: CapacityAnswer;
}

/** Strategies whose intervals overlap with that of the highest are not told apart from it. */
function capacityClause({ strategies, promise }: OverviewFacts, under: string): string {
  const carried = strategies
    .flatMap(({ name, title, capacity }): Carried[] =>
      capacity.kind === 'measured' && capacity.answer.limit !== 'unknown' && capacity.answer.low !== null
        ? [{ name, title, answer: capacity.answer }]
        : [],
    )
    .toSorted((a, b) => heightOf(b.answer) - heightOf(a.answer));
  const [first, ...others] = carried;
  if (first === undefined || promise === null || others.length === 0) return '';
  const level = others.filter(
    ({ answer }) => (answer.high ?? Number.POSITIVE_INFINITY) >= (first.answer.low ?? 0),
  );
  return level.length === 0
    ? `${shortTitle(first)} carried the most, ${capacityInWords(first.answer)} requests/s ${under}`
    : `${whoOf([first, ...level], carried.length)} carried the most, not told apart (${shortTitle(first)} ${capacityInWords(first.answer)} requests/s ${under})`;
}

/** What a reader should know before numbers of several runs are set side by side. */
function notes({ runs, missing }: OverviewFacts): string[] {
  const tools = [...new Set(runs.map(({ tool }) => toolWords(tool)))];
  const early = runs.filter(({ status }) => status !== 'finished');
  return [
    ...early.map(
      ({ id, status }) =>
        `run ${id} did not come to its end (${status}): the table has what it measured until then`,
    ),
    ...(tools.length > 1 ? [`the runs are of different code: ${listed(tools)}`] : []),
    ...missing.map(
      ({ what, strategies }) => `${what}: not measured for ${listed(strategies)}; the command is below`,
    ),
  ];
}
