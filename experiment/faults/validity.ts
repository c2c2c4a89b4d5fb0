/** Judges a trial with a fault: does it tell what the fault does? What the fault does is a result, and never a reason. */
import type { UnexpectedExit } from '../../infra/runtimes/runtime.ts';
import { type Reason, reasonOf } from '../../record/reasons.ts';
import type { TrialRecord } from '../../record/trial.ts';
import type { TrialLimits } from '../limits.ts';
import { type Evidence, exitReason, generatorReasons, interruptedReason } from '../validity.ts';

export interface FaultEvidence
  extends Pick<Evidence, 'engine' | 'notReady' | 'generatorFailure' | 'interrupted' | 'pacing'>,
    Pick<TrialRecord, 'fault'> {
  /** Servers that ended before the fault began. */
  readonly exitsBefore: readonly UnexpectedExit[];
}

export interface JudgedFault extends Pick<TrialRecord, 'status' | 'reasons' | 'warnings'> {}

export function judgedFault(evidence: FaultEvidence, limits: TrialLimits): JudgedFault {
  const reasons = evidence.interrupted ? [interruptedReason] : invalidReasons(evidence, limits);
  return { status: reasons.length === 0 ? 'valid' : 'invalid', reasons, warnings: warningsOf(evidence) };
}

function invalidReasons(evidence: FaultEvidence, limits: TrialLimits): Reason[] {
  const ofGenerator = generatorReasons({ ...evidence, overtimeIsBounded: true }, limits);
  return [
    ...evidence.exitsBefore.map(exitReason),
    ...ofGenerator,
    ...(ofGenerator.length > 0 ? [] : faultReasons(evidence)),
  ];
}

function faultReasons({ fault }: FaultEvidence): Reason[] {
  if (fault === null) return [];
  const { course, sweep, losses, gaps } = fault;
  if (course.status === 'not-begun')
    return [reasonOf('fault-not-begun', `the trial ended before ${fault.name} began`)];
  if (course.status === 'not-taken')
    return [reasonOf('fault-not-taken', `${fault.name} was tried and did not take: ${course.why}`)];
  if (sweep === null || losses === null || gaps === null)
    return [reasonOf('sweep-missing', 'the generator did not read the sessions once more')];
  return [];
}

function warningsOf({ fault }: FaultEvidence): Reason[] {
  if (fault === null) return [];
  const { course, deaths, name } = fault;
  return [
    ...(course.status === 'not-healed'
      ? [reasonOf('not-healed', `servers did not get ready again after ${name}: ${course.why}`)]
      : []),
    ...deaths.map((death) => reasonOf('died-of-fault', `${death}, since ${name} had been done`)),
  ];
}
