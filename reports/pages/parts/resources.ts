/** CPU, memory and throughput. */
import { servingTiers } from '../../../record/common.ts';
import {
  charts,
  details,
  hint,
  key,
  numbers,
  only,
  paragraph,
  section,
  table,
  words,
} from '../../document/build.ts';
import type { Section, Text } from '../../document/document.ts';
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
        "Mean CPU time of the tier's whole process trees for each request, over valid trials; median memory (proportional set size) at their ends; and how much of the offered rate was answered.",
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
        table('CPU time, memory and throughput', columns, view.measured.map(row)),
        hint("The generator's own CPU time is not part of the sum."),
      ),
    ),
  ];
}

const columns = [
  words('Strategy'),
  ...['CPU balancer', 'CPU app', 'CPU store', 'CPU sum', 'CPU generator'].map((name) =>
    numbers(name, { unit: 'µs' }),
  ),
  numbers('Memory app', { unit: 'MiB' }),
  numbers('Memory store', { unit: 'MiB' }),
  numbers('Offered', { unit: '/s' }),
  numbers('Achieved', { unit: '/s' }),
  numbers('Of the offered'),
];

function row({ shown, summary }: StrategyView): Text[] {
  const { cpuMicrosPerRequest: cpu, memoryBytes, offeredRate, achievedRate } = summary;
  return [
    shown,
    orAbsent(cpu.balancer, formatMicros),
    orAbsent(cpu.app, formatMicros),
    orAbsent(cpu.store, formatMicros),
    orAbsent(servingCpu(cpu), formatMicros),
    orAbsent(cpu.generator, formatMicros),
    orAbsent(memoryBytes.app, formatMiB),
    orAbsent(memoryBytes.store, formatMiB),
    orAbsent(offeredRate, formatCount),
    orAbsent(achievedRate, formatCount),
    orAbsent(offeredRate && achievedRate !== null ? achievedRate / offeredRate : null, formatReached),
  ];
}
