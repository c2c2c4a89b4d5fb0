/** CPU, memory and throughput. */
import { servingTiers } from '../../../record/common.ts';
import type { StrategySummary } from '../../../record/summary.ts';
import {
  charts,
  details,
  type Field,
  hint,
  key,
  numbers,
  only,
  paragraph,
  section,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Section } from '../../document/document.ts';
import { markOf } from '../../document/looks.ts';
import { servingCpu } from '../../facts/cpu.ts';
import type { BlockFacts } from '../../facts/facts.ts';
import { formatCount, formatMiB, formatMicros, formatReached, orAbsent } from '../../words/format.ts';
import { resourceCharts } from '../charts/resources.ts';
import type { StrategyView, View } from '../view.ts';

/** Nothing where no trial is valid. */
export function resourcesPart(view: View<BlockFacts>): Section[] {
  const drawn = resourceCharts(view);
  if (drawn.length === 0) return [];
  return [
    section(
      'resources',
      'CPU, memory and throughput',
      'documents',
      paragraph(
        "Mean CPU time of the tier's whole process trees for each request with a right answer, over valid trials; median memory (proportional set size) at their ends; and how much of the offered rate was answered rightly.",
      ),
      only(
        'page',
        paragraph('The dashed line is the offered rate.'),
        key(
          'Tiers',
          servingTiers.map((tier) => ({ mark: markOf('block', `tier-${tier}`), text: tier })),
        ),
        charts('small', drawn),
      ),
      details(
        'CPU, memory and throughput in numbers',
        tableOf('CPU time, memory and throughput', view.measured, fields),
        hint("The generator's own CPU time is not part of the sum."),
      ),
    ),
  ];
}

const cpu = (name: string, value: (cpu: StrategySummary['cpuMicrosPerRequest']) => number | null) =>
  [
    numbers(`CPU ${name}`, { unit: 'µs' }),
    ({ summary }: StrategyView) => orAbsent(value(summary.cpuMicrosPerRequest), formatMicros),
  ] as const;

const memory = (tier: 'app' | 'store') =>
  [
    numbers(`Memory ${tier}`, { unit: 'MiB' }),
    ({ summary }: StrategyView) => orAbsent(summary.memoryBytes[tier], formatMiB),
  ] as const;

const fields: readonly Field<StrategyView>[] = [
  [words('Strategy'), ({ shown }) => shown],
  cpu('balancer', ({ balancer }) => balancer),
  cpu('app', ({ app }) => app),
  cpu('store', ({ store }) => store),
  cpu('sum', servingCpu),
  cpu('generator', ({ generator }) => generator),
  memory('app'),
  memory('store'),
  [numbers('Offered', { unit: '/s' }), ({ summary }) => orAbsent(summary.offeredRate, formatCount)],
  [numbers('Achieved', { unit: '/s' }), ({ summary }) => orAbsent(summary.achievedRate, formatCount)],
  [numbers('Of the offered'), ({ summary }) => orAbsent(reachedOf(summary), formatReached)],
];

const reachedOf = ({ offeredRate, achievedRate }: StrategySummary): number | null =>
  offeredRate && achievedRate !== null ? achievedRate / offeredRate : null;
