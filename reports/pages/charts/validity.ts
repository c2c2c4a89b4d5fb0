/** Which trials count: one mark for each, by strategy and block. */
import { counted, nounFor } from '../../../record/counted.ts';
import type { TrialSummary } from '../../../record/summary.ts';
import type { Chart, Mark } from '../../document/document.ts';
import { markOf } from '../../document/looks.ts';
import type { BlockFacts } from '../../facts/facts.ts';
import type { View } from '../view.ts';
import { frame, markLooks, strategyRows, widePanel } from './chart.ts';

/** More marks than this cannot be told apart; the table of all trials has them. */
const mostTrials = 240;

export const standings = {
  valid: { mark: markOf('circle', 'ok'), meaning: 'valid' },
  'left out': { mark: markOf('cross', 'alarm'), meaning: 'invalid, left out' },
  'not whole': { mark: markOf('triangle-down', 'warning'), meaning: 'unfinished or damaged, left out' },
} as const satisfies Readonly<Record<string, { readonly mark: Mark; readonly meaning: string }>>;
export type Standing = keyof typeof standings;
export const standingNames = ['valid', 'left out', 'not whole'] as const satisfies readonly Standing[];

export const standingOf = ({ status }: TrialSummary): Standing =>
  status === 'valid' ? 'valid' : status === 'invalid' ? 'left out' : 'not whole';

/** Empty where nothing was tried, or too much to draw. */
export function validityCharts({ facts, strategies }: View<BlockFacts>): Chart[] {
  const { trials } = facts;
  const tried = strategies.filter(({ summary }) => trials.some(({ strategy }) => strategy === summary.name));
  if (tried.length === 0 || trials.length > mostTrials) return [];
  const labels = new Map(tried.map(({ summary, label }) => [summary.name, label]));
  const times = new Map<string, number>();
  const points = trials.map((trial) => {
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
  const blocks = Array.from({ length: facts.design.blocks }, (_, i) => String(i + 1));
  const looks = markLooks(
    'standing',
    standingNames.map((name) => [name, standings[name].mark]),
  );
  const valid = trials.filter(({ status }) => status === 'valid').length;
  return [
    {
      id: 'validity',
      heading: 'Trials by strategy and block',
      description: `${valid} of ${counted(trials.length, 'trial')} ${nounFor(valid, 'is', 'are')} valid. The table of every trial says why the others are not.`,
      spec: {
        ...frame(widePanel, 60 + tried.length * 26),
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
          y: strategyRows(
            tried.map(({ label }) => label),
            { grid: true },
          ),
          color: looks.colour,
          shape: looks.shape,
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
