/** What a reader of a comparison should know besides its verdicts. */

import { sumOf } from '../../record/common.ts';
import { nounFor } from '../../record/counted.ts';
import type { ComparisonAnswers } from '../../record/gate.ts';
import { headlineOf } from '../../record/log-lines.ts';
import { metByBothSides } from '../../record/noise.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { type Finding, findingOf, type Reason } from '../../record/reasons.ts';
import type { RunRecord } from '../../record/run.ts';
import { asSentenceEnd } from '../../record/sentence.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { asCatalogued, asWarning } from '../checks/check.ts';
import { machineLoud } from '../checks/noise.ts';
import { checkDrift } from '../statistics/diagnostics/drift.ts';
import { outlyingTrials } from '../statistics/diagnostics/outliers.ts';
import { pairWithinBlocks } from '../statistics/paired.ts';
import { errorsInWords } from '../words/errors.ts';
import { counted, formatClasses, formatCount, listed } from '../words/format.ts';
import { metricTitle } from '../words/metric.ts';
import type { Budget } from './budgets.ts';
import type { Names } from './outcome.ts';
import { type ComparedStrategy, observations } from './sides.ts';

/** What befell a run as a whole: how it ended, files that cannot be read, strategies and trials that give no number. */
export const runFindings = (run: ReadRun, names: readonly string[]): Finding[] => [
  ...ending(run.record),
  ...notMeasured(run.record, names),
  ...run.problems.map(asWarning),
  ...run.record.faults.map(asCatalogued),
  ...invalidTrials(run, names),
  ...overloaded(run, names),
  ...disturbedPairs(run, names),
  ...standstills(run, names),
  ...machineLoud(run),
];

function ending({ runId, status }: RunRecord): Finding[] {
  if (status === 'finished') return [];
  const how = status === 'running' ? 'it was killed or still goes on' : status;
  const message = `Run ${runId} did not end as planned (${how}); what it had measured is judged.`;
  return [findingOf('run-not-finished', message)];
}

/** Of a strategy that is to be judged, it is an alarm. */
const notMeasured = ({ strategies }: RunRecord, names: readonly string[]): Finding[] =>
  strategies
    .filter(({ name, status }) => names.includes(name) && status === 'not-measured')
    .flatMap(({ name, reasons }) =>
      reasons.map((reason) => ({
        ...reason,
        severity: 'alarm',
        message: reason.message.includes(name) ? reason.message : `${name}: ${reason.message}`,
      })),
    );

function invalidTrials({ record: { runId }, trials }: ReadRun, names: readonly string[]): Finding[] {
  const invalid = trials.flatMap((trial) =>
    trial.kind === 'invalid' && names.includes(trial.strategy) ? [trial.record] : [],
  );
  if (invalid.length === 0) return [];
  const are = nounFor(invalid.length, 'is', 'are');
  const told = oneOfEachKind(invalid);
  const why = listed(told.map(({ message }) => headlineOf(message)));
  const message = `${counted(invalid.length, 'trial')} of run ${runId} ${are} invalid and left out: ${why}.`;
  return [findingOf('invalid-trials', message, remediesOf(told))];
}

/** Pairs that stood still as a whole, and count. */
function standstills({ trials }: ReadRun, names: readonly string[]): Finding[] {
  const told = trials.flatMap((trial) => {
    if (trial.kind !== 'valid' || !names.includes(trial.strategy)) return [];
    const reason = trial.record.warnings.find(({ code }) => code === 'sides-stood-still');
    return reason ? [{ block: trial.record.block, reason }] : [];
  });
  const [first] = told;
  if (!first) return [];
  const blocks = [...new Set(told.map(({ block }) => block))].sort((a, b) => a - b);
  const message = `In ${nounFor(blocks.length, 'block', 'blocks')} ${listed(blocks.map(String))} ${headlineOf(first.reason.message)}.`;
  return [findingOf('sides-stood-still', message)];
}

/** Trials of sides that were driven at the same time bear what the machine did to both. */
function disturbedPairs({ trials }: ReadRun, names: readonly string[]): Finding[] {
  const valid = trials.flatMap((trial) =>
    trial.kind === 'valid' && names.includes(trial.strategy) ? [trial.record] : [],
  );
  const metBy = ({ warnings }: TrialRecord): Reason[] =>
    warnings.filter(({ code }) => metByBothSides.includes(code));
  const disturbed = valid.filter((record) => metBy(record).length > 0);
  const [first] = disturbed.flatMap(metBy);
  if (!first) return [];
  const message = `The machine was not quiet in ${formatCount(disturbed.length)} of ${counted(valid.length, 'valid trial')}: ${headlineOf(first.message)}, for example. Both sides met it at the same time.`;
  return [findingOf('pairs-disturbed', message)];
}

const oneOfEachKind = (records: readonly TrialRecord[]): readonly Reason[] =>
  [
    ...new Map(
      records
        .flatMap(({ reasons }) => reasons)
        .toReversed()
        .map((reason) => [reason.code, reason]),
    ).values(),
  ].toReversed();

/** What helps against what made trials invalid; a side that is out for the other's sake needs nothing of its own. */
function remediesOf(reasons: readonly Reason[]): string | undefined {
  const own = reasons.filter(({ code }) => code !== 'other-side-invalid');
  const remedies = new Set(own.map(({ remedy }) => asSentenceEnd(remedy)));
  return remedies.size > 0 ? [...remedies].join(' ') : undefined;
}

function overloaded({ trials }: ReadRun, names: readonly string[]): Finding[] {
  const past = trials.filter(
    (trial) =>
      trial.kind === 'valid' &&
      names.includes(trial.strategy) &&
      trial.record.warnings.some(({ code }) => code === 'overloaded'),
  );
  if (past.length === 0) return [];
  const who = listed([...new Set(past.map(({ strategy }) => strategy))]);
  const message = `In ${counted(past.length, 'trial')} the offered rate was more than ${who} could answer, so latencies are those of a growing queue.`;
  return [findingOf('overloaded', message, 'Compare at a lower --rate.')];
}

/** Wrong answers and errors are told whatever the verdict. */
export const answerFindings = (answers: readonly ComparisonAnswers[], names: Names): Finding[] =>
  answers.flatMap(({ strategy, baseline, candidate }) =>
    [
      { side: `${strategy} of ${names.baseline}`, ...baseline },
      { side: `${strategy} of ${names.candidate}`, ...candidate },
    ].flatMap(({ side, requests, violations, errors }) => [
      ...(sumOf(violations) > 0
        ? [findingOf('violations', `${side} gave wrong answers: ${formatClasses(violations)}.`)]
        : []),
      ...(sumOf(errors) > 0
        ? [
            findingOf(
              'errors',
              `${side} left ${formatCount(sumOf(errors))} of ${counted(requests, 'request')} without a usable answer: ${errorsInWords(errors)}.`,
            ),
          ]
        : []),
    ]),
  );

/** Why there is no verdict: the alarms. Wrong answers are none of the reasons, however grave. */
export const causesOf = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ severity, code }) => severity === 'alarm' && code !== 'violations')
    .map(({ message }) => message);

/** Checks of what the test of a pair takes for granted: ratios that neither move nor hold strangers. */
export const pairFindings = (
  strategies: readonly ComparedStrategy[],
  budgets: readonly Budget[],
): Finding[] =>
  strategies.flatMap((compared) =>
    budgets.flatMap(({ metric }) => {
      const { logRatios, decisive, blocks } = pairWithinBlocks(
        observations(compared.baseline, metric),
        observations(compared.candidate, metric),
      );
      // What stands for "no answer" makes no ratio that could drift or stand apart.
      const ratios = logRatios.flatMap((log, i) =>
        log === decisive[i] ? [{ block: blocks[i] ?? i, value: Math.exp(log) }] : [],
      );
      const what = `${metricTitle(metric)} of ${compared.strategy}`;
      return [...drifting(what, ratios), ...outlying(what, ratios)];
    }),
  );

type Ratios = readonly { readonly block: number; readonly value: number }[];

function drifting(what: string, ratios: Ratios): Finding[] {
  const drift = checkDrift(ratios);
  if (drift.status !== 'seen') return [];
  const size = `${((drift.ratioPerBlock - 1) * 100).toFixed(1)} %`;
  const message = `The ratio in ${what} moves by ${size} from block to block (p ${drift.p.toFixed(3)}): one number for it says too little.`;
  return [findingOf('ratio-drifts', message)];
}

function outlying(what: string, ratios: Ratios): Finding[] {
  const strangers = outlyingTrials(ratios.map(({ value }) => value)).map(({ index }) => ratios[index]?.block);
  if (strangers.length === 0) return [];
  const which = strangers.length === 1 ? ['block', 'stands'] : ['blocks', 'stand'];
  const message = `${what}: ${which[0]} ${listed(strangers.map(String))} ${which[1]} far from the others. They count; the method bears them.`;
  return [findingOf('outlying-blocks', message)];
}
