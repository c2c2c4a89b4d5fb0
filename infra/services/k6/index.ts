/** The custom k6 as the generator: how it is called, and what it says of itself. */
import type { Command } from '../definition.ts';

export const GENERATOR_MEMORY_MIB = 2048;
/** Connections that the generator holds to the balancer. */
export const CONNECTIONS = 64;

export interface K6Run {
  /** Path of the script, as k6 sees it. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Unix socket on which the harness listens, as k6 sees it. */
  readonly controlSocket: string;
  /** How many cores it has. */
  readonly cores: number;
}

/** Exit codes of k6 that do not mean that the load went wrong: 99 is a threshold of the script that was crossed. */
export const measuredExitCodes: readonly number[] = [0, 99];

/**
 * Quiet and without a summary: results go to the trial's folder. Without its own HTTP interface, on whose fixed
 * port two runs at once would meet, and without sending anything to its makers.
 */
export function k6Command({ script, env, controlSocket, cores }: K6Run): Command {
  const variables = Object.entries({ ...env, SESSION_CONTROL: controlSocket }).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  return {
    program: 'k6',
    args: [
      ...['run', '--quiet', '--no-color', '--summary-mode=disabled', '--no-usage-report', '--address='],
      ...variables,
      script,
    ],
    env: { GOMAXPROCS: String(cores) },
  };
}

/** From the output of `k6 version`: `k6 v2.2.0 (go1.26.1, linux/amd64)`, which may name a commit behind the version. */
export function parseK6Version(output: string): string {
  return /^\S*k6(?:\.exe)? v?(\d[^\s,()]*)/m.exec(output)?.[1] ?? 'unknown';
}
