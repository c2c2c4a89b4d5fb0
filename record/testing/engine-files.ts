/** Invents what the k6 engine writes into a trial's folder, for tests. Nothing of it was measured. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as hdr from 'hdr-histogram-js';
import { type EngineResult, type HistogramLine, notCountedBesides } from '../engine.ts';

/** With the engine's precision, in microseconds. */
export const newHistogram = (highest = 3_600_000_000): hdr.Histogram =>
  hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highest,
    numberOfSignificantValueDigits: 3,
  });

export const encoded = (histogram: hdr.Histogram): string => hdr.encodeIntoCompressedBase64(histogram);

const noPhase: EngineResult['phases']['seed'] = {
  seconds: 0,
  usage: { cpuMicros: 0, memoryBytes: 0 },
  requests: 0,
  operations: {},
};

/** What an engine without any trouble says of a trial; `phases` and `pacing` as given. */
export const inventedEngine = (
  given: Pick<EngineResult, 'status' | 'offeredRate' | 'pacing' | 'measureStartedAt'> & {
    readonly measure: EngineResult['phases']['measure'];
  },
): EngineResult => {
  const { measure, ...rest } = given;
  return {
    schemaVersion: 1,
    engineVersion: '0.1.0',
    k6Version: 'v2.2.0',
    loop: 'open',
    engine: 'epoll',
    seed: 42,
    connections: 64,
    sessions: 20_000,
    payloadBytes: 600,
    ...rest,
    ...notCountedBesides,
    phases: { seed: noPhase, warmup: noPhase, measure, sweep: null },
  };
};

export async function writeEngineFiles(
  folder: string,
  engine: EngineResult,
  lines: readonly HistogramLine[],
): Promise<void> {
  await writeFile(path.join(folder, 'engine.json'), `${JSON.stringify(engine, null, 2)}\n`);
  await writeFile(
    path.join(folder, 'histograms.jsonl'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
}
