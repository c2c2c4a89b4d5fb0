/** Runs test files of the TypeScript part with Node's test runner. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { noTests, type Totals } from './totals.ts';

export interface NodeTests {
  readonly totals: Totals;
  /** Absolute paths; empty where the runner itself broke. */
  readonly failedFiles: readonly string[];
}

/**
 * Runs files, `concurrency` of them at a time, showing what Node's runner prints.
 * @param timeoutMs a test that takes longer, in milliseconds, hangs and has failed
 * @returns totals over tests and subtests; a runner that breaks counts as one failure.
 */
export async function runNodeTests(
  files: readonly string[],
  concurrency: number,
  timeoutMs: number,
): Promise<NodeTests> {
  if (files.length === 0) return { totals: noTests, failedFiles: [] };
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sbt-'));
  const report = path.join(folder, 'tap');
  try {
    const { exitCode } = await execa(
      process.execPath,
      [
        '--test',
        `--test-concurrency=${concurrency}`,
        `--test-timeout=${timeoutMs}`,
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        '--test-reporter=tap',
        `--test-reporter-destination=${report}`,
        ...files,
      ],
      { stdin: 'ignore', stdout: 'inherit', stderr: 'inherit', reject: false },
    );
    const tap = await readFile(report, 'utf8').catch(() => '');
    const totals = parseTap(tap);
    return {
      totals: exitCode === 0 || totals.failed > 0 ? totals : { ...totals, failed: 1 },
      failedFiles: failedFilesOf(tap),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The counts at the end of a TAP report, such as `# pass 12`. */
export function parseTap(report: string): Totals {
  const count = (name: string) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(report)?.[1] ?? 0);
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
  };
}

/** Files with a test that failed, each once, from the places that a TAP report gives. */
export function failedFilesOf(report: string): readonly string[] {
  const places = report.matchAll(/^ *not ok (?:(?!^ *(?:not )?ok )[\s\S])*?^ *location: '(.+?):\d+:\d+'$/gm);
  return [...new Set([...places].flatMap(([, file]) => file ?? []))].sort();
}
