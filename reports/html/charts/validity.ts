/** Which trials count: one mark for each, by strategy and block. */
import type { TrialSummary } from '../../../record/summary.ts';
import { blocksOf } from '../../design.ts';
import type { Model } from '../model.ts';
import { type Chart, mutedParam, panelWidth, theme } from './chart.ts';

/** More marks than this cannot be told apart; the table of all trials has them. */
const mostTrials = 240;

export type Standing = 'valid' | 'left out' | 'not whole';

const standings: Readonly<
  Record<Standing, { readonly colour: string; readonly shape: string; readonly path: string }>
> = {
  valid: {
    colour: 'var(--ok)',
    shape: 'circle',
    path: 'M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0 -9z',
  },
  'left out': {
    colour: 'var(--alarm)',
    shape: 'cross',
    path: 'M6.2 3h3.6v3.2H13v3.6H9.8V13H6.2V9.8H3V6.2h3.2z',
  },
  'not whole': { colour: 'var(--warning)', shape: 'triangle-down', path: 'M8 12.8L13 3.6H3z' },
};
export const standingNames = ['valid', 'left out', 'not whole'] as const;
export const standingLook = (standing: Standing) => standings[standing];

export const standingOf = ({ status }: TrialSummary): Standing =>
  status === 'valid' ? 'valid' : status === 'invalid' ? 'left out' : 'not whole';

export function validityCharts(model: Model): Chart[] {
  const { summary, strategies } = model;
  const tried = strategies.filter((each) =>
    summary.trials.some(({ strategy }) => strategy === each.summary.name),
  );
  if (tried.length === 0 || summary.trials.length > mostTrials) return [];
  const labels = new Map(tried.map((each) => [each.summary.name, each.label]));
  const times = new Map<string, number>();
  const points = summary.trials.map((trial) => {
    const place = `${trial.strategy} ${trial.block}`;
    const time = times.get(place) ?? 0;
    times.set(place, time + 1);
    return {
      strategy: labels.get(trial.strategy) ?? trial.strategy,
      block: trial.block === null ? '?' : String(trial.block),
      time,
      trial: trial.number,
      standing: standingOf(trial),
      why: trial.reasons.map(({ code }) => code).join(', '),
    };
  });
  const blocks = Array.from({ length: blocksOf(summary.design) }, (_, i) => String(i + 1));
  const scale = (what: 'colour' | 'shape') => ({
    domain: [...standingNames],
    range: standingNames.map((name) => standings[name][what]),
  });
  const valid = summary.trials.filter(({ status }) => status === 'valid').length;
  return [
    {
      id: 'validity',
      heading: 'Trials by strategy and block',
      description: `${valid} of ${summary.trials.length} trials are valid. The table of every trial says why the others are not.`,
      spec: {
        width: panelWidth * 1.25,
        height: 60 + tried.length * 26,
        autosize: { type: 'fit', contains: 'padding' },
        config: theme,
        params: [mutedParam],
        data: { values: points },
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: {
          x: {
            field: 'block',
            type: 'nominal',
            scale: { domain: points.some(({ block }) => block === '?') ? [...blocks, '?'] : blocks },
            axis: { title: 'block', labelAngle: 0, ticks: false, domain: false, labelOverlap: 'greedy' },
          },
          ...(points.some(({ time }) => time > 0) ? { xOffset: { field: 'time', type: 'nominal' } } : {}),
          y: {
            field: 'strategy',
            type: 'nominal',
            sort: tried.map(({ label }) => label),
            axis: {
              title: null,
              ticks: false,
              domain: false,
              grid: true,
              labelColor: 'var(--fg)',
              labelFontSize: 12,
              labelLimit: 0,
            },
          },
          color: { field: 'standing', type: 'nominal', legend: null, scale: scale('colour') },
          shape: { field: 'standing', type: 'nominal', legend: null, scale: scale('shape') },
          tooltip: [
            { field: 'strategy', title: 'Strategy' },
            { field: 'block', title: 'Block' },
            { field: 'trial', title: 'Trial' },
            { field: 'standing', title: 'It is' },
            { field: 'why', title: 'because' },
          ],
        },
      },
    },
  ];
}
