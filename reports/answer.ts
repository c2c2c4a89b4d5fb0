/** The answer of a run in one sentence, for a reader who has never seen the tool. It describes; it does not test. */
import { capacitySentence } from './capacity.ts';
import {
  counted,
  formatClasses,
  formatCount,
  formatMicros,
  formatMs,
  formatRatio,
  inWords,
  listed,
  sumOf,
} from './format.ts';
import type { StrategySummary, Summary } from './schema/summary.ts';
import { servingCpu } from './summary.ts';

export type Facts = Omit<Summary, 'answer' | 'findings' | 'comparisons' | 'versions'>;

export function answer(facts: Facts): string {
  if (facts.capacity) return capacitySentence(facts, wrongAnswers(facts.strategies));
  const measured = facts.strategies.filter(({ status }) => status === 'valid');
  const [first, ...others] = measured;
  if (!first) return nothingMeasured(facts);
  const what = others.length === 0 ? alone(first) : together(facts, measured);
  const wrong = wrongAnswers(facts.strategies);
  const start = wrong === '' ? circumstances(facts) : `${wrong}; ${lowerFirst(circumstances(facts))}`;
  return `${start}, ${what}${overload(measured)}${without(facts.strategies)}${integrity(facts.strategies)}${caution(facts, measured)}.`;
}

function nothingMeasured(facts: Facts): string {
  const reason = facts.strategies.flatMap(({ reasons }) => reasons)[0];
  const because = reason ? ` (${firstSentence(reason.message)})` : '';
  const wrong = wrongAnswers(facts.strategies);
  const also = wrong === '' ? '' : `; ${wrong}`;
  return `This run answers nothing: no strategy has a valid trial${because}${also}.`;
}

const lowerFirst = (text: string): string => `${text[0]?.toLowerCase() ?? ''}${text.slice(1)}`;

const firstSentence = (text: string): string => text.trim().replace(/\.$/, '');

function circumstances(facts: Facts): string {
  const rate = facts.rate ? `${formatCount(facts.rate.value)} requests/s` : 'the same load';
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
  const cpu = ranked(strategies, ({ cpuMicrosPerRequest }) => servingCpu(cpuMicrosPerRequest));
  const median = ranked(strategies, ({ operations }) => operations.read?.p50Ms);
  const parts: string[] = [];
  if (cpu) {
    const ratio = cpu.least.value > 0 ? `, ${formatRatio(cpu.most.value / cpu.least.value)}` : '';
    const least = leastOf(facts, strategies);
    parts.push(
      `${least} used the least CPU time per request (${formatMicros(cpu.least.value)} µs) and ` +
        `${cpu.most.title} the most (${formatMicros(cpu.most.value)} µs${ratio})`,
    );
  }
  if (median)
    parts.push(
      `a typical read took ${formatMs(median.least.value)} ms (${median.least.title}) to ` +
        `${formatMs(median.most.value)} ms (${median.most.title})`,
    );
  return parts.length > 0 ? parts.join('; ') : `${inWords(strategies.length)} strategies were measured`;
}

/** Names the cheapest strategy, and with it those whose trials overlap with the trials of the cheapest. */
function leastOf(facts: Facts, strategies: readonly StrategySummary[]): string {
  const ranges = strategies
    .map(({ name, title, cpuMicrosPerRequest }) => ({
      title,
      mean: servingCpu(cpuMicrosPerRequest) ?? Number.POSITIVE_INFINITY,
      trials: facts.trials
        .filter((trial) => trial.strategy === name && trial.status === 'valid')
        .map((trial) => servingCpu(trial.cpuMicrosPerRequest) ?? Number.POSITIVE_INFINITY),
    }))
    .sort((a, b) => a.mean - b.mean);
  const [least, ...others] = ranges;
  if (!least) return '';
  const reach = Math.max(...least.trials);
  const level = others.filter(({ trials }) => Math.min(...trials) <= reach).map(({ title }) => title);
  return level.length === 0
    ? least.title
    : `${least.title} (level with ${listed(level)}: their trials overlap)`;
}

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
  return `; ${who} ${missing.length === 1 ? 'has' : 'have'} no valid trial`;
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
    return '; no wrong answer was seen';
  if (tried.length === 1) return '; every session was kept';
  return `; ${tried.length === 2 ? 'both' : `all ${inWords(tried.length)}`} kept every session`;
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
  return `; ${listed(named)} could not keep up`;
}

function caution(facts: Facts, measured: readonly StrategySummary[]): string {
  if (measured.length < 2) return '';
  const blocks = Math.min(...measured.map(({ trials }) => trials.valid));
  if (blocks > 1) return ` (${counted(facts.plan.blocks, 'block')}, differences not tested)`;
  return ' (one trial each: too few to tell a difference from chance)';
}
