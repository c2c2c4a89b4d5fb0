/** Reads `histograms.jsonl` of a trial: merged per operation, and as a timeline. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type OperationName, operationNames } from '../common.ts';
import { counted } from '../counted.ts';
import { type HistogramLine, histogramLine } from '../engine.ts';
import { decodeHistogram } from '../histogram.ts';
import { Latencies, type Latency } from '../latency.ts';
import type { RunRecord } from '../run.ts';
import { plannedSecondsOf, type TrialRecord } from '../trial.ts';
import { unansweredOf } from '../unanswered.ts';
import { codeOf, mistakes } from './json.ts';

export interface OperationMeasures {
  /** Microseconds from the intended start to the last byte. */
  readonly intended: Latencies;
  /** Microseconds from the first byte sent to the last byte received. */
  readonly service: Latencies;
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
  readonly p50Micros: Latency;
  readonly p99Micros: Latency;
  /** The same without wrong answers, which come as fast as right ones: what is slow, or is not answered, shows alone. */
  readonly answerP99Micros: Latency;
}

export interface Measures {
  readonly operations: ReadonlyMap<OperationName, OperationMeasures>;
  readonly timeline: readonly TimePoint[];
  /** The seconds before, which are in no number. Empty where the run kept none. */
  readonly warmup: readonly TimePoint[];
}

export const cutOffLine = 'its last line is cut off and was skipped';

interface ParsedLines {
  readonly lines: readonly HistogramLine[];
  readonly cutOff: boolean;
  /** Number (from 1) of a line before the last that is no histogram line, and why. */
  readonly broken: { readonly line: number; readonly why: string } | null;
}

export function parseLines(text: string): ParsedLines {
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

/** What the lines of one operation hold in all. */
export interface LineCounts {
  readonly requests: number;
  readonly errors: number;
  readonly violations: number;
  /** Latencies: one of each right answer to an arrival or probe. */
  readonly answered: number;
}

export type ReadMeasures =
  | { readonly status: 'broken'; readonly why: string }
  | {
      readonly status: 'read';
      readonly measures: Measures;
      readonly counts: ReadonlyMap<OperationName, LineCounts>;
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

/** @param record of the trial: it counts the operations that have no right answer, and so are in no histogram */
export async function readMeasures(
  folder: string,
  run: RunRecord,
  record: TrialRecord,
): Promise<ReadMeasures> {
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
  const lastSecond = Math.max(0, Math.ceil(plannedSecondsOf(record, run)) - 1);
  const binSeconds = Math.max(1, Math.ceil((lastSecond + 1) / pointsOfTrial(run)));
  const operations = new Map<OperationName, OperationMeasures>();
  const counts = new Map<OperationName, LineCounts>();
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
    const { requests, errors, violations } = counts.get(line.operation) ?? noLines;
    counts.set(line.operation, {
      requests: requests + line.count,
      errors: errors + line.errors,
      violations: violations + line.violations,
      answered: operations.get(line.operation)?.intended.answered ?? 0,
    });
  }
  addUnanswered(operations, record);
  const timeline = pointsOf(bins, binSeconds);
  const warmup = readWarmup(lines, run.plan.warmupSeconds, binSeconds);
  return { status: 'read', measures: { operations, timeline, warmup }, counts, cutOff };
}

export const noLines: LineCounts = { requests: 0, errors: 0, violations: 0, answered: 0 };

const pointsOf = (bins: ReadonlyMap<number, TimeBin>, binSeconds: number): TimePoint[] =>
  [...bins]
    .sort(([a], [b]) => a - b)
    .flatMap(([bin, { all, answers, ...sums }]) => {
      const [p50Micros, p99Micros] = all.atEach([50, 99]);
      if (p50Micros === undefined || p99Micros === undefined) return [];
      // Where every answer was wrong, none was slow.
      const answerP99Micros = answers.at(99) ?? 0;
      return [
        { second: bin * binSeconds, seconds: binSeconds, ...sums, p50Micros, p99Micros, answerP99Micros },
      ];
    });

function addUnanswered(operations: Map<OperationName, OperationMeasures>, record: TrialRecord): void {
  for (const operation of operationNames) {
    const unanswered = unansweredOf(record, [operation]);
    if (unanswered === 0) continue;
    const { intended, service } = measuresOf(operations, operation);
    intended.addUnanswered(unanswered);
    service.addUnanswered(unanswered);
  }
}

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
  readonly all: Latencies;
  /** Without wrong answers. */
  readonly answers: Latencies;
  requests: number;
  errors: number;
  violations: number;
}

function binOf(bins: Map<number, TimeBin>, number: number): TimeBin {
  const bin = bins.get(number) ?? {
    all: new Latencies(),
    answers: new Latencies(),
    requests: 0,
    errors: 0,
    violations: 0,
  };
  bins.set(number, bin);
  return bin;
}

function measuresOf(
  operations: Map<OperationName, OperationMeasures>,
  operation: OperationName,
): OperationMeasures {
  const measures = operations.get(operation) ?? { intended: new Latencies(), service: new Latencies() };
  operations.set(operation, measures);
  return measures;
}

function addLine(line: HistogramLine, operations: Map<OperationName, OperationMeasures>, bin: TimeBin): void {
  const measures = measuresOf(operations, line.operation);
  const intended = decodeHistogram(line.intended);
  const service = decodeHistogram(line.service);
  const answers = line.count - line.errors - line.violations;
  if (intended.total > answers)
    throw new Error(
      `it holds ${counted(intended.total, 'value')} for ${counted(line.count, 'request')}, ${answers} of them with a right answer`,
    );
  if (service.total !== intended.total)
    throw new Error(`intended has ${counted(intended.total, 'value')}, and service ${service.total}`);
  measures.intended.addAnswered(intended);
  measures.service.addAnswered(service);
  bin.all.addAnswered(intended);
  bin.all.addUnanswered(line.errors + line.violations);
  bin.answers.addAnswered(intended);
  bin.answers.addUnanswered(line.errors);
  bin.requests += line.count;
  bin.errors += line.errors;
  bin.violations += line.violations;
}
