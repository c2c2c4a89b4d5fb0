/** A verification for CI servers: a case for each strategy and check. */
import { securityChecks } from '../../record/security-checks.ts';
import type { CheckResult, VerificationRecord } from '../../record/verification.ts';
import type { Case, Suite } from '../document/document.ts';
import { checkTitle } from './titles.ts';

export const suiteOf = ({ startedAt, id, runtime, strategies }: VerificationRecord): Suite => ({
  name: 'verification',
  startedAt,
  properties: [
    ['id', id],
    ['runtime', runtime],
  ],
  cases: strategies.flatMap(({ name, checks, reasons }) => [
    ...checks.map((result) => caseOf(name, result)),
    ...reasons.map(
      ({ message }): Case => ({
        group: name,
        name: 'verified',
        seconds: 0,
        outcome: { kind: 'skipped', message },
        notes: [],
      }),
    ),
  ]),
  notes: [],
});

const caseOf = (strategy: string, result: CheckResult): Case => ({
  group: strategy,
  name: checkTitle(result.id),
  seconds: result.milliseconds / 1000,
  outcome: outcomeOf(result),
  notes: result.outcome === 'holds' ? [result.detail] : [],
});

function outcomeOf({ id, outcome, detail }: CheckResult): Case['outcome'] {
  switch (outcome) {
    case 'holds':
      return { kind: 'passed' };
    case 'limit':
      return { kind: 'skipped', message: detail };
    case 'unknown':
      return { kind: 'error', type: 'unknown', message: detail, detail };
    case 'broken':
      return { kind: 'failure', type: 'broken', message: detail, detail: securityChecks[id].remedy };
  }
}
