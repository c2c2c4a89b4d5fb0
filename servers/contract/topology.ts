/**
 * What a strategy needs to run, as plain data. A runtime turns it into processes or containers.
 * A strategy's name is the name of its folder under `servers/strategies/`.
 */

export type OperationName = 'login' | 'read' | 'write' | 'logout';

/** A read of a session that was logged out before; it must answer 401. Sent once for each logout. */
export type ProbeName = 'probe';

/** One group of equal servers of one kind. */
export interface ServiceSpec {
  /** The store finds the servers' endpoints under this name. Lower case, digits and hyphens. */
  readonly name: string;
  /** A file in `infra/services/` without its ending, for example `redis`. */
  readonly kind: string;
  /** How many server processes, 1 to 64. */
  readonly count: number;
  /** Memory budget of each server process in MiB. */
  readonly memoryMiB: number;
  /** Settings that the service kind knows; an unknown key is a mistake. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

/** Commands that reach the strategy's servers for one operation, by the server's own name of the command. */
export type CommandCounts = Readonly<Record<string, number>>;

export interface Topology {
  /** For people: `Redis Cluster`. */
  readonly title: string;
  /** One sentence: where sessions live and what that costs. */
  readonly description: string;
  readonly services: readonly ServiceSpec[];
  readonly balancer: {
    /** `cookie`: the balancer inserts a cookie and sends a client always to the same app; `none`: round robin. */
    readonly affinity: 'none' | 'cookie';
  };
  /** What one operation sends to the strategy's servers, all servers together; a test holds it. */
  readonly commandsPerOperation: Readonly<Record<OperationName | ProbeName, CommandCounts>>;
}
