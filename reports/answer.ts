/** The answer of a run, for a reader who has never seen the tool. No difference is claimed that no verdict carries. */

import type { Metric } from '../record/metrics.ts';
import type { Ranking, StrategySummary, Summary } from '../record/summary.ts';
import type { Verdict } from '../record/verdict.ts';
import { capacitySentence } from './capacity.ts';
import { fewestBlocksForAny, type JudgedMetric, sentenceOf, titleOf, verdictOn } from './comparisons.ts';
import { rateOf } from './design.ts';
import { servingCpu } from './summary.ts';
import {
  counted,
  formatClasses,
  formatCount,
  formatMicros,
  formatMs,
  inWords,
  listed,
  sumOf,
} from './words/format.ts';
import { effectSize, sizeBelow, twoDigits } from './words/sentence.ts';

export type Facts = Omit<Summary, 'answer' | 'findings' | 'versions'>;

/** What was found first, then in a second sentence what else matters: who could not keep up, who has no number, what was lost. */
export function answer(facts: Facts): string {
  if (facts.design.kind === 'search')
    return capacitySentence(facts, facts.design, wrongAnswers(facts.strategies));
  const measured = facts.strategies.filter(({ status }) => status === 'valid');
  const [first, ...others] = measured;
  if (!first) return nothingMeasured(facts);
  const what = others.length === 0 ? alone(first) : together(facts, measured);
  const wrong = wrongAnswers(facts.strategies);
  const start = wrong === '' ? circumstances(facts) : `${wrong}; ${lowerFirst(circumstances(facts))}`;
  const also = [overload(measured), without(facts.strategies), integrity(facts.strategies)]
    .filter((part) => part !== '')
    .join('; ');
  return `${start}, ${what}.${also === '' ? '' : ` ${upperFirst(also)}.`}`;
}

function nothingMeasured(facts: Facts): string {
  const reason = facts.strategies.flatMap(({ reasons }) => reasons)[0];
  const because = reason ? ` (${firstSentence(reason.message)})` : '';
  const wrong = wrongAnswers(facts.strategies);
  const also = wrong === '' ? '' : `; ${wrong}`;
  return `This run answers nothing: no strategy has a valid trial${because}${also}.`;
}

const upperFirst = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
const lowerFirst = (text: string): string => `${text[0]?.toLowerCase() ?? ''}${text.slice(1)}`;

const firstSentence = (text: string): string => text.trim().replace(/\.$/, '');

function circumstances(facts: Facts): string {
  const common = rateOf(facts.design);
  const rate = common ? `${formatCount(common.value)} requests/s` : 'the same load';
  const start = facts.status === 'finished' ? 'At' : 'In a run that did not end, at';
  return `${start} ${rate} on this machine`;
}

function alone(strategy: StrategySummary): string {
  const cpu = servingCpu(strategy.cpuMicrosPerRequest);
  const { read } = strategy.operations;
  const parts = [
    cpu === null ? null : `used ${formatMicros(cpu)} µs of CPU time per request`,
    read
      ? `answered half of the reads within ${formatMs(read.p50Ms)} ms and 99 % within ${formatMs(read.p99Ms)} ms`
      : null,
  ].filter((part) => part !== null);
  return `${strategy.title} ${parts.length > 0 ? listed(parts) : 'was measured'}`;
}

interface Ranked {
  readonly title: string;
  readonly value: number;
}

function ranked(
  strategies: readonly StrategySummary[],
  value: (strategy: StrategySummary) => number | null | undefined,
): { readonly least: Ranked; readonly most: Ranked } | null {
  const all = strategies
    .flatMap((strategy) => {
      const found = value(strategy);
      return found === null || found === undefined ? [] : [{ title: strategy.title, value: found }];
    })
    .sort((a, b) => a.value - b.value);
  const least = all[0];
  const most = all.at(-1);
  return least && most && all.length > 1 ? { least, most } : null;
}

function together(facts: Facts, strategies: readonly StrategySummary[]): string {
  const fewest = fewestBlocksForAny(facts.comparisons);
  if (fewest !== null) return firstImpression(facts, strategies, fewest);
  const clauses = facts.rankings.flatMap((ranking) => clauseOf(facts, ranking) ?? []);
  return clauses.length > 0 ? clauses.join('; ') : `${inWords(strategies.length)} strategies were measured`;
}

/** Measured values are told as what they are, after the warning that they decide nothing. */
function firstImpression(facts: Facts, strategies: readonly StrategySummary[], fewest: number): string {
  const blocks = Math.max(0, ...facts.comparisons.map(({ pairs }) => pairs));
  const repeated =
    blocks === 0
      ? 'no block has valid trials of two strategies'
      : `${counted(blocks, 'block')} of trials cannot tell a difference from chance`;
  const cpu = ranked(strategies, ({ cpuMicrosPerRequest }) => servingCpu(cpuMicrosPerRequest));
  const median = ranked(strategies, ({ operations }) => operations.read?.p50Ms);
  const seen = [
    cpu && `CPU time per request was ${rangeOf(cpu, formatMicros, 'µs')}`,
    median && `a typical read took ${rangeOf(median, formatMs, 'ms')}`,
  ].filter((part) => part !== null);
  const values = seen.length > 0 ? `: ${seen.join('; ')}` : '';
  return `a first impression and no verdict, since ${repeated} (it takes at least ${fewest} blocks)${values}`;
}

const rangeOf = (
  { least, most }: { readonly least: Ranked; readonly most: Ranked },
  format: (value: number) => string,
  unit: string,
): string =>
  `${format(least.value)} ${unit} (${least.title}) to ${format(most.value)} ${unit} (${most.title})`;

/** How a metric is spoken of to one who has never seen the tool. */
interface Words {
  readonly subject: string;
  readonly least: (who: string) => string;
  /** `Redis 18–23 % less than PostgreSQL` */
  readonly than: string;
}

const time = (subject: string): Words => ({
  subject,
  least: (who) => `${subject} takes the least time with ${who}`,
  than: 'less than with',
});

/** `write.p50` is left to the tables: three metrics are as much as a sentence carries. */
const spoken: Readonly<Partial<Record<Metric, Words>>> = {
  cpuPerRequest: {
    subject: 'CPU per request',
    least: (who) => `the least CPU per request is used by ${who}`,
    than: 'less than',
  },
  'read.p50': time('a typical read (p50)'),
  'read.p99': time('a slow read (p99)'),
} satisfies Partial<Record<JudgedMetric, Words>>;

function clauseOf(facts: Facts, ranking: Ranking): string | null {
  const words = spoken[ranking.metric];
  if (!words || ranking.ranked.length < 2) return null;
  const clause = ranking.allTied ? allTied(facts, ranking, words) : separated(facts, ranking, words);
  const apart = ranking.unranked.map((name) => titleOf(facts, name));
  return apart.length === 0 ? clause : `${clause} (${listed(apart)} could not be compared)`;
}

/** Those that no verdict puts behind another could be first, and no verdict separates them from each other. */
function separated(facts: Facts, { metric, ranked }: Ranking, words: Words): string {
  const [first, next] = ranked;
  const last = ranked.at(-1);
  if (!first || !next || !last) return words.subject;
  const leaders = ranked.filter(({ place }) => place.best === 1).map(({ strategy }) => strategy);
  const below = (other: string): string | null => {
    const found = verdictOn(facts, metric, first.strategy, other);
    if (found?.verdict !== 'DIFFERENT' || found.direction !== 'lower') return null;
    return `${sizeBelow(found.interval)} ${words.than} ${titleOf(facts, other)}`;
  };
  if (leaders.length > 1) {
    const contrast = below(last.strategy);
    const who = leaders.length <= mostNamed ? eitherOf(facts, leaders) : `one of ${inWords(leaders.length)}`;
    const more = contrast === null ? '' : ` (${titleOf(facts, first.strategy)} ${contrast})`;
    return `${words.least(who)}, which this run does not tell apart${more}`;
  }
  if (ranked.length === 2 && metric === 'cpuPerRequest')
    return inFull(facts, metric, first.strategy, last.strategy);
  const contrasts = [...new Set([next.strategy, last.strategy])].map(below).filter((each) => each !== null);
  const sizes = contrasts.length === 0 ? '' : `, ${listed(contrasts)}`;
  return `${words.least(titleOf(facts, first.strategy))}${sizes}`;
}

/** `Redis uses 18–23 % less CPU per request than PostgreSQL` */
function inFull(facts: Facts, metric: Metric, candidate: string, baseline: string): string {
  const verdict = verdictOn(facts, metric, candidate, baseline);
  return verdict === null ? '' : sentenceOf(facts, verdict);
}

function allTied(facts: Facts, { metric, ranked }: Ranking, words: Words): string {
  const verdicts = facts.comparisons.filter((each) => each.metric === metric);
  if (verdicts.every(({ verdict }) => verdict === 'SAME')) {
    const who = ranked.length === 2 ? 'both' : `all ${inWords(ranked.length)}`;
    return `${words.subject} is the same for ${who} to within ${farthestApart(verdicts)}`;
  }
  return `${words.subject} is inconclusive: ${sightOf(verdicts)}`;
}

const farthestApart = (verdicts: readonly Verdict[]): string => {
  const ends = verdicts.flatMap(({ interval }) =>
    interval.kind === 'bounded' ? [interval.high, 1 / interval.low] : [],
  );
  return `${twoDigits((Math.max(1, ...ends) - 1) * 100)} %`;
};

/** What the open comparisons could have shown: the coarsest of them, so that nothing smaller is promised. */
function sightOf(verdicts: readonly Verdict[]): string {
  const open = verdicts.filter(({ verdict }) => verdict === 'INCONCLUSIVE');
  const seeable = open.flatMap(({ smallestEffect }) =>
    smallestEffect.kind === 'effect' ? [smallestEffect.ratio] : [],
  );
  if (seeable.length < open.length) return 'too few blocks have valid trials';
  return `this run could only have seen ${effectSize(Math.max(...seeable))}`;
}

const eitherOf = (facts: Facts, names: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(names.map((name) => titleOf(facts, name)));

/** More names than this are a list to read in the table, not in a sentence. */
const mostNamed = 3;

/** A reader must not take the strategies of the sentence for all of the run. */
function without(strategies: readonly StrategySummary[]): string {
  const missing = strategies.filter(({ status }) => status !== 'valid');
  if (missing.length === 0) return '';
  const who =
    missing.length <= mostNamed
      ? listed(missing.map(({ title }) => title))
      : `${inWords(missing.length)} of ${inWords(strategies.length)} strategies`;
  return `${who} ${missing.length === 1 ? 'has' : 'have'} no valid trial`;
}

/** Comes first: speed is no merit of a strategy that answers wrongly. */
function wrongAnswers(strategies: readonly StrategySummary[]): string {
  const wrong = strategies.filter(({ violations }) => sumOf(violations) > 0);
  const named = wrong.map(({ title, violations }) => `${title} (${formatClasses(violations)})`);
  return wrong.length === 0 ? '' : `Wrong answers came from ${listed(named)}`;
}

function integrity(strategies: readonly StrategySummary[]): string {
  const tried = strategies.filter(({ trials }) => trials.valid + trials.invalid > 0);
  if (tried.some(({ violations }) => sumOf(violations) > 0)) return '';
  if (tried.some(({ status, trials }) => status !== 'valid' || trials.invalid > 0))
    return 'no wrong answer was seen';
  if (tried.length === 1) return 'every session was kept';
  return `${tried.length === 2 ? 'both' : `all ${inWords(tried.length)}`} kept every session`;
}

/** Below this share of the offered rate a strategy did not keep up. */
const keptUpShare = 0.99;

function overload(measured: readonly StrategySummary[]): string {
  const behind = measured.filter(
    ({ offeredRate, achievedRate }) => (achievedRate ?? 0) < (offeredRate ?? 0) * keptUpShare,
  );
  if (behind.length === 0) return '';
  const named = behind.map(
    ({ title, achievedRate }) => `${title} (${formatCount(achievedRate ?? 0)} requests/s)`,
  );
  return `${listed(named)} could not keep up`;
}
