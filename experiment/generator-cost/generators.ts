/** The generators that are compared: the same read of the same target over the same number of connections. */
import path from 'node:path';
import type { Executable } from '../../infra/machine/programs/program.ts';
import type { Programs } from './programs.ts';

/** In a closed loop each connection sends when it has its answer; otherwise requests per second. */
export type Pace = 'closed' | number;

export interface Load {
  readonly pace: Pace;
  readonly url: string;
  /** `name=value` of a live session. */
  readonly cookie: string;
  readonly connections: number;
  /** Long enough that the generator is still at work when it is ended. */
  readonly seconds: number;
  /** A folder for what the generator says of itself; null where nobody reads it. */
  readonly out: string | null;
}

export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Generator {
  readonly name: string;
  /** Null where it cannot keep such a pace. */
  invoke(load: Load): Invocation | null;
}

export const engineName = 'session-bench (all checks on)';
export const wrkName = 'wrk';
export const wrk2Name = 'wrk2';
export const stockName = 'k6 `http`, default';

const script = (name: string) => path.join(import.meta.dirname, 'k6', name);
const pacedScript = path.join(import.meta.dirname, 'wrk', 'paced.lua');
const always = ['run', '--quiet', '--no-color', '--no-usage-report', '--address='];
const withoutMetrics = ['--no-thresholds', '--summary-mode=disabled'];

/** As the harness starts it: see `infra/services/k6/index.ts`. The generator has one core here. */
function engine(k6: string): Generator {
  return {
    name: engineName,
    invoke: ({ pace, url, connections, seconds, out }) => ({
      file: k6,
      args: [...always, '--summary-mode=disabled', script('session-engine.js')],
      env: {
        GOMAXPROCS: '1',
        K6_INCLUDE_SYSTEM_ENV_VARS: 'true',
        SESSION_TARGET: url,
        SESSION_CONNECTIONS: String(connections),
        ...(out !== null && { SESSION_OUT: out }),
        SESSION_WARMUP: '0',
        SESSION_DURATION: String(seconds),
        ...(pace === 'closed' ? { SESSION_LOOP: 'closed' } : { SESSION_RATE: String(pace) }),
      },
    }),
  };
}

function stock(k6: string, tuned: boolean): Generator {
  return {
    name: tuned ? 'k6 `http`, tuned' : stockName,
    invoke: ({ pace, url, cookie, connections, seconds }) => ({
      file: k6,
      args: [...always, ...(tuned ? withoutMetrics : []), script('stock-http.js')],
      env: {
        ...(tuned ? { GOGC: '400', GOMAXPROCS: '1', TUNED: '1' } : { GOGC: '100' }),
        K6_INCLUDE_SYSTEM_ENV_VARS: 'true',
        TARGET: url,
        COOKIE: cookie,
        CONNECTIONS: String(connections),
        SECONDS: String(seconds),
        ...(pace !== 'closed' && { RATE: String(pace) }),
      },
    }),
  };
}

const oneThread = ({ url, cookie, connections, seconds }: Load) => [
  ...['-t1', `-c${connections}`, `-d${seconds}s`],
  ...['-H', `Cookie: ${cookie}`, `${url}/session`],
];

function wrk({ path: file, env }: Executable): Generator {
  return {
    name: wrkName,
    invoke: (load) => (load.pace === 'closed' ? { file, args: oneThread(load), env } : null),
  };
}

/**
 * wrk as a stand-in for wrk2, which is seldom packaged: the same event loop with timers of whole milliseconds. The pause
 * comes on top of each answer's time, so that its rate is a little lower than asked for.
 */
function pacedWrk({ path: file, env }: Executable): Generator {
  return {
    name: 'wrk, paced',
    invoke(load) {
      if (load.pace === 'closed') return null;
      const pause = Math.round((load.connections * 1000) / load.pace);
      return { file, args: ['-s', pacedScript, ...oneThread(load), '--', String(pause)], env };
    },
  };
}

function wrk2(file: string): Generator {
  return {
    name: wrk2Name,
    invoke: (load) =>
      load.pace === 'closed' ? null : { file, args: [`-R${load.pace}`, ...oneThread(load)], env: {} },
  };
}

/** @param programs those that are not here are null, and their generators are left out */
export const allGenerators = (programs: Programs): readonly Generator[] => [
  ...(programs.wrk ? [wrk(programs.wrk), pacedWrk(programs.wrk)] : []),
  ...(programs.wrk2 ? [wrk2(programs.wrk2)] : []),
  engine(programs.k6),
  stock(programs.k6, true),
  stock(programs.k6, false),
];
