/** Two stored runs, and what comparing them cannot tell. */

import { counted } from '../../record/counted.ts';
import { COMPARISON_VERSION, type Comparison, type ComparisonSide } from '../../record/gate.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { type Finding, findingOf } from '../../record/reasons.ts';
import { defaultRule } from '../../record/rule.ts';
import type { RunRecord } from '../../record/run.ts';
import { bySeverity } from '../checks/check.ts';
import { blocksMeasured } from '../facts/blocks-measured.ts';
import { listed } from '../words/format.ts';
import type { Budget } from './budgets.ts';
import { differencesBetween } from './comparable.ts';
import { blocksOf, rateOf } from './design.ts';
import { failedSides, lostTrials } from './failed.ts';
import { answerFindings, causesOf, pairFindings, runFindings } from './findings.ts';
import { answerOf, type Judgement, judge } from './judge.ts';
import { sameCodeOfRuns } from './same-code.ts';
import type { ComparedStrategy } from './sides.ts';

/**
 * Trials are paired by the number of their block. That is as sound as any pairing that does not look at the values, and
 * unlike within one run it cancels nothing of what the machine did in the meantime.
 * @param only strategies to compare; null for all that both runs have
 * @param notes findings of whoever calls, such as where the budgets come from
 */
export function compareRuns(
  baseline: ReadRun,
  candidate: ReadRun,
  budgets: readonly Budget[],
  only: readonly string[] | null = null,
  notes: readonly Finding[] = [],
): Comparison {
  const { refusals, remarks } = differencesBetween(baseline.record, candidate.record);
  const { strategies, findings: missing } = commonStrategies(baseline, candidate, only);
  const compared = refusals.length > 0 ? [] : strategies;
  const names = { baseline: `run ${baseline.record.runId}`, candidate: `run ${candidate.record.runId}` };
  const judgement: Judgement = judge(compared, budgets, names);
  const ofRun = compared.map(({ strategy }) => strategy);
  const findings = bySeverity([
    ...refusals,
    ...missing,
    ...answerFindings(judgement.answers, names),
    ...failedSides(compared, names),
    ...lostTrials(compared, names),
    ...runFindings(baseline, ofRun),
    ...runFindings(candidate, ofRun),
    ...remarks,
    ...notes,
    ...sameCodeOfRuns(sideOf(baseline.record), sideOf(candidate.record)),
    ...pairFindings(compared, budgets),
    ...unevenBlocks(baseline, candidate),
    timesDiffer(baseline.record, candidate.record),
  ]);
  const causes = causesOf(findings);
  return {
    schemaVersion: COMPARISON_VERSION,
    kind: 'two-runs',
    status: [baseline, candidate].every(({ record }) => record.status === 'finished')
      ? 'finished'
      : 'interrupted',
    outcome: judgement.outcome,
    answer: answerOf(judgement, names, causes, false),
    baseline: sideOf(baseline.record),
    candidate: sideOf(candidate.record),
    scenario: candidate.record.scenario.name,
    rate: rateOf(candidate.record.design)?.value ?? null,
    pairing: null,
    blocks: Math.min(blocksOf(baseline.record.design), blocksOf(candidate.record.design)),
    blocksMeasured: Math.min(
      ...[baseline, candidate].map((run) => blocksMeasured(run, blocksOf(run.record.design))),
    ),
    measureSeconds: candidate.record.plan.measureSeconds,
    rule: defaultRule,
    budgets: [...budgets],
    results: judgement.results,
    answers: judgement.answers,
    findings,
  };
}

const sideOf = ({ runId, startedAt, tool }: RunRecord): ComparisonSide => ({
  label: runId,
  commit: tool.commit,
  dirty: tool.dirty,
  digest: null,
  runId,
  startedAt,
});

function commonStrategies(
  baseline: ReadRun,
  candidate: ReadRun,
  only: readonly string[] | null,
): { readonly strategies: readonly ComparedStrategy[]; readonly findings: Finding[] } {
  const namesOf = ({ record }: ReadRun): string[] => record.strategies.map(({ name }) => name);
  const [before, after] = [namesOf(baseline), namesOf(candidate)];
  const wanted = only ?? [...new Set([...before, ...after])];
  const common = wanted.filter((name) => before.includes(name) && after.includes(name));
  const absent = wanted.filter((name) => !common.includes(name));
  const are = absent.length === 1 ? 'is' : 'are';
  const message = `${listed(absent)} ${are} not in both runs, so there is nothing to compare.`;
  // One that was asked for by name and is not there leaves the question unanswered.
  const severity = only === null && common.length > 0 ? 'warning' : 'alarm';
  const findings = absent.length === 0 ? [] : [{ ...findingOf('not-in-both', message), severity } as const];
  const strategies = (only ?? common).map((strategy) => ({
    strategy,
    baseline: { run: baseline, name: strategy },
    candidate: { run: candidate, name: strategy },
  }));
  return { strategies, findings };
}

function unevenBlocks({ record: a }: ReadRun, { record: b }: ReadRun): Finding[] {
  const [ofA, ofB] = [blocksOf(a.design), blocksOf(b.design)];
  if (ofA === ofB) return [];
  const used = Math.min(ofA, ofB);
  const message = `Run ${a.runId} has ${counted(ofA, 'block')} and run ${b.runId} has ${ofB}; the first ${used} of each are compared.`;
  return [findingOf('uneven-blocks', message)];
}

function timesDiffer(a: RunRecord, b: RunRecord): Finding {
  const hours = Math.abs(Date.parse(b.startedAt) - Date.parse(a.startedAt)) / 3_600_000;
  return findingOf(
    'different-times',
    `The runs were made ${apart(hours)}. What the machine did in between cannot be told from what changed in the code, and no number of blocks mends that.`,
  );
}

/** @param hours NaN where a record does not tell its time */
function apart(hours: number): string {
  if (Number.isNaN(hours)) return 'at times that are not known';
  if (hours >= 48) return `${counted(Math.round(hours / 24), 'day')} apart`;
  if (hours >= 2) return `${counted(Math.round(hours), 'hour')} apart`;
  return `${counted(Math.round(hours * 60), 'minute')} apart`;
}
