/** The picture of an overview: what each strategy costs, how long a typical read takes, and how much it carries. */
import { inOrder } from '../../record/latency.ts';
import type { Overview, OverviewLine } from '../../record/overview.ts';
import type { Chart } from '../document/document.ts';
import { barScale, countAxis, strategyRows, theme } from '../pages/charts/chart.ts';
import { uniqueLabel } from '../pages/view.ts';
import { promiseInWords } from '../words/capacity.ts';
import { formatCount, formatMicros } from '../words/format.ts';
import { formatLatency } from '../words/latency.ts';
import { printable } from '../words/printable.ts';
import { rateOf } from './page.ts';

interface Bar {
  readonly strategy: string;
  readonly value: number;
  /** Ends of the interval; both the value where there is none. */
  readonly low: number;
  readonly high: number;
  readonly text: string;
  /** False for a bound. */
  readonly sure: boolean;
}

interface Panel {
  readonly heading: string;
  readonly bars: readonly Bar[];
}

type Labelled = { readonly label: string; readonly line: OverviewLine };

const certain = (strategy: string, value: number, text: string): Bar => ({
  strategy,
  value,
  low: value,
  high: value,
  text,
  sure: true,
});

const cpuBars = (lines: readonly Labelled[]): Bar[] =>
  lines.flatMap(({ label, line: { load } }) =>
    load.kind === 'measured' && load.cpuMicrosPerRequest !== null
      ? [certain(label, load.cpuMicrosPerRequest, formatMicros(load.cpuMicrosPerRequest))]
      : [],
  );

const readBars = (lines: readonly Labelled[]): Bar[] =>
  lines.flatMap(({ label, line: { load } }) =>
    load.kind === 'measured' && load.readP50Ms !== null && Number.isFinite(inOrder(load.readP50Ms))
      ? [certain(label, inOrder(load.readP50Ms), formatLatency(load.readP50Ms))]
      : [],
  );

const capacityBars = (lines: readonly Labelled[]): Bar[] =>
  lines.flatMap(({ label, line: { capacity } }): Bar[] => {
    if (capacity.kind === 'missing') return [];
    const { rate, low, high } = capacity.answer;
    if (low === null)
      return high === null ? [] : [{ ...certain(label, 0, `< ${formatCount(high)}`), sure: false }];
    if (rate === null) return [{ ...certain(label, low, `≥ ${formatCount(low)}`), sure: false }];
    return [{ ...certain(label, rate, formatCount(rate)), low, high: high ?? rate }];
  });

function panelsOf(overview: Overview, lines: readonly Labelled[]): readonly Panel[] {
  const rate = rateOf(overview);
  const at = rate === null ? '' : ` at ${formatCount(rate)}/s`;
  const panels = [
    { heading: `CPU per request${at}, µs`, bars: cpuBars(lines) },
    { heading: `Read p50${at}, ms`, bars: readBars(lines) },
    { heading: 'Capacity, requests/s', bars: capacityBars(lines) },
  ];
  return panels.filter(({ bars }) => bars.length > 0);
}

const width = 190;
const rowHeight = 24;

/** Null where nothing was measured that a bar could show. */
export function overviewChart(overview: Overview): Chart | null {
  const taken = new Set<string>();
  const all = overview.strategies.map((line) => ({
    label: uniqueLabel(printable(line.title), line.name, taken),
    line,
  }));
  const panels = panelsOf(overview, all);
  const shown = all
    .map(({ label }) => label)
    .filter((label) => panels.some(({ bars }) => bars.some(({ strategy }) => strategy === label)));
  if (panels.length === 0) return null;
  const under =
    overview.promise === null
      ? ''
      : ` Capacity is under ${promiseInWords(overview.promise)}; a line at the end of a bar is its interval, and a pale bar a bound.`;
  return {
    id: 'overview',
    heading: 'Session stores side by side',
    description: `${panels.map(panelWords).join('. ')}.${under}`,
    spec: {
      config: theme,
      spacing: 16,
      hconcat: panels.map((panel, i) => drawn(panel, shown, i === 0)),
    },
  };
}

const panelWords = ({ heading, bars }: Panel): string =>
  `${heading}: ${bars.map(({ strategy, text }) => `${strategy} ${text}`).join(', ')}`;

type PanelSpec = Extract<Chart['spec'], { readonly hconcat: unknown }>['hconcat'][number];

/** Names stand beside the first panel alone; rows of all are level. */
function drawn({ heading, bars }: Panel, labels: readonly string[], named: boolean): PanelSpec {
  const rows = strategyRows(labels);
  const scale = barScale(Math.max(...bars.map(({ high }) => high)), 1.35);
  const x = { type: 'quantitative' as const, scale };
  return {
    title: { text: heading, anchor: 'start' as const, fontSize: 12, fontWeight: 600, color: 'var(--fg)' },
    width,
    height: labels.length * rowHeight,
    data: { values: [...bars] },
    encoding: {
      y: {
        ...rows,
        axis: named ? rows.axis : null,
        scale: { domain: [...labels], paddingInner: 0.35, paddingOuter: 0.2 },
      },
    },
    layer: [
      {
        mark: { type: 'bar' as const, color: 'var(--tier-app)' },
        encoding: {
          x: { field: 'value', ...x, axis: countAxis },
          fillOpacity: { condition: { test: 'datum.sure', value: 1 }, value: 0.25 },
        },
      },
      {
        transform: [{ filter: 'datum.low < datum.high' }],
        mark: { type: 'rule' as const, color: 'var(--fg)', strokeWidth: 1.6 },
        encoding: { x: { field: 'low', ...x }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'text' as const, align: 'left' as const, dx: 5, fontWeight: 600 },
        encoding: { x: { field: 'high', ...x }, text: { field: 'text', type: 'nominal' as const } },
      },
    ],
  };
}
