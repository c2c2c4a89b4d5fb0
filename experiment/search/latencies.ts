/** Reads how long the operations of a trial took. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OperationName } from '../../record/common.ts';
import { histogramLine } from '../../record/engine.ts';
import { decodeHistogram, Histogram } from '../../record/histogram.ts';

/** Of right answers from the intended start, in microseconds, of the measured phase. */
export type AnsweredLatencies = ReadonlyMap<OperationName, Histogram>;

/** @throws Error when the trial's folder holds no readable `histograms.jsonl` */
export async function readLatencies(folder: string): Promise<AnsweredLatencies> {
  const latencies = new Map<OperationName, Histogram>();
  const text = await readFile(path.join(folder, 'histograms.jsonl'), 'utf8');
  for (const row of text.split('\n').filter((each) => each !== '')) {
    const line = histogramLine.parse(JSON.parse(row));
    if (line.phase !== 'measure') continue;
    const histogram = latencies.get(line.operation) ?? new Histogram();
    histogram.add(decodeHistogram(line.intended));
    latencies.set(line.operation, histogram);
  }
  return latencies;
}
