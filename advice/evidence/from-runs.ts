/**
 * Makes evidence of stored runs that fit each other. The newest run that has a number gives it, one in which the strategy kept up before
 * one in which it did not; how far was tested, and what was asked, is what any of them tested and asked, so that a run more takes
 * nothing away.
 */
import { strategyBehind } from '../../record/deployed-as.ts';
import type { OnPaper } from '../../record/on-paper.ts';
import { securityChecks } from '../../record/security-checks.ts';
import type { VerificationRecord } from '../../record/verification.ts';
import { reachInSessions } from '../sizing/memory.ts';
import {
  behindIn,
  bySoundness,
  capacityIn,
  highestIn,
  latenciesIn,
  loadIn,
  type StoredRun,
  seenIn,
} from './at-a-rate.ts';
import { measuringCommand } from './commands.ts';
import type {
  Evidence,
  FootprintEvidence,
  Missing,
  Part,
  SecurityEvidence,
  StrategyEvidence,
  SurvivalEvidence,
} from './evidence.ts';
import { footprintsIn, survivalIn } from './later-parts.ts';
import { structureOf } from './on-paper.ts';

export type { StoredRun } from './at-a-rate.ts';

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
    bySoundness(runs, name),
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
    latencies: runs
      .flatMap((run) => latenciesIn(run, name))
      .filter(({ run, keptTo }) => keptTo !== null || load.kind === 'missing' || run !== load.run),
    highest: highestIn(runs, name, onPaper),
    behind: runs.flatMap((run) => behindIn(run, name)),
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
