/** The generators that are compared: the same read of the same target over the same number of connections. */
import path from 'node:path';
import type { Executable } from '../../infra/machine/programs/program.ts';

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
export const stockName = 'k6 `http`, default';

const script = (name: string) => path.join(import.meta.dirname, 'k6', name);
const always = ['run', '--quiet', '--no-color', '--no-usage-report', '--address='];
const withoutMetrics = ['--no-thresholds', '--summary-mode=disabled'];

/** As the harness starts it: see `infra/services/k6/index.ts`. The generator has one core here. */
function engine(k6: string): Generator {
  return {
    name: engineName,
    invoke: ({ pace, url, connections, seconds }) => ({
      file: k6,
      args: [...always, '--summary-mode=disabled', script('session-engine.js')],
      env: {
        GOMAXPROCS: '1',
        K6_INCLUDE_SYSTEM_ENV_VARS: 'true',
        SESSION_TARGET: url,
        SESSION_CONNECTIONS: String(connections),
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

function wrk({ path: file, env }: Executable): Generator {
  return {
    name: wrkName,
    invoke: ({ pace, url, cookie, connections, seconds }) =>
      pace === 'closed'
        ? {
            file,
            args: [
              ...['-t1', `-c${connections}`, `-d${seconds}s`],
              ...['-H', `Cookie: ${cookie}`, `${url}/session`],
            ],
            env,
          }
        : null,
  };
}

export const allGenerators = (k6: string, wrkProgram: Executable): readonly Generator[] => [
  wrk(wrkProgram),
  engine(k6),
  stock(k6, true),
  stock(k6, false),
];
