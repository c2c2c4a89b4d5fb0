/** What a stored run saw of a strategy at a rate: numbers of its servers, percentiles, and whether it kept up. */
import type { OnPaper } from '../../record/on-paper.ts';
import { couldNotKeepUp } from '../../record/overloaded.ts';
import type { RunRecord } from '../../record/run.ts';
import type { StrategySummary, Summary } from '../../record/summary.ts';
import { cpuNoiseIn } from './cpu-noise.ts';
import {
  type Behind,
  type CapacityEvidence,
  highestOf,
  type LoadEvidence,
  type SeenCpu,
  type SeenLatencies,
  type TestedRate,
} from './evidence.ts';
import { structureOf } from './on-paper.ts';

export interface StoredRun {
  readonly record: RunRecord;
  readonly summary: Pick<Summary, 'strategies' | 'design' | 'trials'>;
}

const strategyIn = ({ summary }: StoredRun, name: string): StrategySummary | undefined =>
  summary.strategies.find((each) => each.name === name);

/** Less than this share of what was offered is told as what was answered. */
const nearlyAll = 0.99;

/** A rate that was kept up with is told as it was asked for, not by the few answers that came after the end. */
function carriedIn(run: StoredRun, { name, offeredRate, achievedRate }: StrategySummary): number | null {
  if (offeredRate === null || achievedRate === null) return offeredRate;
  const isBehind = behindIn(run, name).length > 0 || achievedRate < nearlyAll * offeredRate;
  return isBehind ? Math.min(offeredRate, achievedRate) : offeredRate;
}

/** None, or one where the run offered more than the strategy could keep up with. */
export function behindIn(run: StoredRun, name: string): readonly Behind[] {
  const found = strategyIn(run, name);
  if (run.record.design.kind !== 'blocks' || found === undefined) return [];
  const { offeredRate: offered, achievedRate: answered } = found;
  if (offered === null || answered === null || !couldNotKeepUp(run.summary.trials, name)) return [];
  return [{ run: run.record.runId, offered, answered }];
}

/** Trials of a search count too: there a strategy's numbers are of the highest rate that kept the promise. */
export function loadIn(run: StoredRun, name: string, onPaper: OnPaper | null): LoadEvidence | null {
  const { kind } = run.record.design;
  const found = strategyIn(run, name);
  if (found === undefined || (kind !== 'blocks' && kind !== 'search')) return null;
  if (found.status === 'failed')
    return { status: 'failed', why: found.reasons.map(({ message }) => message).join('; ') || 'it failed' };
  const { balancer, app, store } = found.cpuMicrosPerRequest;
  const rate = carriedIn(run, found);
  if (found.status !== 'valid' || rate === null || balancer === null || app === null) return null;
  // Null in place of the CPU time of servers that there are: it is not known.
  if (store === null && structureOf({ onPaper }).spread.kind !== 'apps') return null;
  return {
    status: 'answered',
    rate,
    sessions: run.record.scenario.sessions,
    payloadBytes: run.record.scenario.payloadBytes,
    apps: run.record.plan.apps,
    // Where there are no servers of a store, runs have 0 of them.
    cpuMicros: { balancer, app, store: store === 0 ? null : store },
    cpuNoise: cpuNoiseIn(run.summary, name),
    memoryBytes: { ...found.memoryBytes, store: store === 0 ? null : found.memoryBytes.store },
    operations: found.operations,
    violations: found.violations,
  };
}

/**
 * Runs at one common rate before searches, in which each strategy is at the edge of what it carries, and both before runs in which it
 * could not keep up: what those say of a request holds for an overload.
 * @param runs the newest first
 */
export function bySoundness(runs: readonly StoredRun[], name: string): readonly StoredRun[] {
  const ranked = (run: StoredRun): number => {
    if (behindIn(run, name).length > 0) return strategyIn(run, name)?.status === 'failed' ? 3 : 2;
    return run.record.design.kind === 'blocks' ? 0 : 1;
  };
  // Stable: of those that are as sound the newest counts.
  return runs.toSorted((a, b) => ranked(a) - ranked(b));
}

export function seenIn(run: StoredRun, name: string, onPaper: OnPaper | null): readonly SeenCpu[] {
  const load = loadIn(run, name, onPaper);
  if (load?.status !== 'answered') return [];
  const { rate, cpuMicros, cpuNoise } = load;
  return [{ run: run.record.runId, rate, cpuMicros, cpuNoise }];
}

/** Percentiles need no CPU time beside them. */
export function latenciesIn(run: StoredRun, name: string): readonly SeenLatencies[] {
  const { kind } = run.record.design;
  const found = strategyIn(run, name);
  if (found?.status !== 'valid' || found.offeredRate === null || (kind !== 'blocks' && kind !== 'search'))
    return [];
  const { offeredRate: rate, operations } = found;
  const seen = { run: run.record.runId, rate, operations };
  if (kind === 'blocks') return [{ ...seen, keptTo: null }];
  const keptTo = capacityIn(run, name)?.answer.low ?? null;
  return keptTo === null ? [] : [{ ...seen, keptTo }];
}

/** The highest rate that it kept up with. */
export function highestIn(
  runs: readonly StoredRun[],
  name: string,
  onPaper: OnPaper | null,
): TestedRate | null {
  const seen = runs.flatMap((run): readonly TestedRate[] => {
    const load = behindIn(run, name).length > 0 ? null : loadIn(run, name, onPaper);
    const low = capacityIn(run, name)?.answer.low ?? null;
    const { runId } = run.record;
    return [
      ...(load?.status === 'answered' ? [{ rate: load.rate, run: runId }] : []),
      ...(low === null ? [] : [{ rate: low, run: runId }]),
    ];
  });
  return highestOf(seen);
}

export function capacityIn({ record, summary }: StoredRun, name: string): CapacityEvidence | null {
  if (summary.design.kind !== 'search') return null;
  const answer = summary.design.answers.find(({ strategy }) => strategy === name);
  if (answer === undefined || answer.limit === 'unknown') return null;
  return { promise: summary.design.promise, answer, run: record.runId };
}
