/** Writes what was measured, as soon as it was measured, and so that a reader never sees half a file. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { FootprintRecord } from './footprint.ts';
import { pointLatest, readLatest } from './latest.ts';
import type { RunRecord } from './run.ts';
import type { CapacityRecord } from './search.ts';
import type { TrialRecord } from './trial.ts';
import { unwritable } from './unwritable.ts';

/**
 * Makes a folder for results, and those above it.
 * @throws UserError when it cannot be made
 */
export async function makeResultsFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** Replaces a file whole: written beside it, flushed to disk, then renamed over it. */
async function replaceFile(file: string, text: string): Promise<void> {
  const beside = `${file}.part`;
  try {
    const handle = await open(beside, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    // Where a path is too long, say, removing fails as writing did.
    await rm(beside, { force: true }).catch(() => {});
    throw unwritable(file, error);
  }
}

const asText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Replaces a file of results whole; what is no text is written as JSON.
 * @throws UserError when it cannot be written
 */
export const replaceResult = (file: string, content: unknown): Promise<void> =>
  replaceFile(file, typeof content === 'string' ? content : asText(content));

export interface ResultsFolder {
  /** Absolute path of `<out>/<run-id>`. */
  readonly path: string;
  trialFolder(number: number, strategy: string): Promise<string>;
  writeRun(record: RunRecord): Promise<void>;
  writeTrial(folder: string, record: TrialRecord): Promise<void>;
  writeCapacity(record: CapacityRecord): Promise<void>;
  writeFootprint(record: FootprintRecord): Promise<void>;
  /**
   * Points `latest`, beside the folder, at the run.
   * @returns null; where it could not be done, why and what to do. Never throws.
   */
  pointLatest(): Promise<string | null>;
}

/**
 * Makes `<out>/<runId>`. Where `<out>/latest` leads nowhere yet, it leads there.
 * @throws UserError when the folder cannot be made
 */
export async function createResultsFolder(out: string, runId: string): Promise<ResultsFolder> {
  const folder = path.resolve(out, runId);
  try {
    await mkdir(path.join(folder, 'trials'), { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
  const parent = path.dirname(folder);
  if ((await readLatest(parent)) === null) await pointLatest(parent, runId);
  return {
    path: folder,
    pointLatest: () => pointLatest(parent, runId),
    async trialFolder(number, strategy) {
      const trial = path.join(folder, 'trials', `${String(number).padStart(3, '0')}-${strategy}`);
      await makeResultsFolder(path.join(trial, 'logs'));
      return trial;
    },
    writeRun: (record) => replaceFile(path.join(folder, 'run.json'), asText(record)),
    writeCapacity: (record) => replaceFile(path.join(folder, 'capacity.json'), asText(record)),
    writeFootprint: (record) => replaceFile(path.join(folder, 'footprint.json'), asText(record)),
    writeTrial: (trial, record) => replaceFile(path.join(trial, 'trial.json'), asText(record)),
  };
}
