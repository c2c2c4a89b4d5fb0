/** Types of the k6 module that infra/k6 adds. */
declare module 'k6/x/session' {
  export type Workload = import('../../record/workload.ts').DescribedWorkload;

  /** What the engine reads of a workload. Its other fields are for people. */
  export type Load = Pick<Workload, 'mix' | 'arrival' | 'payloadBytes' | 'sessions' | 'zipfExponent'>;

  /**
   * Drives the load that a workload describes, and returns when it is done. Call it once, from the default function,
   * with one virtual user and one iteration. Mistakes end the test before anything is sent, all named together.
   *
   * | variable | meaning | values | default |
   * |---|---|---|---|
   * | SESSION_TARGET | the app | http://HOST:PORT on this machine, such as http://127.0.0.1:8080 | required |
   * | SESSION_LOOP | `open`: operations arrive at a rate; `closed`: each connection sends when it has its answer | open or closed | open |
   * | SESSION_RATE | operations per second | a number from 0.001 to 1000000 | required in an open loop |
   * | SESSION_WARMUP | length of the load before measuring | seconds from 0 to 86400 | 2 |
   * | SESSION_DURATION | length of the measured load | seconds from 0.1 to 86400 | 10 |
   * | SESSION_SESSIONS | sessions alive | a whole number from 1 to 10000000 | the workload's |
   * | SESSION_PAYLOAD | bytes in each session | a whole number from 0 to 65536 | the workload's |
   * | SESSION_CONNECTIONS | keep-alive connections | a whole number from 1 to 10000 | 64 |
   * | SESSION_SEED | seed of every random choice | a whole number from 0 to 9007199254740991 | 1 |
   * | SESSION_TIMEOUT_MS | limit of one operation, from its sending | milliseconds from 1 to 600000 | 5000 |
   * | SESSION_OVERTIME | how long after a phase's last intended start operations that found no free connection are still sent; the rest is dropped | seconds from 0 to 86400 | length of the phase plus time-out |
   * | SESSION_PROBE_DELAY_MS | from a logout's answer to its probe | milliseconds from 0 to 600000 | 250 |
   * | SESSION_MEMBERS | clients that have their sessions already: on each line the name of a user, a tab, and the value of the Cookie header; they are the population, and nobody logs in | the path of a file | everybody logs in |
   * | SESSION_SWEEP | `1`: after the load, each session that is alive is read once more, and of those that ended the latest 5000 are probed | 0 or 1 | 0 |
   * | SESSION_OUT | where engine.json and histograms.jsonl are written | the path of a folder | not written |
   * | SESSION_CONTROL | where progress is told, and where the load waits for leave to measure | the path of a unix socket | not told |
   */
  export function drive(workload: Load, env?: Readonly<Record<string, string | undefined>>): void;
}
