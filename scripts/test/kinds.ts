/**
 * How tests share the machine. The name of a file says what its tests need, and thereby when and how they run; nothing
 * else says so.
 *
 * `x.test.ts`        fast: starts no app, store, balancer, k6, container or browser, and at most a command or two of ours
 * `x.live.test.ts`   starts some of these, or commands again and again, and judges no number that another test would change
 * `x.alone.test.ts`  measures, or counts what the whole machine runs: nothing else runs meanwhile
 */
import os from 'node:os';

export type Kind = 'fast' | 'live' | 'alone';

export const kindOf = (file: string): Kind =>
  file.endsWith('.alone.test.ts') ? 'alone' : file.endsWith('.live.test.ts') ? 'live' : 'fast';

export interface Manner {
  /** Files at a time. */
  readonly concurrency: number;
  /** A test that takes longer hangs, and has failed. */
  readonly limitSeconds: number;
  /** Added to the environment of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders whose files share a process, where loading and warming up takes longer than their tests: these change nothing of it. */
  readonly shared: readonly (readonly string[])[];
  /** Options of Node.js for the process of a file. */
  readonly execArgv: readonly string[];
}

/** A fast test that starts a server after all finds none here, and says this place. */
const nowhere = '/dev/null/fast-tests-start-no-servers/see-scripts/test/kinds.ts';

export const manners: Readonly<Record<Kind, Manner>> = {
  fast: {
    // Some wait for a time to pass, and leave their core to another.
    concurrency: os.availableParallelism() + 1,
    limitSeconds: 300,
    shared: [
      ['record', 'reports'],
      ['experiment', 'tests'],
    ],
    env: { SESSION_BENCH_CACHE: nowhere, DOCKER_HOST: `unix://${nowhere}` },
    // Histograms of invented runs are short-lived garbage: a larger nursery is emptied less often.
    execArgv: ['--max-semi-space-size=64'],
  },
  // However many cores there are, since servers of all runs are pinned to the same ones. Most of the time they wait.
  live: { concurrency: 3, limitSeconds: 600, env: {}, shared: [], execArgv: [] },
  alone: { concurrency: 1, limitSeconds: 600, env: {}, shared: [], execArgv: [] },
};
