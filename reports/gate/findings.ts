/** What a reader of a comparison should know besides its verdicts. */

import { sumOf } from '../../record/common.ts';
import type { ComparisonAnswers } from '../../record/gate.ts';
import type { ReadRun } from '../../record/read/run.ts';
import type { Finding } from '../../record/reasons.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { checkDrift } from '../statistics/diagnostics/drift.ts';
import { outlyingTrials } from '../statistics/diagnostics/outliers.ts';
import { pairWithinBlocks } from '../statistics/paired.ts';
import { counted, formatClasses, listed } from '../words/format.ts';
import { metricTitle } from '../words/metric.ts';
import type { Budget } from './budgets.ts';
import { type ComparedStrategy, observations } from './sides.ts';

/** What befell a run as a whole: how it ended, files that cannot be read, strategies and trials that give no number. */
export function runFindings(run: ReadRun, names: readonly string[]): Finding[] {
  const { record, trials, problems } = run;
  const invalid = trials.flatMap((trial) =>
    trial.kind === 'invalid' && names.includes(trial.strategy) ? [trial.record] : [],
  );
  return [
    ...(record.status === 'finished'
      ? []
      : [
          {
            severity: 'warning' as const,
            code: 'run-not-finished' as const,
            message: `Run ${record.runId} did not end as planned (${record.status === 'running' ? 'it was killed or still goes on' : record.status}); what it had measured is judged.`,
            remedy: 'Let a run go on to its end for all its blocks.',
          },
        ]),
    ...record.strategies
      .filter(({ name, status }) => names.includes(name) && status === 'not-measured')
      .flatMap(({ name, reasons }) =>
        reasons.map((each) => ({
          ...each,
          severity: 'alarm' as const,
          message: each.message.includes(name) ? each.message : `${name}: ${each.message}`,
        })),
      ),
    ...problems.map((problem) => ({ ...problem, severity: 'warning' as const })),
    ...record.faults.map((fault) => ({ ...fault, severity: 'warning' as const })),
    ...(invalid.length === 0
      ? []
      : [
          {
            severity: 'warning' as const,
            code: 'invalid-trials' as const,
            message: `${counted(invalid.length, 'trial')} of run ${record.runId} ${invalid.length === 1 ? 'is' : 'are'} invalid and left out: ${examples(invalid)}.`,
            remedy: 'A quieter machine, or a lower --rate, has fewer of them.',
          },
        ]),
    ...overloaded(run, names),
  ];
}

/** One reason of each kind. */
function examples(records: readonly TrialRecord[]): string {
  const reasons = Map.groupBy(
    records.flatMap((record) => record.reasons),
    ({ code }) => code,
  );
  return listed([...reasons.values()].flatMap(([first]) => (first ? [first.message] : [])));
}

function overloaded({ trials }: ReadRun, names: readonly string[]): Finding[] {
  const past = trials.filter(
    (trial) =>
      trial.kind === 'valid' &&
      names.includes(trial.strategy) &&
      trial.record.warnings.some(({ code }) => code === 'overloaded'),
  );
  if (past.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'overloaded',
      message: `In ${counted(past.length, 'trial')} the offered rate was more than ${listed([...new Set(past.map(({ strategy }) => strategy))])} could answer, so latencies are those of a growing queue.`,
      remedy: 'Compare at a lower --rate.',
    },
  ];
}

/** Wrong answers are told whatever the verdict. */
export function answerFindings(answers: readonly ComparisonAnswers[]): Finding[] {
  return answers.flatMap(({ strategy, baseline, candidate }) =>
    (
      [
        ['the baseline', baseline],
        ['the candidate', candidate],
      ] as const
    )
      .filter(([, { violations }]) => sumOf(violations) > 0)
      .map(([side, { violations }]) => ({
        severity: 'alarm' as const,
        code: 'violations',
        message: `${strategy} of ${side} gave wrong answers: ${formatClasses(violations)}.`,
        remedy: 'Do not weigh its speed before this is understood.',
      })),
  );
}

/** Checks of what the test of a pair takes for granted: ratios that neither move nor hold strangers. */
export function pairFindings(strategies: readonly ComparedStrategy[], budgets: readonly Budget[]): Finding[] {
  return strategies.flatMap((compared) =>
    budgets.flatMap(({ metric }): Finding[] => {
      const { logRatios, blocks } = pairWithinBlocks(
        observations(compared.baseline, metric),
        observations(compared.candidate, metric),
      );
      const ratios = logRatios.map(Math.exp);
      const what = `${metricTitle(metric)} of ${compared.strategy}`;
      const drift = checkDrift(ratios.map((value, i) => ({ block: blocks[i] ?? i, value })));
      const strangers = outlyingTrials(ratios).map(({ index }) => blocks[index] ?? index);
      return [
        ...(drift.status === 'seen'
          ? [
              {
                severity: 'warning' as const,
                code: 'ratio-drifts' as const,
                message: `The ratio in ${what} moves by ${((drift.ratioPerBlock - 1) * 100).toFixed(1)} % from block to block (p ${drift.p.toFixed(3)}): one number for it says too little.`,
                remedy: 'One side may still be warming up or filling memory; look at the trials in order.',
              },
            ]
          : []),
        ...(strangers.length > 0
          ? [
              {
                severity: 'note' as const,
                code: 'outlying-blocks' as const,
                message: `${what}: ${strangers.length === 1 ? 'block' : 'blocks'} ${listed(strangers.map(String))} ${strangers.length === 1 ? 'stands' : 'stand'} far from the others. They count; the method bears them.`,
                remedy: 'Look for what else the machine did then.',
              },
            ]
          : []),
      ];
    }),
  );
}
