/** Checks of the data behind the comparisons: what was seen, and what was looked for. */

import type { Diagnostic } from '../../../record/summary.ts';
import { counted, formatCount } from '../../words/format.ts';
import { metricTitle } from '../../words/metric.ts';
import { formatP } from '../../words/verdict.ts';
import { type Child, html, type Markup } from '../markup.ts';
import { labelOf, type Model } from '../model.ts';
import { behind, dataTable, numberColumn, section, textColumn } from '../parts.ts';

interface Check {
  readonly kind: Diagnostic['check'];
  readonly title: string;
  /** What is looked for, and what it would mean. */
  readonly meaning: string;
}

const checks: readonly Check[] = [
  {
    kind: 'warmup',
    title: 'Warm-up that leaks',
    meaning:
      'The first fifth of the measured seconds differs from the rest by 5 % or more (rank sums over all trials). The strategy was then still getting into its stride.',
  },
  {
    kind: 'drift',
    title: 'Drift over blocks',
    meaning:
      'A metric rises or falls from block to block (Mann–Kendall). Comparisons pair trials of the same block, so what drifts for all cancels out; a drift of one strategy alone does not.',
  },
  {
    kind: 'autocorrelation',
    title: 'Seconds that resemble their neighbours',
    meaning:
      'Seconds of one trial are then no independent measurements. Verdicts never use them: the trial is the unit.',
  },
  {
    kind: 'outliers',
    title: 'Outlying trials',
    meaning:
      'A trial lies far from the others of its strategy (modified z-score above 3.5). It stays in: the estimate and its interval rest on ranks, where one trial weighs little, and the test only becomes less likely to see a difference.',
  },
];

export function checksSection(model: Model): Markup | null {
  const { diagnostics } = model.summary;
  if (diagnostics.length === 0) return null;
  const rows = checks.map(({ kind, title, meaning }): Child[] => {
    const all = diagnostics.filter(({ check }) => check === kind);
    const of = (status: Diagnostic['status']): Diagnostic[] => all.filter((each) => each.status === status);
    return [title, result(model, of('seen'), of('not-seen').length, of('unknown')), meaning];
  });
  return section(
    'checks',
    'Checks of the data',
    html`<p>They decide no verdict; they say where to look before believing one. Each kind is judged over all strategies and metrics together, so that looking often finds nothing by itself.</p>`,
    dataTable(
      'Checks of the data',
      [textColumn('Check'), textColumn('Result'), textColumn('What it means')],
      rows,
    ),
    behind('Every check', everyCheck(model)),
  );
}

const about = (model: Model, diagnostic: Diagnostic): string => {
  const label = labelOf(model, diagnostic.strategy);
  return 'metric' in diagnostic ? `${label}, ${metricTitle(diagnostic.metric)}` : label;
};

function result(
  model: Model,
  seen: readonly Diagnostic[],
  notSeen: number,
  unknown: readonly Diagnostic[],
): Child {
  const looked = seen.length + notSeen;
  const open =
    unknown.length === 0
      ? ''
      : `${looked === 0 ? 'cannot be told' : `; ${formatCount(unknown.length)} cannot be told`} (${unknown[0]?.message})`;
  if (seen.length === 0)
    return looked === 0
      ? open
      : html`<span class="ok">not seen</span> in ${formatCount(looked)} looks${open}`;
  return html`<span class="seen">seen</span> in ${formatCount(seen.length)} of ${counted(looked, 'look')}${open}<ul class="reasons">${seen.map(
    (each) => html`<li><b>${about(model, each)}</b>: ${each.message}</li>`,
  )}</ul>`;
}

const statusNames = { seen: 'seen', 'not-seen': 'not seen', unknown: 'cannot be told' } as const;

function everyCheck(model: Model): Markup {
  const rows = model.summary.diagnostics.map((each): Child[] => [
    checks.find(({ kind }) => kind === each.check)?.title ?? each.check,
    labelOf(model, each.strategy),
    'metric' in each ? metricTitle(each.metric) : 'latency of each second',
    statusNames[each.status],
    each.message,
    each.detail && 'adjustedP' in each.detail ? formatP(each.detail.adjustedP) : '',
  ]);
  return dataTable(
    'Every check',
    [...['Check', 'Strategy', 'Of', 'Result', 'In words'].map(textColumn), numberColumn('p (Holm)')],
    rows,
  );
}
