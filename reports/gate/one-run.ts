/** A run of `compare`, which holds both sides in its blocks. */

import type { SidePair } from '../../record/design.ts';
import { COMPARISON_VERSION, type Comparison } from '../../record/gate.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { type Finding, findingOf } from '../../record/reasons.ts';
import { defaultRule } from '../../record/rule.ts';
import { UserError } from '../../record/user-error.ts';
import { bySeverity } from '../checks/check.ts';
import { blocksMeasured } from '../facts/blocks-measured.ts';
import type { Budget } from './budgets.ts';
import { failedSides, lostTrials } from './failed.ts';
import { answerFindings, causesOf, pairFindings, runFindings } from './findings.ts';
import { answerOf, judge } from './judge.ts';
import { differencesOfSameCode, isSameCode, sameCode, withoutChange } from './same-code.ts';
import type { ComparedStrategy } from './sides.ts';

export const asCompared = (run: ReadRun, { strategy, baseline, candidate }: SidePair): ComparedStrategy => ({
  strategy,
  baseline: { run, name: baseline },
  candidate: { run, name: candidate },
});

/**
 * Judges what a run of `compare` measured.
 * @param notes findings of whoever calls, such as where the budgets come from
 * @throws UserError when it is a run of another command
 */
export function compareWithin(
  run: ReadRun,
  budgets: readonly Budget[],
  notes: readonly Finding[] = [],
): Comparison {
  const { record } = run;
  if (record.design.kind !== 'sides')
    throw new UserError(
      'invalid',
      `Run ${record.runId} compares nothing: it was made by "npm run bench". Name a second run to compare it with, or measure against a git ref with --against.`,
    );
  const { baseline, candidate, pairs } = record.design;
  const strategies = pairs.map((pair) => asCompared(run, pair));
  const names = { baseline: baseline.label, candidate: candidate.label };
  // Of a self-test, the candidate is the same code made slower.
  const same = pairs.every(({ addedMicros }) => addedMicros === 0) ? sameCode(baseline, candidate) : [];
  const judged = judge(strategies, budgets, names);
  const judgement = isSameCode(same) ? withoutChange(judged) : judged;
  const findings = bySeverity([
    ...answerFindings(judgement.answers, names),
    ...failedSides(strategies, names),
    ...lostTrials(strategies, names),
    ...runFindings(
      run,
      pairs.flatMap((pair) => [pair.baseline, pair.candidate]),
    ),
    ...pairFindings(strategies, budgets),
    ...notes,
    ...same,
    ...(isSameCode(same) ? differencesOfSameCode(judged) : []),
    ...dirtyNote(candidate.dirty),
  ]);
  const causes = causesOf(findings);
  const side = { runId: record.runId, startedAt: record.startedAt };
  return {
    schemaVersion: COMPARISON_VERSION,
    kind: 'one-run',
    status: record.status === 'running' ? 'interrupted' : record.status,
    outcome: judgement.outcome,
    answer: answerOf(judgement, names, causes, isSameCode(findings)),
    baseline: { ...baseline, ...side },
    candidate: { ...candidate, ...side },
    scenario: record.scenario.name,
    rate: record.design.rate?.value ?? null,
    blocks: record.design.blocks,
    blocksMeasured: blocksMeasured(run, record.design.blocks),
    pairing: record.design.pairing,
    measureSeconds: record.plan.measureSeconds,
    rule: defaultRule,
    budgets: [...budgets],
    results: judgement.results,
    answers: judgement.answers,
    findings,
  };
}

const dirtyNote = (dirty: boolean | null): Finding[] =>
  dirty === true
    ? [findingOf('dirty-tree', 'The working tree had changes that are in no commit; they were measured too.')]
    : [];
