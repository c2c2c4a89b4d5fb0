/**
 * Reads `results/<run-id>/` as it is on the disk: a run that was killed, a file that was cut off or edited.
 * What cannot be used is left out and named in `problems`; only a `run.json` that cannot be read ends the reading.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readCapacity } from '../reports/capacity.ts';
import { type OperationName, type Reason, SCHEMA_VERSION } from './common.ts';
import { type EngineResult, engineResult, type HistogramLine, histogramLine } from './engine.ts';
import { decodeHistogram, Histogram } from './histogram.ts';
import { type RunRecord, runRecord } from './run.ts';
import type { CapacityRecord } from './search.ts';
import { type TrialRecord, trialRecord } from './trial.ts';

/** A run folder of which no report can be made; the message says which file, why, and what to do. */
export class RunFolderError extends Error {
  override readonly name = 'RunFolderError';
}

export interface OperationMeasures {
  /** Microseconds from the intended start to the last byte. */
  readonly intended: Histogram;
  /** Microseconds from the first byte sent to the last byte received. */
  readonly service: Histogram;
}

/** All operations of one trial within one second, or within several where a trial is long. */
export interface TimePoint {
  /** Seconds since measuring began, of the point's beginning; negative in the warm-up. */
  readonly second: number;
  /** Length in seconds. */
  readonly seconds: number;
  readonly requests: number;
  readonly errors: number;
  readonly violations: number;
  /** Percentiles from the intended start, in microseconds. */
  readonly p50Micros: number;
  readonly p99Micros: number;
}

export interface Measures {
  readonly operations: ReadonlyMap<OperationName, OperationMeasures>;
  readonly timeline: readonly TimePoint[];
  /** The seconds before, which are in no number. Empty where the run kept none. */
  readonly warmup: readonly TimePoint[];
}

interface TrialFolder {
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
      /** Present where it could be read, so that its violations are still counted. */
      readonly record: TrialRecord | null;
      readonly engine: EngineResult | null;
      readonly reason: Reason;
    });

export interface ReadRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** By number. */
  readonly trials: readonly ReadTrial[];
  /** What a search for capacity found; null in other runs, and where it cannot be read. */
  readonly capacity: CapacityRecord | null;
  /** What could not be used as it is. */
  readonly problems: readonly Reason[];
}

/**
 * Reads a run.
 * @throws RunFolderError when the folder holds no readable `run.json` of a known version.
 */
export async function readRun(folder: string): Promise<ReadRun> {
  const record = await readRunRecord(folder);
  const problems: Reason[] = [];
  const trials: ReadTrial[] = [];
  for (const trialFolder of await trialFolders(folder, problems)) {
    const trial = await readTrial(trialFolder, record, trials, problems);
    if (trial.kind === 'unreadable') problems.push(trial.reason);
    trials.push(trial);
  }
  problems.push(...missingTrials(record, trials));
  const read = await readCapacity(folder, record, trials);
  problems.push(...read.problems);
  return { folder, record, trials, capacity: read.capacity, problems };
}

type FileContent =
  | { readonly status: 'read'; readonly value: unknown }
  | { readonly status: 'missing' }
  | { readonly status: 'broken'; readonly why: string };

async function readJson(file: string): Promise<FileContent> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { status: 'missing' };
    return { status: 'broken', why: `it cannot be read (${codeOf(error)})` };
  }
  try {
    return { status: 'read', value: JSON.parse(text) };
  } catch {
    return {
      status: 'broken',
      why: text.trim() === '' ? 'it is empty' : 'it is cut off or no JSON',
    };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** `schemaVersion` first: a file of another version must not be reported as a list of unknown keys. */
function versionProblem(value: unknown): string | null {
  const version = z.object({ schemaVersion: z.unknown() }).safeParse(value).data?.schemaVersion;
  if (version === SCHEMA_VERSION) return null;
  if (version === undefined) return 'it has no schemaVersion';
  return `its schemaVersion is ${JSON.stringify(version)}, and this version of session-bench reads ${SCHEMA_VERSION}`;
}

function mistakes(error: z.ZodError): string {
  const [first, second, ...rest] = error.issues.map(
    (issue) => `${issue.path.length > 0 ? issue.path.join('.') : 'the file'}: ${issue.message}`,
  );
  const more = rest.length > 0 ? `, and ${rest.length} more` : '';
  return [first, second].filter((each) => each !== undefined).join('; ') + more;
}

async function readRunRecord(folder: string): Promise<RunRecord> {
  const file = path.join(folder, 'run.json');
  const again =
    'Restore the file, or name another run: "npm run report -- RUN" with a folder under results/ as RUN.';
  const content = await readJson(file);
  if (content.status === 'missing')
    throw new RunFolderError(`${file} does not exist, so this folder holds no run. ${again}`);
  if (content.status === 'broken') throw new RunFolderError(`${file}: ${content.why}. ${again}`);
  const version = versionProblem(content.value);
  if (version)
    throw new RunFolderError(
      `${file}: ${version}. Make the report with the version of session-bench that made the run.`,
    );
  const parsed = runRecord.safeParse(content.value);
  if (!parsed.success)
    throw new RunFolderError(`${file} was damaged or edited: ${mistakes(parsed.error)}. ${again}`);
  return parsed.data;
}

async function trialFolders(folder: string, problems: Reason[]): Promise<TrialFolder[]> {
  const parent = path.join(folder, 'trials');
  const names = await readdir(parent).catch(() => []);
  const found: TrialFolder[] = [];
  for (const name of names) {
    const match = /^(\d{1,6})-([a-z][a-z0-9-]{0,63})$/.exec(name);
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

async function readTrial(
  trial: TrialFolder,
  run: RunRecord,
  before: readonly ReadTrial[],
  problems: Reason[],
): Promise<ReadTrial> {
  const name = `trials/${path.basename(trial.folder)}`;
  const engine = await readEngine(trial.folder);
  const content = await readJson(path.join(trial.folder, 'trial.json'));
  if (content.status === 'missing') {
    return { ...trial, kind: 'unfinished', engine, reason: await unfinishedReason(trial, name, run) };
  }
  const fail = (file: string, why: string, record: TrialRecord | null = null): ReadTrial => ({
    ...trial,
    kind: 'unreadable',
    record,
    engine,
    reason: unreadable(`${name}/${file}`, why),
  });
  if (content.status === 'broken') return fail('trial.json', content.why);
  const version = versionProblem(content.value);
  if (version) return fail('trial.json', version);
  const parsed = trialRecord.safeParse(content.value);
  if (!parsed.success) return fail('trial.json', `it was damaged or edited: ${mistakes(parsed.error)}`);
  const record = parsed.data;
  const contradiction = contradictionIn(record, trial, run, before);
  if (contradiction) return fail('trial.json', `it was edited or moved: ${contradiction}`);
  if (record.status === 'invalid') return { ...trial, kind: 'invalid', record };
  const read = await readMeasures(trial.folder, run);
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

const cutOffLine = 'its last line is cut off and was skipped';

async function readEngine(folder: string): Promise<EngineResult | null> {
  const content = await readJson(path.join(folder, 'engine.json'));
  if (content.status !== 'read') return null;
  return engineResult.safeParse(content.value).data ?? null;
}

async function unfinishedReason(trial: TrialFolder, name: string, run: RunRecord): Promise<Reason> {
  const text = await readFile(path.join(trial.folder, 'histograms.jsonl'), 'utf8').catch(() => '');
  const lines = parseLines(text);
  const seconds = new Set(lines.lines.filter((line) => line.phase === 'measure').map((line) => line.second))
    .size;
  const cutOff = lines.cutOff ? `; ${cutOffLine}` : '';
  const ended = run.status === 'running' ? 'the run was killed or still goes on' : `the run is ${run.status}`;
  return {
    code: 'unfinished',
    message: `${name} has no trial.json: ${ended}, and ${seconds} s of measuring are on the disk${cutOff}.`,
    remedy: 'A trial that did not end has no verdict of its validity, so it is left out; run it again.',
  };
}

function contradictionIn(
  record: TrialRecord,
  trial: TrialFolder,
  run: RunRecord,
  before: readonly ReadTrial[],
): string | null {
  if (record.number !== trial.number || record.strategy !== trial.strategy)
    return `it says trial ${record.number} of ${record.strategy}`;
  if (before.some((other) => other.number === trial.number)) return `there are two trials ${trial.number}`;
  if (!run.strategies.some((strategy) => strategy.name === record.strategy))
    return `run.json knows no strategy ${record.strategy}`;
  if (record.status === 'valid' && record.reasons.length > 0)
    return 'it says that it is valid and why it is not';
  return null;
}

interface ParsedLines {
  readonly lines: readonly HistogramLine[];
  readonly cutOff: boolean;
  /** Number (from 1) of a line before the last that is no histogram line, and why. */
  readonly broken: { readonly line: number; readonly why: string } | null;
}

function parseLines(text: string): ParsedLines {
  const rows = text.split('\n');
  // The last row is empty when the file ends with a line feed; otherwise the writer was killed within it.
  const unfinished = rows.pop() ?? '';
  const lines: HistogramLine[] = [];
  for (const [index, row] of rows.entries()) {
    const parsed = parseLine(row);
    if (typeof parsed === 'string') return { lines, cutOff: false, broken: { line: index + 1, why: parsed } };
    lines.push(parsed);
  }
  if (unfinished === '') return { lines, cutOff: false, broken: null };
  const last = parseLine(unfinished);
  if (typeof last === 'string') return { lines, cutOff: true, broken: null };
  return { lines: [...lines, last], cutOff: false, broken: null };
}

function parseLine(row: string): HistogramLine | string {
  try {
    const parsed = histogramLine.safeParse(JSON.parse(row));
    return parsed.success ? parsed.data : mistakes(parsed.error);
  } catch {
    return 'it is no JSON';
  }
}

type ReadMeasures =
  | { readonly status: 'broken'; readonly why: string }
  | {
      readonly status: 'read';
      readonly measures: Measures;
      readonly counts: ReadonlyMap<OperationName, number>;
      readonly cutOff: boolean;
    };

/** More points of one trial than this cannot be told apart in a chart. */
const mostPointsOfTrial = 120;
/** More points than this in all would make the report large; long trials merge neighbouring seconds instead. */
const mostPointsOfRun = 2400;
const fewestPointsOfTrial = 10;

function pointsOfTrial({ plan }: RunRecord): number {
  const share = Math.floor(mostPointsOfRun / Math.max(1, plan.order.flat().length));
  return Math.min(mostPointsOfTrial, Math.max(fewestPointsOfTrial, share));
}

async function readMeasures(folder: string, run: RunRecord): Promise<ReadMeasures> {
  let text: string;
  try {
    text = await readFile(path.join(folder, 'histograms.jsonl'), 'utf8');
  } catch (error) {
    return {
      status: 'broken',
      why: codeOf(error) === 'ENOENT' ? 'it is missing' : `it cannot be read (${codeOf(error)})`,
    };
  }
  const { lines, cutOff, broken } = parseLines(text);
  if (broken) return { status: 'broken', why: `line ${broken.line} was damaged or edited: ${broken.why}` };
  const measured = lines.filter((line) => line.phase === 'measure');
  // The last answers and probes come a moment after the last second, and would look like a second without load.
  const lastSecond = Math.max(0, Math.ceil(run.plan.measureSeconds) - 1);
  const binSeconds = Math.max(1, Math.ceil((lastSecond + 1) / pointsOfTrial(run)));
  const operations = new Map<OperationName, OperationMeasures>();
  const counts = new Map<OperationName, number>();
  const bins = new Map<number, TimeBin>();
  for (const line of measured) {
    try {
      addLine(line, operations, binOf(bins, Math.floor(Math.min(line.second, lastSecond) / binSeconds)));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        status: 'broken',
        why: `second ${line.second}, ${line.operation}: a histogram was damaged or edited: ${why}`,
      };
    }
    counts.set(line.operation, (counts.get(line.operation) ?? 0) + line.count);
  }
  const timeline = pointsOf(bins, binSeconds);
  const warmup = readWarmup(lines, run.plan.warmupSeconds, binSeconds);
  return { status: 'read', measures: { operations, timeline, warmup }, counts, cutOff };
}

const pointsOf = (bins: ReadonlyMap<number, TimeBin>, binSeconds: number): TimePoint[] =>
  [...bins]
    .sort(([a], [b]) => a - b)
    .map(([bin, { all, ...sums }]) => ({
      second: bin * binSeconds,
      seconds: binSeconds,
      ...sums,
      p50Micros: all.valueAt(50),
      p99Micros: all.valueAt(99),
    }));

/** Its seconds count up to 0, where measuring begins. It is in no number, so a damaged histogram costs its drawing only. */
function readWarmup(lines: readonly HistogramLine[], warmupSeconds: number, binSeconds: number): TimePoint[] {
  const bins = new Map<number, TimeBin>();
  const began = -Math.ceil(warmupSeconds);
  try {
    for (const line of lines) {
      if (line.phase !== 'warmup' || began === 0) continue;
      const second = Math.min(-1, began + line.second);
      addLine(line, new Map(), binOf(bins, Math.floor(second / binSeconds)));
    }
  } catch {
    return [];
  }
  return pointsOf(bins, binSeconds);
}

interface TimeBin {
  readonly all: Histogram;
  requests: number;
  errors: number;
  violations: number;
}

function binOf(bins: Map<number, TimeBin>, number: number): TimeBin {
  const bin = bins.get(number) ?? { all: new Histogram(), requests: 0, errors: 0, violations: 0 };
  bins.set(number, bin);
  return bin;
}

function addLine(line: HistogramLine, operations: Map<OperationName, OperationMeasures>, bin: TimeBin): void {
  const measures = operations.get(line.operation) ?? { intended: new Histogram(), service: new Histogram() };
  operations.set(line.operation, measures);
  const intended = decodeHistogram(line.intended);
  if (intended.total > line.count)
    throw new Error(`it holds ${intended.total} values for ${line.count} requests`);
  measures.intended.add(intended);
  measures.service.add(decodeHistogram(line.service));
  bin.all.add(intended);
  bin.requests += line.count;
  bin.errors += line.errors;
  bin.violations += line.violations;
}

/** A trial whose histograms miss more than this share of its requests is left out. */
const toleratedShare = 0.01;

/** Finds histograms that hold more or fewer requests than the trial's own count. */
function countsDisagree(
  record: TrialRecord,
  counts: ReadonlyMap<OperationName, number>,
): { readonly why: string; readonly leaveOut: boolean } | null {
  const wrong: string[] = [];
  let leaveOut = false;
  const names = new Set<OperationName>([...counts.keys(), ...keysOf(record.operations)]);
  for (const name of names) {
    const expected = record.operations[name]?.count ?? 0;
    const found = counts.get(name) ?? 0;
    if (found === expected) continue;
    wrong.push(`${found} of ${expected} ${name} requests`);
    if (Math.abs(found - expected) > Math.max(1, expected * toleratedShare)) leaveOut = true;
  }
  return wrong.length === 0 ? null : { why: `it holds ${wrong.join(', ')}`, leaveOut };
}

function keysOf(operations: TrialRecord['operations']): OperationName[] {
  // Object.keys gives string[]; the schema admits no other keys than operation names.
  return Object.keys(operations) as OperationName[];
}

function missingTrials(record: RunRecord, trials: readonly ReadTrial[]): Reason[] {
  if (record.status !== 'finished') return [];
  const planned = record.plan.order.flat().length;
  const missing: number[] = [];
  for (let number = 1; number <= planned; number += 1)
    if (!trials.some((trial) => trial.number === number)) missing.push(number);
  if (missing.length === 0) return [];
  const named = `${missing.slice(0, 8).join(', ')}${missing.length > 8 ? ', …' : ''}`;
  return [
    {
      code: 'missing-trials',
      message: `${missing.length} of ${planned} planned trials have no folder under trials/ (${named}).`,
      remedy: 'Restore the folders from a copy, or measure again.',
    },
  ];
}
