/** A trial in figures, as `summary.json` keeps it. */
import type { Tier } from '../../record/common.ts';
import { inMilliseconds, type Latency } from '../../record/latency.ts';
import type { ReadTrial, ValidTrial } from '../../record/read/trials.ts';
import type { TrialSummary } from '../../record/summary.ts';
import { achievedRateOf, perRightAnswer } from '../statistics/trial-values.ts';
import { perTier } from './cpu.ts';

/** Microseconds; null where the meter could not be read, and without a right answer. */
export function cpuPerRequest({ record }: ValidTrial, tier: Tier): number | null {
  const micros = perRightAnswer(record, record.usage[tier]?.cpuMicros ?? null);
  return micros === null || !Number.isFinite(micros) ? null : micros;
}

const noNumbers = {
  achievedRate: null,
  readP50Ms: null,
  readP99Ms: null,
  writeP50Ms: null,
  cpuMicrosPerRequest: perTier(() => null),
} as const;

export function summariseTrial(trial: ReadTrial): TrialSummary {
  const { number, strategy } = trial;
  if (trial.kind === 'unfinished' || trial.kind === 'unreadable')
    return {
      number,
      strategy,
      block: trial.kind === 'unreadable' ? (trial.record?.block ?? null) : null,
      status: trial.kind,
      reasons: [trial.reason],
      warnings: [],
      promise: null,
      ...noNumbers,
    };
  const { block, reasons, warnings, promise } = trial.record;
  const judged = { number, strategy, block, status: trial.kind, reasons, warnings, promise };
  return trial.kind === 'invalid' ? { ...judged, ...noNumbers } : { ...judged, ...numbersOf(trial) };
}

function numbersOf(trial: ValidTrial): Omit<TrialSummary, keyof Judged> {
  const percentile = (operation: 'read' | 'write', at: number): Latency | null => {
    const micros = trial.measures.operations.get(operation)?.intended.at(at) ?? null;
    return micros === null ? null : inMilliseconds(micros);
  };
  return {
    achievedRate: achievedRateOf(trial.record, trial.measures.operations),
    readP50Ms: percentile('read', 50),
    readP99Ms: percentile('read', 99),
    writeP50Ms: percentile('write', 50),
    cpuMicrosPerRequest: perTier((tier) => cpuPerRequest(trial, tier)),
  };
}

type Judged = Pick<
  TrialSummary,
  'number' | 'strategy' | 'block' | 'status' | 'reasons' | 'warnings' | 'promise'
>;
