/** What a reader should know before the numbers: wrong answers first, then what could not be measured, then notes. */

import type { Errors } from '../record/common.ts';
import type { ReadRun } from '../record/read/run.ts';
import type { Finding, Reason } from '../record/reasons.ts';
import type { Diagnostic, StrategySummary, TrialSummary } from '../record/summary.ts';
import type { Facts } from './answer.ts';
import { capacityFindings } from './capacity.ts';
import { fewestBlocksForAny, outlook, tallyVerdicts } from './comparisons.ts';
import { counted, formatClasses, formatCount, formatShare, listed, sumOf } from './words/format.ts';
import { metricTitle } from './words/metric.ts';

const severities = ['alarm', 'warning', 'note'] as const;

export function findings(facts: Facts, run: ReadRun): Finding[] {
  const search = facts.design.kind === 'search' ? facts.design : null;
  const all: Finding[] = [
    ...facts.strategies.flatMap(violationFinding),
    ...(search ? capacityFindings(facts, search, run) : endingOf(run)),
    ...facts.strategies.flatMap(notMeasuredFindings),
    ...(search ? [] : invalidFindings(facts)),
    ...run.problems.map((problem) => ({ ...problem, severity: 'warning' as const })),
    ...run.record.faults.map((fault) => ({ ...fault, severity: 'warning' as const })),
    // A search goes past the edge on purpose: errors and queues of its trials are told with their outcomes.
    ...(search ? [] : facts.strategies.flatMap(errorFinding)),
    ...countFindings(facts),
    ...(search ? [] : warningFindings(facts)),
    ...sharedCores(facts),
    ...(search ? [] : [...fewSamples(facts), ...openComparisons(facts)]),
    ...diagnosticFindings(facts),
  ];
  return severities.flatMap((severity) => all.filter((each) => each.severity === severity));
}

const meanings: Readonly<Record<string, string>> = {
  lost: 'a live session was gone',
  stale: 'an older version came back',
  resurrected: 'a logged-out session still worked',
  crossed: "somebody else's session came back",
};

function violationFinding(strategy: StrategySummary): Finding[] {
  const total = sumOf(strategy.violations);
  if (total === 0) return [];
  const seen = Object.entries(strategy.violations)
    .filter(([, count]) => count > 0)
    .map(([name]) => `${name}: ${meanings[name] ?? name}`);
  return [
    {
      severity: 'alarm',
      code: 'violations',
      message: `${strategy.title} gave ${counted(total, 'wrong answer')} in all its trials: ${formatClasses(strategy.violations)} (${seen.join('; ')}).`,
      remedy: 'Do not weigh its speed before this is understood; the logs of its trials are under trials/.',
    },
  ];
}

function endingOf(run: ReadRun): Finding[] {
  const { status, plan } = run.record;
  if (status === 'finished') return [];
  const planned = plan.order.flat().length;
  const done = run.trials.filter(({ kind }) => kind === 'valid' || kind === 'invalid').length;
  const how =
    status === 'running'
      ? 'The run had not ended when this report was made, or was killed'
      : status === 'failed'
        ? 'The run failed before its end'
        : 'The run was interrupted';
  return [
    {
      severity: 'warning',
      code: status === 'failed' ? 'run-ended-early' : 'interrupted',
      message: `${how}: ${done} of ${counted(planned, 'planned trial')} ended, and this report is of those.`,
      remedy: 'Run it again with the same seed for the whole plan.',
    },
  ];
}

function notMeasuredFindings(strategy: StrategySummary): Finding[] {
  if (strategy.status !== 'not-measured') return [];
  return strategy.reasons.map((reason) => ({
    ...reason,
    severity: 'warning',
    message: `${strategy.title} was not measured: ${asSentenceEnd(reason.message)}`,
  }));
}

/** Trials of one strategy that were left out for the same reason are one finding. */
function invalidFindings(facts: Facts): Finding[] {
  const left = facts.trials.filter(({ status }) => status === 'invalid' || status === 'unfinished');
  return grouped(facts, left, ({ reasons }) => reasons).map(({ title, reason, numbers, differs, of }) => ({
    severity: 'warning',
    code: reason.code,
    message: `${title}: ${formatCount(numbers.length)} of ${counted(of, 'trial')} left out (${numbersText(numbers)}): ${differs ? 'the first of them: ' : ''}${asSentenceEnd(reason.message)}`,
    remedy: reason.remedy,
  }));
}

function warningFindings(facts: Facts): Finding[] {
  const valid = facts.trials.filter(({ status }) => status === 'valid');
  return grouped(facts, valid, ({ warnings }) => warnings).map(({ title, reason, numbers, differs, of }) => ({
    severity: 'note',
    code: reason.code,
    message: `${title}, ${formatCount(numbers.length)} of ${counted(of, 'trial')} (${numbersText(numbers)}): ${differs ? 'the first of them: ' : ''}${asSentenceEnd(reason.message)}`,
    remedy: reason.remedy,
  }));
}

/** Reasons are written to follow a colon, with or without a full stop. */
const asSentenceEnd = (text: string): string =>
  /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;

const numbersText = (numbers: readonly number[]): string =>
  `${numbers.length === 1 ? 'trial' : 'trials'} ${numbers.slice(0, 6).join(', ')}${numbers.length > 6 ? ', …' : ''}`;

interface Group {
  readonly title: string;
  readonly reason: Reason;
  readonly numbers: number[];
  /** Whether a later trial gives the reason in other words, other numbers most likely. */
  differs: boolean;
  /** Trials of the strategy in all. */
  readonly of: number;
}

function grouped(
  facts: Facts,
  trials: readonly TrialSummary[],
  reasonsOf: (trial: TrialSummary) => readonly Reason[],
): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const trial of trials) {
    const strategy = facts.strategies.find(({ name }) => name === trial.strategy);
    const of = facts.trials.filter((each) => each.strategy === trial.strategy).length;
    for (const reason of reasonsOf(trial)) {
      const key = `${trial.strategy} ${reason.code}`;
      const group = groups.get(key) ?? {
        title: strategy?.title ?? trial.strategy,
        reason,
        numbers: [],
        differs: false,
        of,
      };
      group.numbers.push(trial.number);
      group.differs ||= reason.message !== group.reason.message;
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** `6 timed out and 2 lost their connection`. */
export function errorsInWords({ timeout, connection, server, protocol }: Errors): string {
  const parts: [number, string][] = [
    [timeout, 'timed out'],
    [connection, 'lost their connection'],
    [server, 'got a server error'],
    [protocol, 'got an answer that breaks the protocol'],
  ];
  return listed(parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`));
}

function errorFinding(strategy: StrategySummary): Finding[] {
  const total = sumOf(strategy.errors);
  if (total === 0) return [];
  const { generator } = strategy.requests;
  const share =
    generator > 0 && strategy.trials.invalid === 0
      ? `, ${formatShare(total / generator)} of its requests`
      : '';
  return [
    {
      severity: 'warning',
      code: 'errors',
      message: `${strategy.title} left ${counted(total, 'request')} without a usable answer${share}: ${errorsInWords(strategy.errors)}.`,
      remedy: 'See the logs of its trials under trials/ for the cause.',
    },
  ];
}

function countFindings(facts: Facts): Finding[] {
  return facts.strategies.flatMap((strategy): Finding[] => {
    if (strategy.status !== 'valid') return [];
    const { generator, balancer, apps } = strategy.requests;
    // A strategy that kept no promise has no requests behind its numbers.
    if (facts.design.kind === 'search' && generator === 0) return [];
    const unknown = [balancer === null ? "the balancer's" : null, apps === null ? "the apps'" : null].filter(
      (each) => each !== null,
    );
    if (unknown.length > 0)
      return [
        {
          severity: 'note',
          code: 'counts-unknown',
          message: `${strategy.title}: ${listed(unknown)} count of requests is not known, so the generator's stands alone.`,
          remedy: "See the trial's logs for why a counter could not be read.",
        },
      ];
    if (generator === balancer && generator === apps) return [];
    return [
      {
        severity: 'warning',
        code: 'counts-differ',
        message: `${strategy.title}: three counts of the same requests differ: generator ${formatCount(generator)}, balancer ${formatCount(balancer ?? 0)}, apps ${formatCount(apps ?? 0)}.`,
        remedy:
          'Something else spoke to the servers, or answers were lost; look for other clients and at the logs.',
      },
    ];
  });
}

function sharedCores(facts: Facts): Finding[] {
  if (!facts.placement.shared) return [];
  return [
    {
      severity: 'note',
      code: 'shared-cores',
      message:
        'Tiers shared cores, so the slow end of the latencies (p99 and beyond) includes waiting for a core, not only the store.',
      remedy: 'Weigh medians and CPU per request here; measure tails on a machine with more cores.',
    },
  ];
}

/** A percentile is taken from the largest values; this many of them at least should lie beyond it. */
export const enoughBeyond = 10;

/** Whether a percentile (0 to 100) of `count` values has too few values beyond it to be trusted. */
export const isThin = (count: number, percentile: number): boolean =>
  count * (1 - percentile / 100) < enoughBeyond - 1e-6;

function fewSamples(facts: Facts): Finding[] {
  const thin = facts.strategies.some(({ operations }) =>
    Object.values(operations).some(({ count }) => isThin(count, 99.9)),
  );
  if (!thin) return [];
  return [
    {
      severity: 'note',
      code: 'few-samples',
      message: `Some high percentiles rest on fewer than ${enoughBeyond} slower requests; they are marked with ~ and left out of the curves.`,
      remedy: 'Measure longer or with more blocks for those.',
    },
  ];
}

/** What stays open after the comparisons, and what would settle it. */
function openComparisons({ comparisons }: Facts): Finding[] {
  if (comparisons.length === 0) return [];
  const fewest = fewestBlocksForAny(comparisons);
  if (fewest !== null)
    return [
      {
        severity: 'note',
        code: 'too-few-blocks',
        message: `Differences between strategies are shown and not decided: a verdict on ${counted(comparisons.length, 'comparison')} takes at least ${counted(fewest, 'block')} with valid trials of both sides, and this run has ${counted(Math.max(...comparisons.map(({ pairs }) => pairs)), 'block')} at most.`,
        remedy: `Measure ${counted(fewest, 'block')} or more (--blocks ${fewest}), or fewer strategies.`,
      },
    ];
  const { open } = tallyVerdicts(comparisons);
  if (open === 0) return [];
  const { half, never } = outlook(comparisons);
  const hopeless = never > 0 ? `; for ${formatCount(never)} no practical number of blocks would do` : '';
  return [
    {
      severity: 'note',
      code: 'inconclusive',
      message: `${formatCount(open)} of ${counted(comparisons.length, 'comparison')} of two strategies on one metric ${open === 1 ? 'is' : 'are'} inconclusive${hopeless}.`,
      remedy:
        half === null
          ? 'See what each could have shown under "Comparisons".'
          : `About ${counted(half, 'block')} (--blocks ${half}) would settle half of the others, if effects and noise stay as they are.`,
    },
  ];
}

const checkNames: Readonly<Record<Diagnostic['check'], string>> = {
  warmup: 'Warm-up may reach into the measurement',
  drift: 'Drift over the blocks',
  autocorrelation: 'Seconds of a trial resemble their neighbours',
  outliers: 'Trials that stand apart',
};

const checkRemedies: Readonly<Record<Diagnostic['check'], string>> = {
  warmup:
    'Compare the first seconds under "Second by second"; a longer warm-up or longer trials would make it matter less.',
  drift: 'Pairing within blocks takes a common drift out of the comparisons; absolute numbers carry it.',
  autocorrelation: 'Nothing needs doing: trials are compared, never seconds, for this reason.',
  outliers:
    'They stay in. Estimates and intervals rest on ranks, where one trial weighs little; the test may miss more. See "Single trials".',
};

/** As a factor: a trial that lies nearer to the others is listed in the report's table only. */
const notableOutlier = 1.25;

const isNotable = (diagnostic: Diagnostic): boolean =>
  diagnostic.check !== 'outliers' ||
  (diagnostic.detail?.trials ?? []).some(
    ({ ratioToMedian }) => Math.abs(Math.log(ratioToMedian)) >= Math.log(notableOutlier),
  );

/** One finding for each kind of check; the report's table has every check. */
function diagnosticFindings({ diagnostics, strategies }: Facts): Finding[] {
  const titles = new Map(strategies.map(({ name, title }) => [name, title]));
  return (['warmup', 'drift', 'outliers', 'autocorrelation'] as const).flatMap((check): Finding[] => {
    const seen = diagnostics.filter(
      (each) => each.check === check && each.status === 'seen' && isNotable(each),
    );
    if (seen.length === 0) return [];
    const told = seen.slice(0, mostTold).map((each) => {
      const metric = 'metric' in each ? `, ${metricTitle(each.metric)}` : '';
      return `${titles.get(each.strategy) ?? each.strategy}${metric}: ${each.message}`;
    });
    const rest = seen.length > mostTold ? `; and ${formatCount(seen.length - mostTold)} more` : '';
    return [
      {
        severity: 'note',
        code: `${check}-seen`,
        message: `${checkNames[check]}: ${told.join('; ')}${rest}.`,
        remedy: checkRemedies[check],
      },
    ];
  });
}

/** More than these are read in the report's table. */
const mostTold = 4;
