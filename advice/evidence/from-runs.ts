/**
 * Makes evidence of stored runs that fit each other. The newest run that has a number gives it; how far was tested, and what was
 * asked, is what any of them tested and asked, so that a run more takes nothing away.
 */
import { strategyBehind } from '../../record/deployed-as.ts';
import type { OnPaper } from '../../record/on-paper.ts';
import type { RunRecord } from '../../record/run.ts';
import { securityChecks } from '../../record/security-checks.ts';
import type { StrategySummary, Summary } from '../../record/summary.ts';
import type { VerificationRecord } from '../../record/verification.ts';
import { reachInSessions } from '../sizing/memory.ts';
import { measuringCommand } from './commands.ts';
import { cpuNoiseIn } from './cpu-noise.ts';
import type {
  CapacityEvidence,
  Evidence,
  FootprintEvidence,
  LoadEvidence,
  Missing,
  Part,
  SecurityEvidence,
  SeenCpu,
  StrategyEvidence,
  SurvivalEvidence,
  TestedRate,
} from './evidence.ts';
import { footprintsIn, survivalIn } from './later-parts.ts';
import { structureOf } from './on-paper.ts';

export interface StoredRun {
  readonly record: RunRecord;
  readonly summary: Pick<Summary, 'strategies' | 'design' | 'trials'>;
}

export type StoredVerification = Pick<VerificationRecord, 'id' | 'startedAt' | 'strategies'>;

/**
 * @param runs that fit each other (fit.ts), at least one
 * @param verifications that fit them
 * @throws Error without a run
 */
export function evidenceFrom(
  runs: readonly StoredRun[],
  verifications: readonly StoredVerification[] = [],
): Evidence {
  const newestFirst = runs.toSorted((a, b) => (a.record.startedAt < b.record.startedAt ? 1 : -1));
  const asked = verifications.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  const [newest] = newestFirst;
  if (newest === undefined) throw new Error('evidence is made of one run at least');
  const loaded = newestFirst.find(({ record }) => record.design.kind === 'blocks') ?? newest;
  const { host, runtime, placement } = loaded.record;
  const names = [...new Set(newestFirst.flatMap(ownNames))];
  return {
    runs: [
      ...newestFirst.map(({ record: { runId, design, preset, startedAt } }) => ({
        id: runId,
        kind: design.kind,
        preset,
        startedAt,
      })),
      ...asked.map(({ id, startedAt }) => ({ id, kind: 'verification', preset: 'no load', startedAt })),
    ],
    machine: {
      cpuModel: host.cpuModel,
      cores: host.cores,
      memoryBytes: host.memoryBytes,
      virtualization: host.virtualization,
      runtime,
      shared: placement.shared,
    },
    workload: loaded.record.scenario,
    strategies: names.map((name) => strategyEvidence(name, newestFirst, asked)),
  };
}

/** Without those with more apps, whose numbers are not of the plan's. */
const ownNames = ({ record, summary }: StoredRun): readonly string[] =>
  summary.strategies.map(({ name }) => name).filter((name) => strategyBehind(record, name) === name);

function strategyEvidence(
  name: string,
  runs: readonly StoredRun[],
  verifications: readonly StoredVerification[],
): StrategyEvidence {
  const title =
    runs.flatMap(({ summary }) => summary.strategies).find((each) => each.name === name)?.title ?? name;
  const onPaper = onPaperIn(runs, name);
  const load = firstOf(
    byDesign(runs),
    (run) => loadIn(run, name, onPaper),
    missing('it was not measured at a rate', measuringCommand('load', [name])),
  );
  return {
    name,
    title,
    onPaper,
    load,
    alsoSeen: runs
      .filter(({ record }) => load.kind === 'missing' || record.runId !== load.run)
      .flatMap((run) => seenIn(run, name, onPaper)),
    highest: highestIn(runs, name, onPaper),
    capacity: partOf(
      firstOfEach(
        runs.flatMap((run) => capacityIn(run, name) ?? []),
        ({ promise }) => promise.text,
      ),
      missing('how much it carries under a promise', measuringCommand('capacity', [name])),
    ),
    footprint: partOf(
      // Stable: of those that reach as far the newest counts.
      firstOfEach(
        runs
          .flatMap((run) => footprintsOf(run, name))
          .toSorted((a, b) => reachInSessions(b) - reachInSessions(a)),
        ({ payloadBytes }) => String(payloadBytes),
      ),
      missing('bytes of a session in store and apps', measuringCommand('footprint', [name])),
    ),
    survival: partOf(
      firstOfEach(
        runs.flatMap((run) => survivalOf(run, name, onPaper)),
        ({ fault }) => fault,
      ),
      missing('what failures lose', measuringCommand('survival', [name])),
    ),
    security: partOf(
      firstOfEach(
        verifications.flatMap((each) => securityIn(each, name)),
        ({ check }) => check,
      ),
      missing('what an attacker could do', `npm run verify -- --strategy ${name}`),
    ),
  };
}

/** As the newest run that has it says it. */
const onPaperIn = (runs: readonly StoredRun[], name: string): OnPaper | null =>
  runs.flatMap(({ record }) => record.strategies).find((each) => each.name === name && each.onPaper !== null)
    ?.onPaper ?? null;

/** Runs at one common rate before searches, in which each strategy is at the edge of what it carries. */
const byDesign = (runs: readonly StoredRun[]): readonly StoredRun[] => {
  const isBlocks = ({ record }: StoredRun): boolean => record.design.kind === 'blocks';
  return [...runs.filter(isBlocks), ...runs.filter((run) => !isBlocks(run))];
};

const missing = (what: string, command: string): Missing => ({ kind: 'missing', what, command });

function firstOf<Value>(
  runs: readonly StoredRun[],
  find: (run: StoredRun) => Value | null,
  otherwise: Missing,
): Part<Value> {
  for (const run of runs) {
    const value = find(run);
    if (value !== null) return { kind: 'measured', value, run: run.record.runId };
  }
  return otherwise;
}

function partOf<Value extends { readonly run: string }>(
  found: readonly Value[],
  otherwise: Missing,
): Part<readonly Value[]> {
  const [newest] = found;
  return newest === undefined ? otherwise : { kind: 'measured', value: found, run: newest.run };
}

/** The first of each key. */
function firstOfEach<Value>(found: readonly Value[], keyOf: (each: Value) => string): readonly Value[] {
  const keys = found.map(keyOf);
  return found.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

const strategyIn = ({ summary }: StoredRun, name: string): StrategySummary | undefined =>
  summary.strategies.find((each) => each.name === name);

/** Trials of a search count too: there a strategy's numbers are of the highest rate that kept the promise. */
function loadIn(run: StoredRun, name: string, onPaper: OnPaper | null): LoadEvidence | null {
  const { kind } = run.record.design;
  const found = strategyIn(run, name);
  if (found === undefined || (kind !== 'blocks' && kind !== 'search')) return null;
  if (found.status === 'failed')
    return { status: 'failed', why: found.reasons.map(({ message }) => message).join('; ') || 'it failed' };
  const { balancer, app, store } = found.cpuMicrosPerRequest;
  if (found.status !== 'valid' || found.offeredRate === null || balancer === null || app === null)
    return null;
  // Null in place of the CPU time of servers that there are: it is not known.
  if (store === null && structureOf({ onPaper }).spread.kind !== 'apps') return null;
  return {
    status: 'answered',
    rate: found.offeredRate,
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

function seenIn(run: StoredRun, name: string, onPaper: OnPaper | null): readonly SeenCpu[] {
  const load = loadIn(run, name, onPaper);
  if (load?.status !== 'answered') return [];
  const { rate, cpuMicros, cpuNoise } = load;
  return [{ run: run.record.runId, rate, cpuMicros, cpuNoise }];
}

function highestIn(runs: readonly StoredRun[], name: string, onPaper: OnPaper | null): TestedRate | null {
  const seen = runs.flatMap((run): readonly TestedRate[] => {
    const load = loadIn(run, name, onPaper);
    const low = capacityIn(run, name)?.answer.low ?? null;
    const { runId } = run.record;
    return [
      ...(load?.status === 'answered' ? [{ rate: load.rate, run: runId }] : []),
      ...(low === null ? [] : [{ rate: low, run: runId }]),
    ];
  });
  return seen.toSorted((a, b) => b.rate - a.rate)[0] ?? null;
}

function capacityIn({ record, summary }: StoredRun, name: string): CapacityEvidence | null {
  if (summary.design.kind !== 'search') return null;
  const answer = summary.design.answers.find(({ strategy }) => strategy === name);
  if (answer === undefined || answer.limit === 'unknown') return null;
  return { promise: summary.design.promise, answer, run: record.runId };
}

const footprintsOf = ({ record, summary }: StoredRun, name: string): readonly FootprintEvidence[] =>
  footprintsIn(summary, name).map((each) => ({ ...each, run: record.runId, apps: record.plan.apps }));

const survivalOf = (
  { record, summary }: StoredRun,
  name: string,
  onPaper: OnPaper | null,
): readonly SurvivalEvidence[] =>
  survivalIn(summary, name, structureOf({ onPaper }).spread).map((each) => ({ ...each, run: record.runId }));

const securityIn = ({ id, strategies }: StoredVerification, name: string): readonly SecurityEvidence[] =>
  strategies
    .filter((each) => each.name === name && each.status === 'verified')
    .flatMap(({ checks }) => checks)
    .map(({ id: check, outcome, detail }) => ({
      run: id,
      check,
      title: securityChecks[check].title,
      outcome,
      detail,
    }));
