/** Runs test files of the TypeScript part with Node's test runner. */
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { type RunOptions, run } from 'node:test';
import { spec } from 'node:test/reporters';
import { type Kind, manners } from './kinds.ts';
import { noTests, type Totals } from './totals.ts';

/** Most of what a command of ours takes is the time to load it. Node.js knows by their content what it has compiled. */
const compileCache = path.resolve(import.meta.dirname, '../../node_modules/.cache/compiled');

export interface FileTime {
  readonly file: string;
  readonly seconds: number;
}

export interface NodeTests {
  readonly totals: Totals;
  readonly times: readonly FileTime[];
}

/**
 * Runs files of one kind, each in a process of its own, and shows what happens.
 * @returns totals over tests and subtests; a file that cannot be loaded or ends before its tests is one failure.
 */
export async function runNodeTests(files: readonly string[], kind: Kind): Promise<NodeTests> {
  if (files.length === 0) return { totals: noTests, times: [] };
  let totals = noTests;
  const times: FileTime[] = [];
  const { concurrency, limitSeconds, env, execArgv } = manners[kind];
  const options: RunOptions & { readonly env: NodeJS.ProcessEnv } = {
    files: [...files],
    concurrency,
    timeout: limitSeconds * 1000,
    execArgv: [...execArgv],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...env },
  };
  const events = run(options);
  events.on('test:summary', ({ counts, file, duration_ms: milliseconds }) => {
    if (file !== undefined) times.push({ file, seconds: milliseconds / 1000 });
    else totals = totalsOf(counts);
  });
  const shown = events.compose(new spec());
  shown.pipe(process.stdout, { end: false });
  await finished(shown);
  return { totals, times };
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
