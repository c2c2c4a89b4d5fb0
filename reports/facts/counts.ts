/** What is counted over trials whatever became of them: a wrong answer is never left out. */
import type { Errors, Violations } from '../../record/common.ts';
import type { ReadTrial } from '../../record/read/trials.ts';
import type { TrialRecord } from '../../record/trial.ts';

interface Counts {
  readonly violations: Violations;
  readonly errors: Errors;
}

/** Of a trial's own record, or else of what the engine wrote last. */
function operationCounts(trial: ReadTrial): readonly Counts[] {
  const record = trial.kind === 'unfinished' ? null : trial.record;
  if (record) return Object.values(record.operations);
  const engine = trial.kind === 'unfinished' || trial.kind === 'unreadable' ? trial.engine : null;
  return engine ? Object.values(engine.phases.measure.operations) : [];
}

/** Before the measured phase, whose wrong answers are as wrong as any. */
function earlierCounts(trial: ReadTrial): readonly Counts[] {
  const record = trial.kind === 'unfinished' ? null : trial.record;
  if (record) return Object.values(record.before ?? {});
  const engine = trial.kind === 'unfinished' || trial.kind === 'unreadable' ? trial.engine : null;
  return engine
    ? [engine.phases.seed, engine.phases.warmup].flatMap(({ operations }) => Object.values(operations))
    : [];
}

export function violationsOf(trials: readonly ReadTrial[]): Violations {
  const sum: Violations = { lost: 0, stale: 0, resurrected: 0, crossed: 0 };
  for (const { violations } of trials.flatMap((each) => [...operationCounts(each), ...earlierCounts(each)])) {
    sum.lost += violations.lost;
    sum.stale += violations.stale;
    sum.resurrected += violations.resurrected;
    sum.crossed += violations.crossed;
  }
  return sum;
}

export function errorsOf(trials: readonly ReadTrial[]): Errors {
  const sum: Errors = { timeout: 0, connection: 0, server: 0, protocol: 0 };
  for (const { errors } of trials.flatMap(operationCounts)) {
    sum.timeout += errors.timeout;
    sum.connection += errors.connection;
    sum.server += errors.server;
    sum.protocol += errors.protocol;
  }
  return sum;
}

/** Requests that the apps counted; null where they could not be asked. */
export const appRequests = ({ requests: { apps } }: TrialRecord): number | null =>
  apps === null ? null : apps.reduce((sum, each) => sum + each, 0);
