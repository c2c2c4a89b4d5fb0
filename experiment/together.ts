/** Trials that were measured at the same time: what is wrong with one, or with all together, is held against each. */
import { headlineOf } from '../record/log-lines.ts';
import { metByBothSides } from '../record/noise.ts';
import { type Reason, reasonOf } from '../record/reasons.ts';
import type { TrialRecord } from '../record/trial.ts';
import type { TrialLimits } from './limits.ts';
import { percent } from './validity.ts';

/**
 * Sides that met different things are no pair: one that is invalid makes the others so. What met both alike is a thing to know.
 */
export function judgedTogether(
  records: readonly TrialRecord[],
  limits: Pick<TrialLimits, 'generatorCpuShare'>,
): readonly TrialRecord[] {
  if (records.length < 2) return records;
  const shared = generatorsTogether(records, limits);
  const own = records.map(withoutShared);
  return own.map((record) => {
    const reasons = record.reasons.length > 0 ? record.reasons : [...shared, ...ofOthers(record, own)];
    return reasons.length === 0 ? record : { ...record, status: 'invalid', reasons };
  });
}

function withoutShared(record: TrialRecord): TrialRecord {
  const { reasons, warnings, status } = record;
  if (status === 'valid' || !reasons.every(({ code }) => metByBothSides.includes(code))) return record;
  return { ...record, status: 'valid', reasons: [], warnings: [...warnings, ...reasons] };
}

/** Generators that are driven at the same time share the cores of their tier. */
function generatorsTogether(
  records: readonly TrialRecord[],
  limits: Pick<TrialLimits, 'generatorCpuShare'>,
): readonly Reason[] {
  const shares = records.map(({ pacing }) => pacing.generatorCpuShare);
  const share = shares.reduce((sum, each) => sum + each, 0);
  // One that is past the limit alone is told for itself.
  if (share <= limits.generatorCpuShare || Math.max(...shares) > limits.generatorCpuShare) return [];
  const message = `the generators of both sides together used ${percent(share)} of their CPU budget (limit ${percent(limits.generatorCpuShare)})`;
  return [reasonOf('generator-cpu', message)];
}

const ofOthers = (record: TrialRecord, records: readonly TrialRecord[]): Reason[] =>
  records.flatMap((other) => {
    const [first] = other.reasons;
    if (other === record || !first) return [];
    const message = `${other.strategy} was measured at the same time and is invalid: ${headlineOf(first.message)}`;
    return [reasonOf('other-side-invalid', message)];
  });
