/** Types of the k6 module that infra/k6 adds. */
declare module 'k6/x/session' {
  export interface SessionWorkload {
    readonly name: string;
    /** Share of each operation; they sum to 1. */
    readonly mix: {
      readonly login: number;
      readonly read: number;
      readonly write: number;
      readonly logout: number;
    };
    /** 0 to 65536. */
    readonly payloadBytes: number;
    /** Sessions alive. */
    readonly sessions: number;
    /** 0 to 5. */
    readonly zipfExponent: number;
  }

  /**
   * Drives the load that a workload describes, and returns when it is done. Call it once, from the default function,
   * with one virtual user and one iteration. Bad values end the test before anything is sent, all named together.
   *
   * | variable | meaning | default |
   * |---|---|---|
   * | SESSION_TARGET | base URL of the app, http | required |
   * | SESSION_RATE | operations per second, open loop | required unless the loop is closed |
   * | SESSION_LOOP | `open`, or `closed`: each connection sends when it has its answer | open |
   * | SESSION_ARRIVALS | `constant` spacing or `poisson` | constant |
   * | SESSION_WARMUP, SESSION_DURATION | seconds | 2, 10 |
   * | SESSION_SESSIONS, SESSION_PAYLOAD | sessions alive, bytes in each | the workload's |
   * | SESSION_CONNECTIONS | keep-alive connections | 64 |
   * | SESSION_SEED | of every random choice | 1 |
   * | SESSION_TIMEOUT_MS | for one operation | 5000 |
   * | SESSION_OVERTIME | seconds after a phase's last intended start during which operations that found no free connection are still sent; the rest is dropped | length of the phase plus time-out |
   * | SESSION_PROBE_DELAY_MS | from a logout's answer to its probe | 250 |
   * | SESSION_OUT | folder for engine.json and histograms.jsonl | none written |
   * | SESSION_CONTROL | unix socket that is told of progress | none |
   * | SESSION_ENGINE | `native` event loop or `portable` goroutines | native |
   * | SESSION_ALLOW_REMOTE | `1` allows a target that is not this machine | |
   */
  export function drive(workload: SessionWorkload, env?: Readonly<Record<string, string | undefined>>): void;
}
