/** Checks of the data behind the comparisons, strategy by strategy: what is seen is named, and decides nothing. */

import { counted } from '../../record/counted.ts';
import { inOrder } from '../../record/latency.ts';
import type { Metric } from '../../record/metrics.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { type ValidTrial, validTrialsOf } from '../../record/read/trials.ts';
import type { Diagnostic, StrategySummary } from '../../record/summary.ts';
import { checkAutocorrelation } from '../statistics/diagnostics/autocorrelation.ts';
import { checkDrift } from '../statistics/diagnostics/drift.ts';
import { CHECK_LEVEL } from '../statistics/diagnostics/finding.ts';
import { outlyingTrials } from '../statistics/diagnostics/outliers.ts';
import { checkWarmup } from '../statistics/diagnostics/warmup.ts';
import { betaCdf } from '../statistics/distributions/beta.ts';
import { holm } from '../statistics/holm.ts';
import { median } from '../statistics/order.ts';
import { formatRatio, listed } from '../words/format.ts';
import { judgedMetrics, observationsOf } from './comparisons.ts';

type DiagnosticOf<Check extends Diagnostic['check']> = Extract<Diagnostic, { check: Check }>;

/**
 * Every check on every strategy with a valid trial. Each kind of check is one family (Holm), so that a run of many
 * strategies and metrics does not find something just because it looks often.
 */
export function diagnose(run: ReadRun, strategies: readonly StrategySummary[]): Diagnostic[] {
  const names = strategies.filter(({ status }) => status === 'valid').map(({ name }) => name);
  return [
    ...warmups(run, names),
    ...drifts(run, names),
    ...autocorrelations(run, names),
    ...judgedMetrics.flatMap((metric) => names.map((strategy) => outliersOf(run, strategy, metric))),
  ];
}

/** Each with its p over the family; null where there is none. */
function adjusted<Item extends { readonly p: number | null }>(
  items: readonly Item[],
): (Item & { readonly adjustedP: number | null })[] {
  const values = holm(items.map(({ p }) => p));
  return items.map((item, at) => ({ ...item, adjustedP: values[at] ?? null }));
}

/**
 * Microseconds; one value for several seconds where a trial is long. Infinite where a second has no median, since most of
 * its operations got no right answer: a check can then say nothing of the trial.
 */
const medianBySecond = ({ measures }: ValidTrial): number[] =>
  measures.timeline.map(({ p50Micros }) => inOrder(p50Micros));

const percentText = (ratio: number): string => {
  const percent = Math.abs(ratio - 1) * 100;
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
};

function warmups(run: ReadRun, names: readonly string[]): DiagnosticOf<'warmup'>[] {
  const found = names.map((strategy) => {
    const trials = validTrialsOf(run.trials, strategy);
    const finding = checkWarmup(trials.map(medianBySecond));
    return {
      strategy,
      finding,
      p: finding.status === 'unknown' ? null : finding.p,
      secondsOfPoint: trials[0]?.measures.timeline[0]?.seconds ?? 1,
    };
  });
  return adjusted(found).map(({ strategy, finding, adjustedP, secondsOfPoint }) => {
    const head = { check: 'warmup' as const, strategy };
    if (finding.status === 'unknown' || adjustedP === null)
      return { ...head, status: 'unknown', message: whyUnknown(finding), detail: null };
    const { ratio, p } = finding;
    const firstSeconds = finding.firstSeconds * secondsOfPoint;
    const seen = finding.status === 'seen' && adjustedP < CHECK_LEVEL;
    const change = `${percentText(ratio)} ${ratio > 1 ? 'slower' : 'faster'} than the rest`;
    return {
      ...head,
      status: seen ? 'seen' : 'not-seen',
      message: seen
        ? `the first ${firstSeconds} s of its trials were ${change}`
        : `the first ${firstSeconds} s are like the rest`,
      detail: { ratio, firstSeconds, p, adjustedP },
    };
  });
}

const whyUnknown = (finding: { readonly status: string; readonly why?: string }): string =>
  finding.why ?? 'nothing to look at';

function drifts(run: ReadRun, names: readonly string[]): DiagnosticOf<'drift'>[] {
  const found = judgedMetrics.flatMap((metric) =>
    names.map((strategy) => {
      const values = observationsOf(run, strategy, metric).flatMap(({ block, value }) =>
        value === null ? [] : [{ block, value }],
      );
      const finding = checkDrift(values);
      return { strategy, metric, finding, p: finding.status === 'unknown' ? null : finding.p };
    }),
  );
  return adjusted(found).map(({ strategy, metric, finding, adjustedP }) => {
    const head = { check: 'drift' as const, strategy, metric };
    if (finding.status === 'unknown' || adjustedP === null)
      return { ...head, status: 'unknown', message: whyUnknown(finding), detail: null };
    const { ratioPerBlock, p } = finding;
    const seen = finding.status === 'seen' && adjustedP < CHECK_LEVEL;
    const change = `${ratioPerBlock > 1 ? 'rose' : 'fell'} by ${percentText(ratioPerBlock)} a block`;
    return {
      ...head,
      status: seen ? 'seen' : 'not-seen',
      message: seen ? `it ${change}` : 'no trend over the blocks',
      detail: { ratioPerBlock, p, adjustedP },
    };
  });
}

/** Chance of `hits` or more in `trials` when each comes with `share` (the binomial's upper tail as incomplete beta). */
const atLeast = (hits: number, trials: number, share: number): number =>
  hits === 0 ? 1 : betaCdf(share, hits, trials - hits + 1);

function autocorrelations(run: ReadRun, names: readonly string[]): DiagnosticOf<'autocorrelation'>[] {
  const found = names.map((strategy) => {
    const findings = validTrialsOf(run.trials, strategy).map((trial) =>
      checkAutocorrelation(medianBySecond(trial)),
    );
    const looked = findings.flatMap((finding) => (finding.status === 'unknown' ? [] : [finding]));
    const trialsSeen = looked.filter(({ status }) => status === 'seen').length;
    return {
      strategy,
      looked,
      trialsSeen,
      unknown: findings[0] ?? { status: 'unknown' },
      p: looked.length === 0 ? null : atLeast(trialsSeen, looked.length, CHECK_LEVEL),
    };
  });
  return adjusted(found).map(({ strategy, looked, trialsSeen, unknown, p, adjustedP }) => {
    const head = { check: 'autocorrelation' as const, strategy };
    const medianLag1 = median(looked.map(({ lag1 }) => lag1));
    if (p === null || adjustedP === null || medianLag1 === null)
      return { ...head, status: 'unknown', message: whyUnknown(unknown), detail: null };
    const seen = adjustedP < CHECK_LEVEL;
    return {
      ...head,
      status: seen ? 'seen' : 'not-seen',
      message: seen
        ? `in ${trialsSeen} of ${counted(looked.length, 'trial')} neighbouring seconds resemble each other (median correlation ${medianLag1.toFixed(2)})`
        : `in ${trialsSeen} of ${counted(looked.length, 'trial')}, no more than chance gives`,
      detail: { trials: looked.length, trialsSeen, medianLag1, p, adjustedP },
    };
  });
}

const againstMedian = (ratio: number): string =>
  ratio >= 2
    ? `${formatRatio(ratio)} the median`
    : `${percentText(ratio)} ${ratio > 1 ? 'above' : 'below'} the median`;

/** An outlier that lies nearer to the median than this is no matter, as a share. */
const RELEVANT = 0.05;

function outliersOf(run: ReadRun, strategy: string, metric: Metric): DiagnosticOf<'outliers'> {
  const head = { check: 'outliers' as const, strategy, metric };
  const values = observationsOf(run, strategy, metric);
  const known = validTrialsOf(run.trials, strategy).flatMap(({ number, record }, at) => {
    const value = values[at]?.value ?? null;
    return value === null || !Number.isFinite(value) ? [] : [{ number, block: record.block, value }];
  });
  const middle = median(known.map(({ value }) => value));
  if (known.length < 5 || middle === null || !known.every(({ value }) => value > 0))
    return { ...head, status: 'unknown', message: 'fewer than 5 trials with a positive value', detail: null };
  const trials = outlyingTrials(known.map(({ value }) => value)).flatMap(({ index, score }) => {
    const trial = known[index];
    if (!trial || Math.abs(Math.log(trial.value / middle)) < Math.log1p(RELEVANT)) return [];
    return [{ number: trial.number, block: trial.block, ratioToMedian: trial.value / middle, score }];
  });
  const told = trials.map(({ number, ratioToMedian }) => `trial ${number} (${againstMedian(ratioToMedian)})`);
  return {
    ...head,
    status: trials.length > 0 ? 'seen' : 'not-seen',
    message: trials.length > 0 ? listed(told) : 'no trial stands apart',
    detail: { trials },
  };
}
