/** Bytes by number of sessions, both on logarithmic axes: a panel for each payload. */
import { mainWeight } from '../../../record/footprint.ts';
import type { FootprintSummary } from '../../../record/summary.ts';
import type { Chart } from '../../document/document.ts';
import type { FootprintFacts } from '../../facts/facts.ts';
import { mainFit, payloadsOf } from '../../facts/footprints.ts';
import { formatCount } from '../../words/format.ts';
import { labelOf, type View } from '../view.ts';
import { frame, logScale, panelWidth, short, strategyLooks, unlessMuted } from './chart.ts';

type FootprintView = View<FootprintFacts>;

export const footprintCharts = (view: FootprintView): Chart[] =>
  payloadsOf(view.facts.footprint).flatMap((payload) => chartOf(view, payload) ?? []);

interface Row {
  readonly strategy: string;
  readonly sessions: number;
  readonly mebibytes: number;
}

function chartOf(view: FootprintView, payload: number): Chart | null {
  const all = view.facts.footprint.filter(({ payloadBytes }) => payloadBytes === payload);
  const rows = all.flatMap((series) => rowsOf(view, series));
  if (rows.length === 0) return null;
  const axis = (values: readonly number[]) => ({
    type: 'quantitative' as const,
    scale: logScale(decadesAround(values)),
  });
  const x = axis(rows.map(({ sessions }) => sessions));
  const y = axis(rows.map(({ mebibytes }) => mebibytes));
  const looks = strategyLooks(view.strategies);
  const encoding = {
    x: { field: 'sessions', ...x, axis: { title: 'sessions', format: '~s', tickCount: 5 } },
    y: { field: 'mebibytes', ...y, axis: { title: 'MiB', format: '~s', tickCount: 5 } },
    color: looks.colour,
    opacity: unlessMuted(1),
  };
  return {
    id: `footprint-${payload}`,
    heading: `${formatCount(payload)} B of payload`,
    description: all
      .flatMap((series) => {
        const fit = mainFit(series);
        const label = labelOf(view, series.strategy);
        const each = fit?.line.bytesPerSession ?? null;
        return each === null ? [] : [`${label}: ${formatCount(each)} B for each session`];
      })
      .join('; '),
    spec: {
      ...frame(panelWidth, 260),
      layer: [
        {
          data: { values: all.flatMap((series) => lineOf(view, series)) },
          mark: { type: 'line', strokeWidth: 1.2 },
          encoding: { ...encoding, strokeDash: looks.dash },
        },
        {
          data: { values: rows },
          mark: { type: 'point', filled: true, size: 46 },
          encoding: {
            ...encoding,
            shape: looks.shape,
            tooltip: [
              { field: 'strategy', title: 'Strategy' },
              { field: 'sessions', title: 'Sessions', format: ',' },
              { field: 'mebibytes', title: 'MiB', format: ',.1f' },
            ],
          },
        },
      ],
    },
  };
}

const MIB = 2 ** 20;

const rowsOf = (view: FootprintView, { strategy, sizes, keptIn }: FootprintSummary): Row[] =>
  sizes.flatMap(({ sessions, weighed }) => {
    const bytes = weighed[mainWeight[keptIn]];
    if (sessions === 0 || bytes === null || bytes === 0) return [];
    return [{ strategy: labelOf(view, strategy), sessions, mebibytes: short(bytes / MIB) }];
  });

/** A line is a curve on these axes: points close enough for the eye. */
const STEPS = 24;

function lineOf(view: FootprintView, series: FootprintSummary): Row[] {
  const fit = mainFit(series);
  const { testedFrom, testedTo, strategy } = series;
  const each = fit?.line.bytesPerSession ?? null;
  if (fit === null || each === null) return [];
  if (testedFrom === null || testedTo === null || testedTo === testedFrom) return [];
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const sessions = testedFrom * (testedTo / testedFrom) ** (step / STEPS);
    const bytes = fit.line.fixedBytes + each * sessions;
    return { strategy: labelOf(view, strategy), sessions: short(sessions), mebibytes: short(bytes / MIB) };
  });
}

function decadesAround(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return [
    10 ** Math.floor(Math.log10(low) + 1e-9),
    10 ** Math.ceil(Math.log10(high) - 1e-9 + (low === high ? 1 : 0)),
  ];
}
