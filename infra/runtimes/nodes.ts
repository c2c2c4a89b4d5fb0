/** The nodes of one deployment: the only thing in which runtimes differ once all is planned. */
import type { Place } from '../machine/listening.ts';
import type { ReachableNode } from '../services/definition.ts';
import type { GeneratorSite } from './generator/drive.ts';
import type { PlannedService } from './plan.ts';
import type { ServiceBudget, TierUsage } from './runtime.ts';

/** How many lines of its log are looked through for the cause of an end: a crash of Node.js writes a page below its reason. */
export const LAST_LINES = 60;

/** How a node ended. */
export interface NodeEnd {
  /** For people: `exit code 1`, `SIGKILL`, `out of memory: …`. */
  readonly cause: string;
  readonly lastLogLines: readonly string[];
  /** True when the harness ended it. */
  readonly wanted: boolean;
}

/** One server process with its descendants, from before its start to after its end. */
export interface Node {
  /** `cache-1` */
  readonly name: string;
  /** For messages: the name, and what runs where that helps. */
  readonly title: string;
  /** Path of the program, or image and digest. */
  readonly origin: string;
  /** Valid while the node runs; another start may change it. @throws Error before the first start */
  readonly reachable: ReachableNode;
  /** Null before the start and while it runs. */
  readonly end: NodeEnd | null;
  /** Where others can reach it, while it runs: its own sockets, or what its container is given. @throws Error where it cannot be read */
  listening(): Promise<readonly Place[]>;
  /** Lets it run on the cores of its tier only. Before, it may use all, so that starting is quick. */
  confine(): Promise<void>;
  /** Stops all its processes from getting CPU time. No effect on a node that has ended. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Ends it as a crash would. Resolves when `end` says so. */
  kill(): Promise<void>;
  /** Has it read its configuration anew without ending. @throws Error where its kind cannot, or it does not run */
  reload(): Promise<void>;
  /** Ends it as its maker means it to be ended, also when it is frozen. No effect where nothing runs. */
  stop(): Promise<void>;
  /** Starts a node that has ended with the ports and the data that it had. Resolves when it runs; it may not answer yet. */
  startAgain(signal: AbortSignal): Promise<void>;
  /** Writes its log so far into the file. No effect before the start. */
  saveLog(file: string): Promise<void>;
}

export interface Nodes {
  /** What is enforced on each service; empty where nothing is. */
  readonly budgets: readonly ServiceBudget[];
  /** Absolute paths of files that describe the deployment, to be kept beside the logs. */
  readonly files: readonly string[];
  /** The nodes of a planned service, in the order of the plan. */
  of(service: PlannedService): readonly Node[];
  /**
   * Starts services that do not need each other. Resolves when their nodes run; they may not answer yet.
   * @param signal ends the start, which then throws the signal's reason
   * @throws Error with the last log lines of a node that ended. What was started is ended by `Node.stop` and `remove`.
   */
  start(services: readonly PlannedService[], signal: AbortSignal): Promise<void>;
  /** All of them together: reading the process table costs more than looking into it. */
  usage(nodes: readonly Node[]): TierUsage;
  /** Where the generator of the next trial runs. */
  generator(): GeneratorSite;
  /** Resolves when all that is to be known of nodes that have ended is known. */
  settled(): Promise<void>;
  /** Ends what `Node.stop` did not end, and removes all but the saved logs. Never throws; gives what went wrong. */
  remove(): Promise<readonly Error[]>;
}
