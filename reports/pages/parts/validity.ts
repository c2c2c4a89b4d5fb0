/** May the numbers be believed? Each condition of a valid trial, how near the run came to its limit, and what it cost. */
import type { ReasonCode } from '../../../record/reasons.ts';
import type { TrialRecord } from '../../../record/trial.ts';
import { validityLimits } from '../../../record/validity-limits.ts';
import {
  bad,
  charts,
  details,
  type Field,
  hint,
  key,
  numbers,
  paragraph,
  section,
  small,
  strong,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Block, Section, Table, Text } from '../../document/document.ts';
import { appRequests } from '../../facts/counts.ts';
import type { BlockFacts } from '../../facts/facts.ts';
import { absent, counted, formatCount, formatMs, formatShare } from '../../words/format.ts';
import { standingNames, standingOf, standings, validityCharts } from '../charts/validity.ts';
import type { StrategyView, View } from '../view.ts';

interface Condition {
  readonly what: string;
  /** Reasons of trials that broke it. */
  readonly codes: readonly ReasonCode[];
  readonly limit: string;
  /** How near a trial came, where it is a matter of how near. */
  readonly measure: Measure | null;
}

interface Measure {
  /** Null where nothing was read. */
  readonly value: (record: TrialRecord) => number | null;
  readonly format: (value: number) => string;
}

const lag = (micros: number): string => `${formatMs(micros / 1000)} ms`;

const conditions: readonly Condition[] = [
  {
    what: 'The generator has CPU to spare',
    codes: ['generator-cpu'],
    limit: `at most ${formatShare(validityLimits.generatorCpuShare)} of its core`,
    measure: { value: ({ pacing }) => pacing.generatorCpuShare, format: formatShare },
  },
  {
    what: 'It sends on time (p99 of its own lateness)',
    codes: ['generator-late'],
    limit: `at most ${lag(validityLimits.lagP99Micros)}`,
    measure: { value: ({ pacing }) => pacing.lagP99Micros, format: lag },
  },
  {
    what: 'It drops no arrival',
    codes: ['generator-dropped'],
    limit: 'none dropped',
    measure: { value: ({ pacing }) => pacing.dropped, format: formatCount },
  },
  {
    what: 'The hypervisor takes no CPU time away',
    codes: ['host-steal'],
    limit: `at most ${formatShare(validityLimits.stealShare)}`,
    measure: { value: ({ stealShare }) => stealShare, format: formatShare },
  },
  {
    what: 'Other processes leave the machine alone',
    codes: ['host-busy'],
    limit: `at most ${formatShare(validityLimits.foreignShare)} of its CPU time`,
    measure: { value: ({ foreignShare }) => foreignShare, format: formatShare },
  },
  {
    what: 'Generator, balancer and apps count the same requests',
    codes: ['counts-differ', 'counts-unknown'],
    limit: 'no difference but by requests that failed',
    measure: { value: differenceOfCounts, format: formatCount },
  },
  {
    what: 'Every server lives',
    codes: ['server-died', 'server-killed', 'generator-failed'],
    limit: 'none ends',
    measure: null,
  },
];
const covered: ReadonlySet<ReasonCode> = new Set(conditions.flatMap(({ codes }) => codes));

function differenceOfCounts(record: TrialRecord): number | null {
  const { generator, balancer, byBalancer } = record.requests;
  const apps = appRequests(record);
  if (balancer === null || apps === null) return null;
  return Math.max(Math.abs(generator - balancer), Math.abs(balancer - (byBalancer ?? 0) - apps));
}

/** Nothing where no trial was begun. @param chart how the trials stand, block by block */
export function validityPart(view: View, ...chart: readonly Block[]): Section[] {
  const { trials } = view.facts;
  if (trials.length === 0) return [];
  const valid = trials.filter(({ status }) => status === 'valid').length;
  const others =
    valid < trials.length
      ? ' The others stand behind no number above, whatever they showed; why is told at each trial below.'
      : '';
  return [
    section(
      'validity',
      'Validity',
      'page',
      paragraph(
        strong(formatCount(valid)),
        ` of ${counted(trials.length, 'trial')} ${valid === 1 ? 'is' : 'are'} valid.${others}`,
      ),
      ...chart,
      conditionsTable(view),
      hint(
        `Limits of this version of session-bench; a trial was judged when it was measured. A trial at whose end operations queued for more than ${formatShare(1 - validityLimits.achievedShare)} of its time is marked as overloaded and stays valid: that is a result.`,
      ),
    ),
  ];
}

export function standingsChart(view: View<BlockFacts>): Block[] {
  const drawn = validityCharts(view);
  if (drawn.length === 0) return [];
  return [
    key(
      'Trials',
      standingNames.map((name) => ({ mark: standings[name].mark, text: standings[name].meaning })),
    ),
    charts('wide', drawn),
    details('Numbers behind this chart', standingsTable(view)),
  ];
}

const standingsTable = ({ facts, strategies }: View): Table =>
  tableOf('Trials by strategy and block', strategies, [
    [words('Strategy'), ({ shown }) => shown],
    ...standingNames.map(
      (standing): Field<StrategyView> => [
        words(`Blocks with a trial that is ${standings[standing].meaning}`),
        ({ summary }) =>
          facts.trials
            .filter((trial) => trial.strategy === summary.name && standingOf(trial) === standing)
            .map(({ block }) => (block === null ? '?' : String(block)))
            .join(', ') || 'none',
      ],
    ),
  ]);

function conditionsTable({ facts }: View): Table {
  const leftOut = (codes: readonly ReasonCode[]): number =>
    facts.trials.filter(({ reasons }) => reasons.some(({ code }) => codes.includes(code))).length;
  const others = facts.trials.filter(
    ({ status, reasons }) => status !== 'valid' && reasons.every(({ code }) => !covered.has(code)),
  ).length;
  const rows = conditions.map((condition) => ({ ...condition, count: leftOut(condition.codes) }));
  const rest = {
    what: 'Other reasons, see each trial',
    limit: absent,
    measure: null,
    count: others,
  };
  return tableOf('Conditions of a valid trial', others === 0 ? rows : [...rows, rest], [
    [words('Condition'), ({ what }) => what],
    [words('Limit'), ({ limit }) => limit],
    [numbers('Worst of the valid trials'), ({ measure }) => worstOf(facts.run.trials, measure)],
    [numbers('Trials left out for it'), ({ count }) => (count === 0 ? '0' : bad(formatCount(count)))],
  ]);
}

function worstOf(trials: View['facts']['run']['trials'], measure: Measure | null): Text {
  if (measure === null) return absent;
  const { value, format } = measure;
  const valid = trials.filter((trial) => trial.kind === 'valid');
  const known = valid.flatMap((trial) => {
    const found = value(trial.record);
    return found === null ? [] : [{ value: found, number: trial.number }];
  });
  // The worst of some is not the worst of all.
  const unknown = valid.length - known.length;
  const rest = unknown === 0 ? '' : `; ${formatCount(unknown)} not known`;
  const [first, ...others] = known;
  if (!first) return absent;
  const worst = others.reduce((most, each) => (each.value > most.value ? each : most), first);
  return worst.value === 0
    ? `${format(0)}${rest}`
    : [format(worst.value), ' ', small(`trial ${worst.number}${rest}`)];
}
