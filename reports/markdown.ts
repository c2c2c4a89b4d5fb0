/** `report.md`: the summary as GitHub-flavoured Markdown, for a job summary or a pull request. */

import { type OperationName, operationNames } from '../record/common.ts';
import type { StrategySummary, Summary } from '../record/summary.ts';
import { byCapacity, capacityInWords, capacityOf, limitInWords, promiseExplained } from './capacity.ts';
import { againstReference, referenceOf, reportRule, tallyVerdicts, titleOf } from './comparisons.ts';
import { rateOf } from './design.ts';
import { isThin } from './findings.ts';
import { inReadingOrder } from './order.ts';
import { servingCpu } from './summary.ts';
import { tallyOf } from './table.ts';
import {
  absent,
  formatCount,
  formatGiB,
  formatMiB,
  formatMicros,
  formatMs,
  formatRatio,
  orAbsent,
} from './words/format.ts';
import { metricTitle } from './words/metric.ts';
import { printable } from './words/printable.ts';
import { twoDigits } from './words/sentence.ts';
import { formatP, intervalText, placeText, ratioText, smallestEffectText } from './words/verdict.ts';

export function markdown(summary: Summary): string {
  const strategies = inReadingOrder(summary);
  return [
    '# session-bench',
    `**${escaped(summary.answer)}**`,
    ...findingLines(summary),
    ...capacityLines(summary),
    summary.design.kind === 'search'
      ? '## Strategies, at the highest rate that kept the promise'
      : '## Strategies',
    overview(strategies),
    ...comparisonLines(summary),
    '## Latency in ms, from the intended start',
    latency(strategies),
    '## What was measured',
    measured(summary),
    '',
  ].join('\n\n');
}

/** Everything that Markdown or the HTML inside it could take for its own. */
export const escaped = (text: string): string =>
  printable(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]#|~@$]/g, (character) => `\\${character}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/:\/\//g, ':&#47;&#47;');

export const signs = { alarm: '🛑 **Wrong answers**', warning: '⚠️ **Warning**', note: 'ℹ️ Note' } as const;

function findingLines(summary: Summary): string[] {
  if (summary.findings.length === 0) return [];
  const lines = summary.findings.map(
    ({ severity, message, remedy }) => `- ${signs[severity]}: ${escaped(message)} ${escaped(remedy)}`,
  );
  return ['## Read this first', lines.join('\n')];
}

function capacityLines(summary: Summary): string[] {
  const { design } = summary;
  if (design.kind !== 'search') return [];
  const rows = [...summary.strategies]
    .sort(byCapacity(summary))
    .map(({ name, title }) => ({ title, answer: capacityOf(summary, name) }))
    .map(({ title, answer }) => [
      escaped(title),
      answer ? limitInWords[answer.limit] : 'not searched',
      orAbsent(answer?.rate, formatCount),
      orAbsent(answer ? capacityInWords(answer) : null, String),
      orAbsent(answer?.trials, formatCount),
      ...(['kept', 'broken', 'generatorLimited', 'invalid'] as const).map((kind) =>
        orAbsent(answer?.outcomes[kind], formatCount),
      ),
    ]);
  return [
    '## Capacity',
    `The highest rate, in requests/s, at which ${escaped(promiseExplained(design.promise))}, and no answer is wrong. An interval holds it with ${design.confidence * 100} % confidence; at most ${design.maxTrials} trials a strategy.`,
    table(
      [
        'Strategy',
        'Limit',
        'Capacity',
        'Interval',
        'Trials',
        'kept',
        'broken',
        'beyond the generator',
        'repeated',
      ],
      rows,
      2,
    ),
  ];
}

/** The first `textColumns` columns hold words, the others numbers. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: number,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = headings.map((_, i) => (i < textColumns ? ':--' : '--:'));
  return [line(headings), line(rule), ...rows.map(line)].join('\n');
}

function overview(strategies: readonly StrategySummary[]): string {
  const least = Math.min(
    ...strategies.map(({ cpuMicrosPerRequest }) => servingCpu(cpuMicrosPerRequest) ?? Infinity),
  );
  const headings = [
    'Strategy',
    'Status',
    'CPU µs/request',
    'to the least',
    'balancer',
    'app',
    'store',
    'Memory app MiB',
    'store MiB',
    'Requests/s',
    'Wrong answers',
    'Errors',
  ];
  const rows = strategies.map((strategy) => {
    const cpu = servingCpu(strategy.cpuMicrosPerRequest);
    const { balancer, app, store } = strategy.cpuMicrosPerRequest;
    return [
      escaped(strategy.title),
      strategy.status === 'valid' ? validity(strategy) : strategy.status,
      orAbsent(cpu, formatMicros),
      cpu === null || !(least > 0) ? absent : formatRatio(cpu / least),
      orAbsent(balancer, formatMicros),
      orAbsent(app, formatMicros),
      orAbsent(store, formatMicros),
      orAbsent(strategy.memoryBytes.app, formatMiB),
      orAbsent(strategy.memoryBytes.store, formatMiB),
      orAbsent(strategy.achievedRate, formatCount),
      tallyOf(strategy, strategy.violations),
      tallyOf(strategy, strategy.errors),
    ];
  });
  return table(headings, rows, 2);
}

const percent = (share: number): string => `${twoDigits(share * 100)} %`;

/** Ranks of all, each strategy against the reference, and what stays open. All pairs are in summary.json. */
function comparisonLines(summary: Summary): string[] {
  const { comparisons, rankings } = summary;
  if (comparisons.length === 0) return [];
  const { different, same, open } = tallyVerdicts(comparisons);
  const reference = referenceOf(summary);
  const rows = againstReference(summary).map(({ verdict, title, sentence, remedy }) => [
    escaped(title),
    escaped(metricTitle(verdict.metric)),
    verdict.verdict,
    escaped(remedy === null || sentence.includes(remedy) ? sentence : `${sentence}; ${remedy}`),
    escaped(ratioText(verdict)),
    escaped(intervalText(verdict)),
    escaped(orAbsent(verdict.adjustedP, formatP)),
    escaped(smallestEffectText(verdict)),
  ]);
  const against = reference === null ? '' : ` Against ${escaped(titleOf(summary, reference))}:`;
  return [
    '## Comparisons',
    `${different} of ${comparisons.length} comparisons DIFFERENT, ${same} SAME, ${open} INCONCLUSIVE: each pair of strategies on each metric, one family (Holm, level ${percent(reportRule.level)}), differences below ${percent(reportRule.floor)} count as none. Strategies that share a letter are not told apart.`,
    rankTable(summary, rankings),
    `Ratios are strategy / reference, with ${percent(reportRule.confidence)} intervals.${against}`,
    table(
      ['Strategy', 'Metric', 'Verdict', 'In words', 'Ratio', 'Interval', 'p (Holm)', 'Could have seen'],
      rows,
      4,
    ),
  ];
}

function rankTable(summary: Summary, rankings: Summary['rankings']): string {
  const rows = inReadingOrder(summary)
    .filter(({ status }) => status === 'valid')
    .map((strategy) => [
      escaped(strategy.title),
      ...rankings.map(({ ranked }) => {
        const found = ranked.find((each) => each.strategy === strategy.name);
        return found ? `${placeText(found.place)} ${found.letters}` : absent;
      }),
    ]);
  return table(['Place', ...rankings.map(({ metric }) => metricTitle(metric))], rows, 1 + rankings.length);
}

const validity = ({ trials }: StrategySummary): string =>
  trials.invalid === 0 ? 'valid' : `${trials.valid} of ${trials.valid + trials.invalid} trials valid`;

function latency(strategies: readonly StrategySummary[]): string {
  const seen = operationNames.filter((name) => strategies.some(({ operations }) => operations[name]));
  const rows = seen.flatMap((name) =>
    strategies.filter(({ operations }) => operations[name]).map((strategy) => latencyRow(name, strategy)),
  );
  if (rows.length === 0) return 'No strategy has a valid trial, so there is no latency to show.';
  return table(
    ['Operation', 'Strategy', 'Requests', 'p50', 'p90', 'p99', 'p99.9', 'service p50', 'service p99'],
    rows,
    2,
  );
}

function latencyRow(name: OperationName, strategy: StrategySummary): string[] {
  const operation = strategy.operations[name];
  if (!operation) return [];
  const at = (milliseconds: number, percentile: number): string =>
    `${isThin(operation.count, percentile) ? '\\~' : ''}${formatMs(milliseconds)}`;
  return [
    name,
    escaped(strategy.title),
    formatCount(operation.count),
    at(operation.p50Ms, 50),
    at(operation.p90Ms, 90),
    at(operation.p99Ms, 99),
    at(operation.p999Ms, 99.9),
    at(operation.serviceP50Ms, 50),
    at(operation.serviceP99Ms, 99),
  ];
}

function measured(summary: Summary): string {
  const { host, plan, design } = summary;
  const rate = rateOf(design);
  const versions = [...summary.versions, ...summary.strategies.flatMap((strategy) => strategy.versions)];
  const named = new Set(
    versions.map(({ product, version, nodes }) => `${product} ${version}${nodes > 1 ? ` ×${nodes}` : ''}`),
  );
  const lines: [string, string][] = [
    ['Run', `${summary.runId}, ${summary.startedAt}, ${summary.status}`],
    [
      'Host',
      `${host.cpuModel}, ${host.cores} cores, ${formatGiB(host.memoryBytes)} GiB, ${host.os}, ${host.virtualization}`,
    ],
    ['Placement', summary.placement.description],
    ['Versions', [...named].join(', ')],
    [
      'Scenario',
      `${summary.scenario}, ${design.kind === 'search' ? 'trials of' : `${design.blocks} ×`} ${plan.measureSeconds} s after ${plan.warmupSeconds} s of warm-up, ${plan.apps} apps, ${plan.connections} connections`,
    ],
    [
      'Rate',
      rate
        ? `${formatCount(rate.value)}/s. ${rate.explanation}`
        : design.kind === 'search'
          ? 'chosen by the search'
          : 'not found before the run ended',
    ],
    ['Seed', String(summary.seed)],
  ];
  return lines.map(([what, value]) => `- **${what}**: ${escaped(value)}`).join('\n');
}
