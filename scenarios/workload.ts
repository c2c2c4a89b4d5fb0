/** A workload as plain data, read by the k6 scripts and by the command line. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The published figures that mix, payload and population come from. */
  readonly source: string;
  /** Share of each operation; they sum to 1. */
  readonly mix: {
    readonly login: number;
    readonly read: number;
    readonly write: number;
    readonly logout: number;
  };
  /** Size of what the app keeps in a session beside its own fields, 0 to 65536. */
  readonly payloadBytes: number;
  /** Sessions alive. */
  readonly sessions: number;
  /** Exponent of the Zipf law by which sessions are picked; 0 picks all alike. */
  readonly zipfExponent: number;
}
