/** Makes evidence of stored runs that fit each other: the newest run that has a part of a strategy gives it. */
import type { OnPaper } from '../../record/on-paper.ts';
import type { RunRecord } from '../../record/run.ts';
import type { StrategySummary, Summary } from '../../record/summary.ts';
import type {
  CapacityEvidence,
  Evidence,
  FootprintEvidence,
  LoadEvidence,
  Missing,
  Part,
  StrategyEvidence,
  SurvivalEvidence,
} from './evidence.ts';
import { footprintsIn, survivalIn } from './later-parts.ts';
import { structureOf } from './on-paper.ts';

export interface StoredRun {
  readonly record: RunRecord;
  readonly summary: Pick<Summary, 'strategies' | 'design'>;
}

/** @param runs that fit each other (fit.ts), at least one @throws Error without a run */
export function evidenceFrom(runs: readonly StoredRun[]): Evidence {
  const newestFirst = runs.toSorted((a, b) => (a.record.startedAt < b.record.startedAt ? 1 : -1));
  const [newest] = newestFirst;
  if (newest === undefined) throw new Error('evidence is made of one run at least');
  const loaded = newestFirst.find(({ record }) => record.design.kind === 'blocks') ?? newest;
  const { host, runtime, placement } = loaded.record;
  const names = [
    ...new Set(newestFirst.flatMap(({ summary }) => summary.strategies.map(({ name }) => name))),
  ];
  return {
    runs: newestFirst.map(({ record: { runId, design, preset, startedAt } }) => ({
      id: runId,
      kind: design.kind,
      preset,
      startedAt,
    })),
    machine: {
      cpuModel: host.cpuModel,
      cores: host.cores,
      memoryBytes: host.memoryBytes,
      virtualization: host.virtualization,
      runtime,
      shared: placement.shared,
    },
    workload: loaded.record.scenario,
    strategies: names.map((name) => strategyEvidence(name, newestFirst)),
  };
}

function strategyEvidence(name: string, runs: readonly StoredRun[]): StrategyEvidence {
  const command = (option: string): string => `npm run bench -- ${option}--strategy ${name}`;
  const title =
    runs.flatMap(({ summary }) => summary.strategies).find((each) => each.name === name)?.title ?? name;
  const onPaper = onPaperIn(runs, name);
  return {
    name,
    title,
    onPaper,
    load: firstOf(
      byDesign(runs),
      (run) => loadIn(run, name, onPaper),
      missing('it was not measured at a rate', command('')),
    ),
    capacity: firstOf(
      runs,
      (run) => capacityIn(run, name),
      missing('how much it carries under a promise', command('--capacity ')),
    ),
    footprint: allOf(
      runs,
      (run) => footprintsIn(run.summary, name),
      missing('bytes of a session in store and apps', command('--footprint ')),
    ),
    survival: firstOf(
      runs,
      (run) => survivalOf(run, name, onPaper),
      missing('what failures lose', command('--faults ')),
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

/** Payloads may have been weighed in several runs: the newest of each counts. */
function allOf(
  runs: readonly StoredRun[],
  find: (run: StoredRun) => readonly FootprintEvidence[],
  otherwise: Missing,
): Part<readonly FootprintEvidence[]> {
  const found = runs.flatMap((run) => find(run).map((series) => ({ series, run: run.record.runId })));
  const [newest] = found;
  if (newest === undefined) return otherwise;
  const all = found.map(({ series }) => series);
  const value = all.filter(
    ({ payloadBytes }, index) => all.findIndex((each) => each.payloadBytes === payloadBytes) === index,
  );
  return { kind: 'measured', value, run: newest.run };
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
    memoryBytes: { ...found.memoryBytes, store: store === 0 ? null : found.memoryBytes.store },
    operations: found.operations,
    violations: found.violations,
  };
}

function capacityIn({ summary }: StoredRun, name: string): CapacityEvidence | null {
  if (summary.design.kind !== 'search') return null;
  const answer = summary.design.answers.find(({ strategy }) => strategy === name);
  if (answer === undefined || answer.limit === 'unknown') return null;
  return { promise: summary.design.promise, answer };
}

const someOf = <Item>(items: readonly Item[]): readonly Item[] | null => (items.length === 0 ? null : items);

const survivalOf = (
  { summary }: StoredRun,
  name: string,
  onPaper: OnPaper | null,
): readonly SurvivalEvidence[] | null => someOf(survivalIn(summary, name, structureOf({ onPaper }).spread));
