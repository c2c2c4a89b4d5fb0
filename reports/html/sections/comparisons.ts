/** Which differences are certain, who ranks where, and what would settle the rest. */

import type { Comparison } from '../../../record/summary.ts';
import type { Verdict } from '../../../record/verdict.ts';
import {
  type AgainstReference,
  againstReference,
  fewestBlocksForAny,
  outlook,
  referenceOf,
  reportRule,
  tallyVerdicts,
} from '../../comparisons.ts';
import { blocksOf } from '../../design.ts';
import { absent, counted, formatCount, orAbsent } from '../../words/format.ts';
import { metricTitle, upperFirst } from '../../words/metric.ts';
import { effectSize, twoDigits } from '../../words/sentence.ts';
import {
  blocksNeededText,
  formatP,
  formatTimes,
  intervalText,
  placeText,
  ratioText,
  smallestEffectText,
} from '../../words/verdict.ts';
import type { Chart } from '../charts/chart.ts';
import { verdictLooks } from '../charts/forest.ts';
import { type Child, html, type Markup } from '../markup.ts';
import { labelOf, type Model } from '../model.ts';
import { behind, dataTable, named, numberColumn, type Plots, panels, section, textColumn } from '../parts.ts';

const percent = (share: number): string => `${twoDigits(share * 100)} %`;

export function comparisonsSection(model: Model, charts: readonly Chart[], plots: Plots): Markup | null {
  const { summary } = model;
  if (summary.comparisons.length === 0) return null;
  const { different, same, open } = tallyVerdicts(summary.comparisons);
  const reference = referenceOf(summary);
  const label = labelOf(model, reference ?? '');
  const held = againstReference(
    summary,
    model.measured.map((each) => each.summary),
  );
  return section(
    'comparisons',
    'Comparisons',
    html`<p>Of ${counted(summary.comparisons.length, 'comparison')} (each pair of strategies on each metric) <b>${formatCount(different)}</b> came out as DIFFERENT, <b>${formatCount(same)}</b> as SAME and <b>${formatCount(open)}</b> as INCONCLUSIVE. Differences of less than ${percent(reportRule.floor)} do not count; the chance that even one of all these verdicts sees a difference where there is none is at most ${percent(reportRule.level)}.</p>`,
    charts.length > 0
      ? html`<p>Each mark is a strategy's value over that of <b>${label}</b>${referenceReason(model)}, from trials of the same block; the line is its ${percent(reportRule.confidence)} interval. Right of 1 is more. A dotted line means that the blocks are too few to bound anything: it reaches over what was seen.</p>`
      : null,
    verdictKey(),
    charts.length > 0 ? panels(charts, plots, 'wide') : null,
    behind(`Numbers behind these charts: all against ${label}`, againstTable(model, held)),
    behind('All pairs of strategies', allPairs(model)),
    html`<h3 id="ranking">Ranking, with ties</h3>`,
    rankingTable(model),
    html`<h3 id="conclusive">What would make this conclusive</h3>`,
    conclusive(model),
  );
}

function referenceReason({ summary }: Model): Child {
  const metric = summary.rankings.find(({ ranked }) => ranked.length > 0)?.metric;
  return metric === undefined ? '' : ` (first in ${metricTitle(metric)})`;
}

const verdictMeanings: Readonly<Record<Verdict['verdict'], string>> = {
  DIFFERENT: 'a difference that matters, more than chance',
  SAME: `no difference that matters (within ±${percent(reportRule.floor)})`,
  INCONCLUSIVE: 'this run cannot tell',
};

export const verdictMark = (verdict: Verdict['verdict']): Markup => {
  const { colour, path } = verdictLooks[verdict];
  const fill = verdict === 'INCONCLUSIVE' ? 'var(--panel)' : colour;
  return html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="${path}" fill="${fill}" stroke="${colour}" stroke-width="1.6"/></svg>`;
};

const verdictKey = (): Markup =>
  html`<ul class="key" aria-label="Verdicts">${(['DIFFERENT', 'SAME', 'INCONCLUSIVE'] as const).map(
    (verdict) =>
      html`<li>${verdictMark(verdict)} <b>${verdict}</b> <span class="hint">${verdictMeanings[verdict]}</span></li>`,
  )}</ul>`;

const verdictCell = ({ verdict }: Verdict): Markup =>
  html`<span class="strategy">${verdictMark(verdict)} ${verdict}</span>`;

const verdictColumns = [
  textColumn('Metric'),
  textColumn('Verdict'),
  ...['Ratio', 'Interval', 'Blocks', 'p', 'p (Holm)', 'Could have seen', 'Blocks needed'].map(numberColumn),
];

const verdictCells = (verdict: Verdict, shown: Child): Child[] => [
  html`<span class="strategy">${metricTitle(verdict.metric)}</span>`,
  shown,
  ratioText(verdict),
  intervalText(verdict),
  String(verdict.pairs),
  orAbsent(verdict.p, formatP),
  orAbsent(verdict.adjustedP, formatP),
  smallestEffectText(verdict),
  blocksNeededText(verdict),
];

function againstTable(model: Model, held: readonly AgainstReference[]): Markup {
  const rows = held.map(({ verdict, sentence, remedy: what }) => [
    labelOf(model, verdict.candidate),
    ...verdictCells(verdict, verdictCell(verdict)),
    html`<span class="words">${what !== null && !sentence.includes(what) ? `${sentence}; ${what}` : sentence}</span>`,
  ]);
  return html`${dataTable('All against the reference', [textColumn('Strategy'), ...verdictColumns, textColumn('In words')], rows)}<p class="hint">Blocks: those with a valid trial of both. Could have seen: the smallest difference that this run finds with a chance of ${percent(reportRule.power)}. Blocks needed: in all, if effect and noise stay as they are.</p>`;
}

function allPairs(model: Model): Markup {
  const rows = model.summary.comparisons.map(({ sentence: _sentence, remedy: _remedy, ...verdict }) => [
    `${labelOf(model, verdict.candidate)} / ${labelOf(model, verdict.baseline)}`,
    ...verdictCells(verdict, verdict.verdict),
  ]);
  return dataTable('All pairs of strategies', [textColumn('Pair'), ...verdictColumns], rows);
}

function rankingTable(model: Model): Markup {
  const { rankings } = model.summary;
  const columns = [
    textColumn('Strategy'),
    ...rankings.map(({ metric }) => textColumn(upperFirst(metricTitle(metric)))),
  ];
  const rows = model.measured.map((strategy) => [
    named(strategy),
    ...rankings.map(({ ranked }): Child => {
      const found = ranked.find((each) => each.strategy === strategy.summary.name);
      if (!found) return absent;
      return html`<span class="place"><b>${placeText(found.place)}</b> <span class="letters">${found.letters}</span> <small>×${formatTimes(found.ratioToFirst)}</small></span>`;
    }),
  ]);
  return html`${dataTable('Places by metric', columns, rows)}<p class="hint">The place that the verdicts leave open, best first; strategies that share a letter are not told apart; × is the estimated ratio to the first, certain or not.</p>`;
}

function conclusive(model: Model): Markup {
  const { comparisons, rankings, design } = model.summary;
  const { open } = tallyVerdicts(comparisons);
  if (open === 0) return html`<p>Nothing more: every comparison is conclusive.</p>`;
  const columns = [
    textColumn('Metric'),
    ...[
      'Different',
      'Same',
      'Open',
      'Could have seen',
      'Half settled by',
      'All settled by',
      'Never settled',
    ].map(numberColumn),
  ];
  const rows = rankings.map(({ metric }) =>
    outlookRow(
      upperFirst(metricTitle(metric)),
      comparisons.filter((each) => each.metric === metric),
    ),
  );
  return html`<p>${conclusiveWords(comparisons, blocksOf(design))}</p>${dataTable('What would make this conclusive', columns, rows)}<p class="hint">Blocks in all, computed from the effects and the noise that this run saw; longer trials or a calmer machine need fewer. Could have seen: from the finest to the coarsest of the open comparisons. Never: the difference lies so near ${percent(reportRule.floor)}, or the noise is so large, that no practical number helps.</p>`;
}

function conclusiveWords(comparisons: readonly Comparison[], blocks: number): Child {
  const fewest = fewestBlocksForAny(comparisons);
  const command = (count: number): Markup => html`<code>npm run bench -- --blocks ${count}</code>`;
  if (fewest !== null)
    return html`With ${counted(blocks, 'block')} nothing can be certain, however clear it looks: it takes at least ${counted(fewest, 'block')}, for example by ${command(fewest)}.`;
  const { half, never } = outlook(comparisons);
  if (half === null) return html`No practical number of blocks would settle what is open.`;
  const rest = never === 0 ? '' : `; ${formatCount(never)} would stay open with any practical number`;
  return html`About ${counted(half, 'block')} (${command(half)}) would settle half of those that blocks can settle${rest}.`;
}

function outlookRow(title: string, comparisons: readonly Comparison[]): Child[] {
  const { different, same, open } = tallyVerdicts(comparisons);
  const { half, all, never } = outlook(comparisons);
  return [
    title,
    ...[different, same, open].map(formatCount),
    sightRange(comparisons),
    orAbsent(half, formatCount),
    orAbsent(all, formatCount),
    open === 0 ? absent : formatCount(never),
  ];
}

function sightRange(comparisons: readonly Comparison[]): string {
  const open = comparisons.filter(({ verdict }) => verdict === 'INCONCLUSIVE');
  const ratios = open.flatMap(({ smallestEffect }) =>
    smallestEffect.kind === 'effect' ? [smallestEffect.ratio] : [],
  );
  if (open.length === 0) return absent;
  if (ratios.length === 0) return 'nothing';
  const [finest, coarsest] = [effectSize(Math.min(...ratios)), effectSize(Math.max(...ratios))];
  return finest === coarsest ? finest : `${finest} to ${coarsest}`;
}
