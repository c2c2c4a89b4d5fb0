/** Runs test files of the TypeScript part with Node's test runner. */
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { type EventData, type RunOptions, run, type TestsStream } from 'node:test';
import { spec } from 'node:test/reporters';
import { type Kind, manners } from './kinds.ts';
import { inSharedProcesses } from './shared-process.ts';
import { noTests, type Totals } from './totals.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Most of what a command of ours takes is the time to load it. Node.js knows by their content what it has compiled. */
const compileCache = path.join(root, 'node_modules/.cache/compiled');

export interface FileTime {
  readonly file: string;
  /** Of its tests; to load it is not counted. */
  readonly seconds: number;
}

export interface NodeTests {
  readonly totals: Totals;
  readonly times: readonly FileTime[];
}

/**
 * Runs files of one kind, each in a process of its own or with those that its kind lets share one, and shows what happens.
 * @returns totals over tests and subtests; a file that cannot be loaded or ends before its tests is one failure.
 */
export async function runNodeTests(files: readonly string[], kind: Kind): Promise<NodeTests> {
  if (files.length === 0) return { totals: noTests, times: [] };
  const { concurrency, limitSeconds, env, execArgv, shared } = manners[kind];
  const grouped = inSharedProcesses(root, files, shared);
  const options: RunOptions & { readonly env: NodeJS.ProcessEnv } = {
    files: [...grouped.files],
    concurrency,
    timeout: limitSeconds * 1000,
    execArgv: [...execArgv],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...env },
  };
  try {
    return await showRun(run(options));
  } finally {
    grouped.remove();
  }
}

async function showRun(events: TestsStream): Promise<NodeTests> {
  let totals = noTests;
  const milliseconds = new Map<string, number>();
  const took = ({ file, nesting, details }: EventData.TestPass | EventData.TestFail): void => {
    if (file !== undefined && nesting === 0)
      milliseconds.set(file, (milliseconds.get(file) ?? 0) + details.duration_ms);
  };
  events.on('test:pass', took);
  events.on('test:fail', took);
  events.on('test:summary', ({ counts, file }) => {
    if (file === undefined) totals = totalsOf(counts);
  });
  const shown = events.compose(new spec());
  shown.pipe(process.stdout, { end: false });
  await finished(shown);
  return { totals, times: [...milliseconds].map(([file, each]) => ({ file, seconds: each / 1000 })) };
}

interface Counts {
  readonly tests: number;
  readonly passed: number;
  readonly skipped: number;
  readonly todo: number;
}

/** What was cancelled, by its time limit or its parent's, has failed. */
const totalsOf = ({ tests, passed, skipped, todo }: Counts): Totals => ({
  passed,
  failed: tests - passed - skipped - todo,
  skipped: skipped + todo,
});
