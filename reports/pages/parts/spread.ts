/** How far single trials lie apart, and each second of them. */
import {
  charts,
  details,
  heading,
  hint,
  numbers,
  paragraph,
  section,
  table,
  words,
} from '../../document/build.ts';
import type { Section, Table, Text } from '../../document/document.ts';
import { servingCpu } from '../../facts/cpu.ts';
import { formatCount, formatMicros, formatMs, orAbsent } from '../../words/format.ts';
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

function trialsTable(view: View): Table {
  const rows = view.facts.trials
    .filter(({ status }) => status === 'valid')
    .map((trial): Text[] => [
      String(trial.number),
      labelOf(view, trial.strategy),
      orAbsent(trial.block, formatCount),
      orAbsent(servingCpu(trial.cpuMicrosPerRequest), formatMicros),
      orAbsent(trial.readP50Ms, formatMs),
      orAbsent(trial.writeP50Ms, formatMs),
      orAbsent(trial.readP99Ms, formatMs),
    ]);
  const columns = [
    words('Trial'),
    words('Strategy'),
    numbers('Block'),
    numbers('CPU', { unit: 'µs' }),
    ...['Read p50', 'Write p50', 'Read p99'].map((name) => numbers(name, { unit: 'ms' })),
  ];
  return table('Valid trials', columns, rows);
}

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
        'One line for each valid trial. The shaded seconds before 0 are warm-up and in no number. A cross marks a second with wrong answers or errors; where trials are long, a point stands for several seconds.',
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

function secondsTable(view: View) {
  const all = view.measured.flatMap((strategy) =>
    secondsOf(view, strategy).map((each): Text[] => [
      strategy.label,
      String(each.trial),
      String(each.second),
      formatMs(each.p99Ms),
      formatCount(each.rate),
      formatCount(each.errors),
      formatCount(each.violations),
    ]),
  );
  const columns = [
    words('Strategy'),
    numbers('Trial'),
    numbers('Second'),
    numbers('p99', { unit: 'ms' }),
    ...['Requests/s', 'Errors', 'Wrong answers'].map((name) => numbers(name)),
  ];
  const rest =
    all.length > mostRows
      ? [
          hint(
            `The first ${mostRows} of ${formatCount(all.length)} rows; all are in histograms.jsonl of each trial.`,
          ),
        ]
      : [];
  return [table('Each second of each valid trial', columns, all.slice(0, mostRows)), ...rest];
}
