/** How far single trials lie apart, and each second of them. */
import { counted } from '../../../record/counted.ts';
import {
  charts,
  details,
  heading,
  hint,
  numbers,
  paragraph,
  section,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Block, Section, Table } from '../../document/document.ts';
import { servingCpu } from '../../facts/cpu.ts';
import { formatCount, formatMicros, orAbsent } from '../../words/format.ts';
import { formatLatency } from '../../words/latency.ts';
import { spreadCharts } from '../charts/spread.ts';
import { secondsOf, timelineCharts } from '../charts/timeline.ts';
import { labelOf, type View } from '../view.ts';

/** Nothing where no trial is valid. */
export function spreadPart(view: View): Section[] {
  const drawn = spreadCharts(view);
  if (drawn.length === 0) return [];
  return [
    section(
      'spread',
      'Single trials behind the numbers',
      'page',
      paragraph(
        'A mark for each valid trial, a line at the median. The comparisons are made of these, paired by block, and not of requests or seconds.',
      ),
      charts('wide', drawn),
      details('Numbers behind these charts', trialsTable(view)),
    ),
  ];
}

const trialsTable = (view: View): Table =>
  tableOf(
    'Valid trials',
    view.facts.trials.filter(({ status }) => status === 'valid'),
    [
      [words('Trial'), ({ number }) => String(number)],
      [words('Strategy'), ({ strategy }) => labelOf(view, strategy)],
      [numbers('Block'), ({ block }) => orAbsent(block, formatCount)],
      [
        numbers('CPU', { unit: 'µs' }),
        (trial) => orAbsent(servingCpu(trial.cpuMicrosPerRequest), formatMicros),
      ],
      [numbers('Read p50', { unit: 'ms' }), ({ readP50Ms }) => orAbsent(readP50Ms, formatLatency)],
      [numbers('Write p50', { unit: 'ms' }), ({ writeP50Ms }) => orAbsent(writeP50Ms, formatLatency)],
      [numbers('Read p99', { unit: 'ms' }), ({ readP99Ms }) => orAbsent(readP99Ms, formatLatency)],
    ],
  );

/** Nothing where no trial is valid. */
export function timelinePart(view: View): Section[] {
  const { p99, rate } = timelineCharts(view);
  if (p99.length === 0) return [];
  return [
    section(
      'timeline',
      'Second by second',
      'page',
      paragraph(
        'One line for each valid trial. The shaded seconds before 0 are warm-up and in no number. A cross marks a second with wrong answers or errors, a triangle at the top one whose p99 is among them; where trials are long, a point stands for several seconds.',
      ),
      heading('timeline-p99', 'p99 of all operations, ms'),
      charts('small', p99),
      heading('timeline-rate', 'Requests per second'),
      charts('small', rate),
      details('Numbers behind these charts (seconds below 0 are warm-up)', ...secondsTable(view)),
    ),
  ];
}

/** More rows than a person reads; the run's folder has them all. */
const mostRows = 250;

function secondsTable(view: View): Block[] {
  const all = view.measured.flatMap((strategy) =>
    secondsOf(view, strategy).map((second) => ({ label: strategy.label, ...second })),
  );
  const told = tableOf('Each second of each valid trial', all.slice(0, mostRows), [
    [words('Strategy'), ({ label }) => label],
    [numbers('Trial'), ({ trial }) => String(trial)],
    [numbers('Second'), ({ second }) => String(second)],
    [numbers('p99', { unit: 'ms' }), ({ p99Ms }) => formatLatency(p99Ms)],
    [numbers('Requests/s'), ({ rate }) => formatCount(rate)],
    [numbers('Errors'), ({ errors }) => formatCount(errors)],
    [numbers('Wrong answers'), ({ violations }) => formatCount(violations)],
  ]);
  if (all.length <= mostRows) return [told];
  const rest = `The first ${mostRows} of ${counted(all.length, 'row')}; all are in histograms.jsonl of each trial.`;
  return [told, hint(rest)];
}
