/** What all charts have in common. Charts are Vega-Lite, one small panel each; the page lays panels out. */
import type { TopLevelSpec } from 'vega-lite';
import type { Model } from '../model.ts';

export interface Chart {
  /** Unique in the page. */
  readonly id: string;
  readonly heading: string;
  /** What a reader who cannot see the chart is told. */
  readonly description: string;
  readonly spec: TopLevelSpec;
}

/** Name of layers of transparent points that make small marks easy to meet with a pointer. */
export const pointerLayer = 'pointer';

/** Enough digits for a chart, in few characters. */
export const short = (value: number): number => Number(value.toPrecision(4));

/** Panels are drawn at this size and scaled a little by the page's grid. */
export const panelWidth = 340;

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
export const mutedParam = { name: 'muted', value: [] as string[] };

export const unlessMuted = (value: number, muted = 0.06) => ({
  condition: { test: 'indexof(muted, datum.strategy) >= 0', value: muted },
  value,
});

/** Scales that give each strategy its look. */
export function scalesOf({ strategies }: Model) {
  const domain = strategies.map(({ label }) => label);
  return {
    colour: { domain, range: strategies.map(({ look }) => look.colour) },
    shape: { domain, range: strategies.map(({ look }) => look.shape) },
    dash: { domain, range: strategies.map(({ look }) => [...look.dash]) },
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
