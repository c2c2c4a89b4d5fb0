/** What all charts have in common. Charts are Vega-Lite, one small panel each; a page lays panels out. */
import type { Mark } from '../../document/document.ts';
import type { StrategyView } from '../view.ts';

/** Enough digits for a chart, in few characters. */
export const short = (value: number): number => Number(value.toPrecision(4));

/** Panels are drawn at this size and scaled a little by the page's grid. */
export const panelWidth = 340;
export const widePanel = panelWidth * 1.25;

/** Colours are custom properties, so that one rendering serves both themes and print. */
export const theme = {
  background: 'transparent',
  aria: false,
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  padding: { left: 2, right: 6, top: 6, bottom: 2 },
  view: { stroke: null },
  axis: {
    labelColor: 'var(--muted)',
    titleColor: 'var(--muted)',
    titleFontWeight: 'normal' as const,
    labelFontSize: 11,
    titleFontSize: 11,
    gridColor: 'var(--grid)',
    domainColor: 'var(--axis)',
    tickColor: 'var(--axis)',
    labelPadding: 4,
    titlePadding: 6,
  },
  text: { color: 'var(--fg)', fontSize: 11 },
} as const;

/** Strategies that a reader has muted in the legend; the page's script sets it in every chart. */
const mutedParam = { name: 'muted', value: [] as string[] };

export const frame = (width: number, height: number) => ({
  width,
  height,
  autosize: { type: 'fit' as const, contains: 'padding' as const },
  config: theme,
  params: [mutedParam],
});

export const unlessMuted = (value: number, muted = 0.06) => ({
  condition: { test: 'indexof(muted, datum.strategy) >= 0', value: muted },
  value,
});

/** One row for each strategy, in the order given. */
export const strategyRows = (labels: readonly string[], more: { readonly grid?: true } = {}) => ({
  field: 'strategy',
  type: 'nominal' as const,
  sort: [...labels],
  axis: {
    title: null,
    ticks: false,
    domain: false,
    labelColor: 'var(--fg)',
    labelFontSize: 12,
    labelLimit: 0,
    ...more,
  },
});

/** Counts and rates from zero. */
export const countAxis = { title: null, tickCount: 4, format: ',~f' } as const;

/** A scale from zero with room to the right of the longest bar for its number. */
export const barScale = (most: number, room: number) => ({
  domain: [0, (most || 1) * room],
  nice: false as const,
});

const nominal = (field: string, domain: readonly string[], range: readonly unknown[]) => ({
  field,
  type: 'nominal' as const,
  legend: null,
  scale: { domain: [...domain], range: [...range] },
});

/** Encodings that give each strategy its look. */
export function strategyLooks(strategies: readonly StrategyView[]) {
  const domain = strategies.map(({ label }) => label);
  const by = (range: readonly unknown[]) => nominal('strategy', domain, range);
  return {
    colour: by(strategies.map(({ look }) => look.colour)),
    shape: by(strategies.map(({ look }) => look.shape)),
    dash: by(strategies.map(({ look }) => [...look.dash])),
  };
}

/** Encodings that give each state in a field its mark. */
export function markLooks(field: string, marks: readonly (readonly [value: string, mark: Mark])[]) {
  const domain = marks.map(([value]) => value);
  return {
    colour: nominal(
      field,
      domain,
      marks.map(([, { look }]) => look.colour),
    ),
    shape: nominal(
      field,
      domain,
      marks.map(([, { look }]) => look.shape),
    ),
  };
}

/** 1, 2 and 5 times powers of ten around the values; a logarithmic axis labels these. */
export function logTicks(low: number, high: number): { domain: [number, number]; values: number[] } {
  const all: number[] = [];
  for (let power = -4; power <= 6; power += 1)
    for (const digit of [1, 2, 5]) all.push(Number((digit * 10 ** power).toPrecision(1)));
  const from = all.findLast((tick) => tick <= low) ?? 0.0001;
  const to = all.find((tick) => tick >= high) ?? 5e6;
  const domain: [number, number] = from < to ? [from, to] : [from, from * 2];
  const inside = all.filter((tick) => tick >= domain[0] && tick <= domain[1]);
  // Over many decades only the powers of ten fit.
  const values =
    inside.length > 11 ? inside.filter((tick) => /^1(e|0*$)|^0\.0*1$/.test(String(tick))) : inside;
  return { domain, values };
}

export const logScale = (domain: [number, number]) => ({
  type: 'log' as const,
  domain,
  nice: false as const,
});
