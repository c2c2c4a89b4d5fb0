/** Checks of the data behind the comparisons, and what each means. */
import type { Diagnostic } from '../../../record/summary.ts';
import {
  details,
  good,
  items,
  notable,
  numbers,
  paragraph,
  section,
  strong,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Section, Table, Text } from '../../document/document.ts';
import { counted, formatCount } from '../../words/format.ts';
import { metricTitle } from '../../words/metric.ts';
import { formatP } from '../../words/verdict.ts';
import { labelOf, type View } from '../view.ts';

interface Looked {
  readonly kind: Diagnostic['check'];
  readonly title: string;
  /** What is looked for, and what it would mean. */
  readonly meaning: string;
}

const kinds: readonly Looked[] = [
  {
    kind: 'warmup',
    title: 'Warm-up that leaks',
    meaning:
      'The first fifth of the measured seconds differs from the rest by 5 % or more (rank sums over all trials). The strategy was then still getting into its stride.',
  },
  {
    kind: 'drift',
    title: 'Drift over blocks',
    meaning:
      'A metric rises or falls from block to block (Mann–Kendall). Comparisons pair trials of the same block, so what drifts for all cancels out; a drift of one strategy alone does not.',
  },
  {
    kind: 'autocorrelation',
    title: 'Seconds that resemble their neighbours',
    meaning:
      'Seconds of one trial are then no independent measurements. Verdicts never use them: the trial is the unit.',
  },
  {
    kind: 'outliers',
    title: 'Outlying trials',
    meaning:
      'A trial lies far from the others of its strategy (modified z-score above 3.5). It stays in: the estimate and its interval rest on ranks, where one trial weighs little, and the test only becomes less likely to see a difference.',
  },
];

/** Nothing where nothing was looked at. */
export function checksPart(view: View): Section[] {
  const { diagnostics } = view.facts;
  if (diagnostics.length === 0) return [];
  return [
    section(
      'checks',
      'Checks of the data',
      'page',
      paragraph(
        'They decide no verdict; they say where to look before believing one. Each kind is judged over all strategies and metrics together, so that looking often finds nothing by itself.',
      ),
      tableOf('Checks of the data', kinds, [
        [words('Check'), ({ title }) => title],
        [
          words('Result'),
          ({ kind }) =>
            resultOf(
              view,
              diagnostics.filter(({ check }) => check === kind),
            ),
        ],
        [words('What it means'), ({ meaning }) => meaning],
      ]),
      details('Every check', everyCheck(view)),
    ),
  ];
}

function resultOf(view: View, all: readonly Diagnostic[]): Text {
  const of = (status: Diagnostic['status']): Diagnostic[] => all.filter((each) => each.status === status);
  const [seen, unknown] = [of('seen'), of('unknown')];
  const looked = all.length - unknown.length;
  const why = unknown[0]?.message;
  if (looked === 0) return `cannot be told (${why})`;
  const open = unknown.length === 0 ? '' : `; ${formatCount(unknown.length)} cannot be told (${why})`;
  if (seen.length === 0) return [good('not seen'), ` in ${counted(looked, 'look')}${open}`];
  return [
    notable('seen'),
    ` in ${formatCount(seen.length)} of ${counted(looked, 'look')}${open} `,
    items(seen.map((each) => [strong(about(view, each)), `: ${each.message}`])),
  ];
}

function about(view: View, diagnostic: Diagnostic): string {
  const label = labelOf(view, diagnostic.strategy);
  return 'metric' in diagnostic ? `${label}, ${metricTitle(diagnostic.metric)}` : label;
}

const statusNames = { seen: 'seen', 'not-seen': 'not seen', unknown: 'cannot be told' } as const;

const everyCheck = (view: View): Table =>
  tableOf('Every check', view.facts.diagnostics, [
    [words('Check'), ({ check }) => kinds.find(({ kind }) => kind === check)?.title ?? check],
    [words('Strategy'), ({ strategy }) => labelOf(view, strategy)],
    [words('Of'), (each) => ('metric' in each ? metricTitle(each.metric) : 'latency of each second')],
    [words('Result'), ({ status }) => statusNames[status]],
    [words('In words'), ({ message }) => message],
    [numbers('p (Holm)'), ({ detail }) => (detail && 'adjustedP' in detail ? formatP(detail.adjustedP) : '')],
  ]);
