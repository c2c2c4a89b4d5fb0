/** Reads the trials of a run: each valid, invalid, unfinished or unreadable. */

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type OperationName, sumOf } from '../common.ts';
import { counted } from '../counted.ts';
import { type EngineResult, engineResult } from '../engine.ts';
import type { Reason } from '../reasons.ts';
import type { RunRecord } from '../run.ts';
import { TRIAL_VERSION, type TrialRecord, trialRecord } from '../trial.ts';
import { hasAftermath, withoutAftermath } from './aftermath.ts';
import {
  cutOffLine,
  type LineCounts,
  type Measures,
  noLines,
  parseLines,
  readMeasures,
} from './histograms.ts';
import { mistakes, readJson, versionProblem } from './json.ts';
import { believedCounts, contradictory, doubtsOf } from './sound/doubts.ts';
import { impossibleCounts } from './sound/impossible.ts';

export interface TrialFolder {
  readonly folder: string;
  readonly number: number;
  readonly strategy: string;
}

export type ReadTrial =
  | (TrialFolder & { readonly kind: 'valid'; readonly record: TrialRecord; readonly measures: Measures })
  | (TrialFolder & { readonly kind: 'invalid'; readonly record: TrialRecord })
  /** The run ended before the trial did: there is no `trial.json`. */
  | (TrialFolder & {
      readonly kind: 'unfinished';
      readonly engine: EngineResult | null;
      readonly reason: Reason;
    })
  | (TrialFolder & {
      readonly kind: 'unreadable';
      /** Present where its counts are not impossible, and no fewer than the engine's: its violations are still counted. */
      readonly record: TrialRecord | null;
      readonly engine: EngineResult | null;
      readonly reason: Reason;
    });

export async function trialFolders(folder: string, problems: Reason[]): Promise<TrialFolder[]> {
  const parent = path.join(folder, 'trials');
  const names = await readdir(parent).catch(() => []);
  const found: TrialFolder[] = [];
  for (const name of names) {
    const match = /^(\d{1,6})-([a-z][a-z0-9-]{0,63}(?:@[a-z0-9-]{1,64})?)$/.exec(name);
    if (match?.[1] && match[2]) {
      found.push({ folder: path.join(parent, name), number: Number(match[1]), strategy: match[2] });
    } else if ((await stat(path.join(parent, name))).isDirectory()) {
      problems.push({
        code: 'unknown-folder',
        message: `trials/${name} is not named like a trial (<number>-<strategy>), so it was left out.`,
        remedy: 'Remove it, or give it back the name that the run gave it.',
      });
    }
  }
  return found.sort((a, b) => a.number - b.number || a.strategy.localeCompare(b.strategy));
}

function unreadable(file: string, why: string): Reason {
  return {
    code: 'unreadable-trial',
    message: `${file}: ${why}. The trial is left out of every number.`,
    remedy: 'Restore the file from a copy, or measure again.',
  };
}

export async function readTrial(
  trial: TrialFolder,
  run: RunRecord,
  before: readonly ReadTrial[],
  problems: Reason[],
): Promise<ReadTrial> {
  const name = `trials/${path.basename(trial.folder)}`;
  const { engine, broken } = await readEngine(trial.folder);
  const content = await readJson(path.join(trial.folder, 'trial.json'));
  if (content.status === 'missing') return await unfinished(trial, name, run, engine);
  const fail = (file: string, why: string, record: TrialRecord | null = null): ReadTrial => ({
    ...trial,
    kind: 'unreadable',
    record,
    engine,
    reason: unreadable(`${name}/${file}`, why),
  });
  if (content.status === 'broken') return fail('trial.json', content.why);
  const version = versionProblem(content.value, [TRIAL_VERSION]);
  if (version) return fail('trial.json', version);
  const parsed = trialRecord.safeParse(content.value);
  if (!parsed.success) return fail('trial.json', `it was damaged or edited: ${mistakes(parsed.error)}`);
  const record = parsed.data;
  const contradiction = contradictionIn(record, trial, before);
  if (contradiction) return fail('trial.json', `it was edited or moved: ${contradiction}`);
  const doubted = doubtsOf(record, engine, run);
  if (doubted.length > 0)
    return {
      ...trial,
      kind: 'unreadable',
      record: believedCounts(record, engine),
      engine,
      reason: contradictory(`${name}/trial.json`, doubted),
    };
  if (record.status === 'invalid') return { ...trial, kind: 'invalid', record };
  if (broken !== null) return fail('engine.json', broken, record);
  const read = await readMeasures(trial.folder, run, record);
  if (read.status === 'broken') return fail('histograms.jsonl', read.why, record);
  const disagreement = countsDisagree(record, read.counts);
  if (disagreement?.leaveOut) return fail('histograms.jsonl', disagreement.why, record);
  const doubts = [disagreement?.why, read.cutOff ? cutOffLine : undefined].filter(
    (each) => each !== undefined,
  );
  for (const doubt of doubts) {
    problems.push({
      code: 'incomplete-histograms',
      message: `${name}/histograms.jsonl: ${doubt}.`,
      remedy: 'Its percentiles are of the rest; measure again if that matters.',
    });
  }
  return { ...trial, kind: 'valid', record, measures: read.measures };
}

async function unfinished(
  trial: TrialFolder,
  name: string,
  run: RunRecord,
  engine: EngineResult | null,
): Promise<ReadTrial> {
  // Of a run that was killed.
  const cleared = run.status === 'running' && engine !== null && hasAftermath(engine);
  return {
    ...trial,
    kind: 'unfinished',
    engine: cleared ? withoutAftermath(engine) : engine,
    reason: await unfinishedReason(trial, name, run, cleared),
  };
}

interface ReadEngine {
  /** Null where there is none, or none that can be used. */
  readonly engine: EngineResult | null;
  /** What is wrong with the file; null where nothing is, or where there is none, as in runs that were cut down. */
  readonly broken: string | null;
}

async function readEngine(folder: string): Promise<ReadEngine> {
  const content = await readJson(path.join(folder, 'engine.json'));
  if (content.status === 'missing') return { engine: null, broken: null };
  if (content.status === 'broken') return { engine: null, broken: content.why };
  const parsed = engineResult.safeParse(content.value);
  if (!parsed.success) return { engine: null, broken: `it was damaged or edited: ${mistakes(parsed.error)}` };
  const impossible = impossibleCounts(parsed.data.phases.measure.operations, 'phases.measure.operations');
  if (impossible.length > 0) return { engine: null, broken: impossible.join('; ') };
  return { engine: parsed.data, broken: null };
}

/** @param aftermath whether counts were left out, since the run's end may have caused them */
async function unfinishedReason(
  trial: TrialFolder,
  name: string,
  run: RunRecord,
  aftermath: boolean,
): Promise<Reason> {
  const text = await readFile(path.join(trial.folder, 'histograms.jsonl'), 'utf8').catch(() => '');
  const lines = parseLines(text);
  const seconds = new Set(lines.lines.filter((line) => line.phase === 'measure').map((line) => line.second))
    .size;
  const cutOff = lines.cutOff ? `; ${cutOffLine}` : '';
  const uncounted = aftermath
    ? '; requests that failed in it, and sessions that were gone, are not counted, since its servers may have been ended before the generator was'
    : '';
  const ended = run.status === 'running' ? 'the run was killed or still goes on' : `the run is ${run.status}`;
  return {
    code: 'unfinished',
    message: `${name} has no trial.json: ${ended}, and ${seconds} s of measuring are on the disk${cutOff}${uncounted}.`,
    remedy: 'A trial that did not end has no verdict of its validity, so it is left out; run it again.',
  };
}

function contradictionIn(
  record: TrialRecord,
  trial: TrialFolder,
  before: readonly ReadTrial[],
): string | null {
  if (record.number !== trial.number || record.strategy !== trial.strategy)
    return `it says trial ${record.number} of ${record.strategy}`;
  if (before.some((other) => other.number === trial.number)) return `there are two trials ${trial.number}`;
  return null;
}

/** A trial whose histograms miss more than this share of its requests is left out. */
const toleratedShare = 0.01;

/** Finds histograms that hold more or fewer requests or failures than the trial's own count, or not its right answers. */
function countsDisagree(
  record: TrialRecord,
  counts: ReadonlyMap<OperationName, LineCounts>,
): { readonly why: string; readonly leaveOut: boolean } | null {
  const wrong: string[] = [];
  let leaveOut = false;
  const names = new Set<OperationName>([...counts.keys(), ...keysOf(record.operations)]);
  for (const name of names) {
    const expected = record.operations[name]?.count ?? 0;
    const found = counts.get(name) ?? noLines;
    if (found.requests !== expected) {
      wrong.push(`${found.requests} of ${counted(expected, `${name} request`)}`);
      if (Math.abs(found.requests - expected) > Math.max(1, expected * toleratedShare)) leaveOut = true;
      continue;
    }
    const doubts = answersDisagree(name, record, found);
    if (doubts.length > 0) leaveOut = true;
    wrong.push(...doubts);
  }
  return wrong.length === 0 ? null : { why: `it holds ${wrong.join(', ')}`, leaveOut };
}

/** Of lines that hold all requests of an operation. */
function answersDisagree(
  name: OperationName,
  { operations, pages }: TrialRecord,
  found: LineCounts,
): string[] {
  const errors = sumOf(operations[name]?.errors ?? {});
  const violations = sumOf(operations[name]?.violations ?? {});
  // Reads that follow pages are the harness' own, and in no latency.
  const own = name === 'read' ? (pages?.settling ?? 0) : 0;
  const right = found.requests - errors - violations - own;
  return [
    ...(found.errors === errors ? [] : [`${found.errors} of ${counted(errors, `${name} error`)}`]),
    ...(found.violations === violations
      ? []
      : [`${found.violations} of ${counted(violations, `wrong answer`)} to a ${name}`]),
    // Logins that repair a lost session are answered, and no arrivals.
    ...(found.answered === right || name === 'login'
      ? []
      : [`the latencies of ${found.answered} of ${counted(right, `right answer`)} to a ${name}`]),
  ];
}

function keysOf(operations: TrialRecord['operations']): OperationName[] {
  // Object.keys gives string[]; the schema admits no other keys than operation names.
  return Object.keys(operations) as OperationName[];
}

/** Nobody can tell which of two valid trials of one strategy in one block is the true one: neither is believed. */
export function withoutTwins(trials: readonly ReadTrial[]): ReadTrial[] {
  const valid = trials.filter((trial) => trial.kind === 'valid');
  const groups = Map.groupBy(valid, ({ record: { strategy, block } }) => `${block} ${strategy}`);
  return trials.map((trial) => {
    if (trial.kind !== 'valid') return trial;
    const { folder, number, strategy, record } = trial;
    const twins = groups.get(`${record.block} ${strategy}`) ?? [];
    if (twins.length < 2) return trial;
    const numbers = twins.map((twin) => twin.number).join(', ');
    const doubt = `block ${record.block} has ${twins.length} valid trials of ${strategy}, ${numbers}`;
    const reason = contradictory(`trials/${path.basename(folder)}/trial.json`, [doubt]);
    return { folder, number, strategy, kind: 'unreadable', record, engine: null, reason };
  });
}

export type ValidTrial = Extract<ReadTrial, { kind: 'valid' }>;

export const validTrialsOf = (trials: readonly ReadTrial[], strategy: string): ValidTrial[] =>
  trials.filter((trial): trial is ValidTrial => trial.kind === 'valid' && trial.strategy === strategy);
