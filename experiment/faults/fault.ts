/** A fault as data: what it is called, what it is done to, how long it lasts, and how it is done and taken back. */
import type { Deployment, NetworkMode, Strategy } from '../../infra/runtimes/runtime.ts';
import type { EndingName } from '../../servers/contract/topology.ts';

/** What a fault acts in. */
export interface Scene {
  readonly deployment: Pick<
    Deployment,
    'strategy' | 'servers' | 'balancer' | 'network' | 'restart' | 'limitMemory' | 'untilReady'
  >;
}

/** A fault that has been done. */
export interface Struck {
  /** Names of the servers that it was done to. */
  readonly servers: readonly string[];
  /** Takes it back. @throws Error when a server does not get ready again */
  heal(): Promise<void>;
}

export interface Fault {
  /** As it is typed: `store-kill`. */
  readonly name: string;
  /** `store killed` */
  readonly title: string;
  /** A sentence: what is done, and when it is taken back. */
  readonly description: string;
  /** `main`: done where nobody names any; `named`: only where somebody names it. */
  readonly selection: 'main' | 'named';
  /** Of what it is an ending, as topologies tell what sessions outlast; null where no process ends. */
  readonly ending: EndingName | null;
  /** `proxied` where it is done to the way between the apps and the servers. */
  readonly network: NetworkMode;
  /** Seconds from the moment at which it has taken until it is taken back. */
  readonly lastsSeconds: number;
  /** Seconds that recovery may take within the measured time. */
  readonly recoverySeconds: number;
  /** Why the strategy cannot have it, a clause; null where it can. */
  whyNot(strategy: Strategy): string | null;
  /**
   * Does it. Resolves when it has taken.
   * @throws Error when it does not take: whoever should be dead lives, say
   */
  strike(scene: Scene): Promise<Struck>;
}
