/**
 * How one kind of server is run, as data: programs, files, arguments, steps, and questions to ask it.
 * A definition knows nothing of processes or containers. A runtime gives it names, addresses, paths and secrets as the
 * server will see them, and carries out the plan that it makes of them.
 */
import { z } from 'zod';
import type { Tier } from '../../record/common.ts';
import type { ServerStrain } from '../../record/strain.ts';
import type { Endpoint } from '../../servers/contract/store.ts';
import type { Certificate } from '../machine/certificate.ts';
import type { ProgramNeed, ProgramPlace } from '../machine/programs/program.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { NetworkMode } from '../runtimes/network.ts';
import type { HealthQuestion } from './health.ts';
import { allOf, type ProgramsInImage } from './in-image.ts';
import type { Room } from './room.ts';

/** One server process to be planned. */
export interface NodeContext {
  /** `cache-1`: the service's name and the node's number. */
  readonly name: string;
  /** From 1. */
  readonly number: number;
  /** How many nodes the service has. */
  readonly count: number;
  /** Where it listens, as its clients see it. */
  readonly host: string;
  /** A port for each name in `Service.ports`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Absolute paths as the server sees them; short enough for a unix socket inside `run`. */
  readonly folders: { readonly config: string; readonly data: string; readonly run: string };
  readonly memoryMiB: number;
  /** How many cores this tier has; a guide for numbers of threads. */
  readonly cores: number;
  /** How many files it may have open, connections among them. */
  readonly openFiles: number;
  readonly programs: Readonly<Record<string, ProgramPlace>>;
  /** How clients reach it. Behind proxies, servers that tell clients of each other must do so by their names. */
  readonly network: NetworkMode;
  /** A random secret of this deployment; the same for the same name on every node of the service. */
  secret(name: string): string;
  /** For TLS: one of this deployment, the same on every node of the service, made when it is first asked for. */
  certificate(): Certificate;
}

/** A file that must exist before the first step; only the server's user may read it. */
export interface PlannedFile {
  readonly folder: 'config' | 'data';
  readonly name: string;
  readonly content: string;
}

export type StandardInput =
  | { readonly text: string }
  /** Content of the first of these files that exists, as absolute paths. */
  | { readonly firstOf: readonly string[] };

export interface Command {
  /** A key of `NodeContext.programs`. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Something to run to its end before the server starts for the first time. */
export interface InitStep extends Command {
  readonly title: string;
  /** One part after the other; empty input unless given. */
  readonly stdin?: readonly StandardInput[];
  /**
   * `template`: fills the data folder, holds no secret and depends on the program and the arguments alone, so
   * that its outcome may be copied. `node`: belongs to this deployment.
   */
  readonly scope: 'template' | 'node';
}

export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGUSR1';

export interface NodePlan {
  readonly files: readonly PlannedFile[];
  readonly init: readonly InitStep[];
  readonly command: Command;
  /** Asks the server to end soon and cleanly, whoever is connected. */
  readonly stopSignal: StopSignal;
  /** The same for the first process of a container, which does not get signals that it has no handler for. */
  readonly containerStopSignal: StopSignal;
  /** Ends it at once but lets it return what the system would keep (shared memory); SIGKILL where nothing is kept. */
  readonly killSignal: 'SIGKILL' | 'SIGQUIT';
  /** Has it read its configuration anew without ending. A kind that leaves it out must be ended for that. */
  readonly reloadSignal?: 'SIGUSR2';
  /** True when the server refuses to run as root, or should not. */
  readonly unprivileged: boolean;
}

/** Where a node is reached by the harness; in containers this differs from where its clients reach it. */
export interface ReachableNode {
  readonly name: string;
  /** As its clients see it. */
  readonly host: string;
  readonly ports: Readonly<Record<string, number>>;
  /** PEM: it is spoken to by TLS, and trusted if it has this certificate; in clear when left out. */
  readonly certificate?: string;
  /** As the harness sees it. */
  readonly reach: {
    readonly host: string;
    readonly ports: Readonly<Record<string, number>>;
    readonly runFolder: string;
  };
}

/** What sessions take in a service by its own account, all nodes together, copies on replicas included. Null: it does not tell. */
export interface Holding {
  /** Bytes of memory that it counts as data. */
  readonly memoryBytes: number | null;
  /** Bytes of its tables, indexes and files of data on the disk. */
  readonly diskBytes: number | null;
  /** Bytes that it has written to its log of changes so far; differences count. */
  readonly logBytes: number | null;
}

export const nothingTold: Holding = { memoryBytes: null, diskBytes: null, logBytes: null };

/** Of several services, or nodes, together: what one does not tell, nobody knows of all. */
export function sumHoldings(all: readonly Holding[]): Holding {
  const sum = (of: (holding: Holding) => number | null): number | null =>
    all.length === 0
      ? null
      : all.map(of).reduce((total, each) => (total === null || each === null ? null : total + each), 0);
  return {
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
    diskBytes: sum(({ diskBytes }) => diskBytes),
    logBytes: sum(({ logBytes }) => logBytes),
  };
}

/** What came of going to a server as somebody who was told no secret. */
export interface Knock {
  /** `cache-1` */
  readonly node: string;
  /** How: `without a password`, `as root without a password`. */
  readonly how: string;
  readonly admitted: boolean;
}

/** Whether a server, as it runs here, takes connections that are encrypted. */
export interface Encryption {
  /** `cache-1` */
  readonly node: string;
  readonly tls: 'taken' | 'not taken';
  readonly clear: 'taken' | 'refused';
}

/** Asks questions of a service that runs. */
export interface ServiceControl {
  /** What stores need to connect. */
  readonly endpoints: readonly Endpoint[];
  /** Once, when every node answers `answering`: forms a cluster, say. */
  establish?(): Promise<void>;
  /** One attempt: every node answers a query with authentication. Rejects with the reason. */
  answering(): Promise<void>;
  /** One attempt: the service as a whole can be used; the same as `answering` unless there is more to it. */
  ready(): Promise<void>;
  version(): Promise<{ readonly product: string; readonly version: string }>;
  /** Commands carried out for clients, all nodes together, by the server's own name, in lower case. */
  commands(): Promise<Readonly<Record<string, number>>>;
  /**
   * Removes all data that clients put in; tables and the like stay. Asked where a store cannot end its sessions itself. A kind
   * without it has its nodes restarted.
   */
  empty?(): Promise<void>;
  /**
   * After all data that clients put in was removed, by whomever: gives back what is still kept of it, such as a log of writes.
   * A kind that leaves it out keeps nothing that grows from trial to trial.
   */
  emptied?(): Promise<void>;
  /**
   * What clients have put in, as texts: keys and values, each whole, bytes as Latin-1. A kind that lists no keys is asked for what it
   * has under each of `names`; one that leaves this out tells nothing. For checks of security.
   */
  contents?(names: readonly string[]): Promise<readonly string[]>;
  /**
   * Puts these bytes in place of each value that is kept under a key with one of `names` in it, whatever puts it there; gives of
   * how many. For checks of security. @throws Error where the server refuses such bytes
   */
  overwrite?(names: readonly string[], value: Buffer): Promise<number>;
  /** What each server's own counters say of its limits since it was started. A kind that leaves it out does not tell. */
  strain?(): Promise<readonly ServerStrain[]>;
  /** What sessions take in it now. A kind that leaves it out does not tell. */
  holding?(): Promise<Holding>;
  /**
   * Sessions in it, ended ones that it has not removed yet included; those on replicas count once. It may take some seconds, and
   * is no cheap question everywhere. A kind that leaves it out does not tell.
   */
  entries?(): Promise<number>;
  /** Gives memory that is kept for later use back to the system, so that what is left is what is needed. */
  tidy?(): Promise<void>;
  /**
   * Goes to every node without a login, and with those that everybody tries. A kind that leaves it out has nothing to log in to.
   * @throws Error where a node gives no answer: then it is not known whether it would let anybody in
   */
  knock?(): Promise<readonly Knock[]>;
  /** Asks every node for TLS. A kind that leaves it out cannot be asked. @throws Error as `knock` */
  encryption?(): Promise<readonly Encryption[]>;
  /**
   * Moves the limit of each node's memory while it runs: below what is in use now, so that nothing more fits, or back to what it
   * was started with. A kind that leaves it out cannot.
   */
  limitMemory?(to: 'full' | 'planned'): Promise<void>;
  /** Before all nodes stop getting CPU time. */
  beforeFreeze?(): Promise<void>;
  /** When all nodes get CPU time again. */
  afterThaw?(): Promise<void>;
}

/** An official image, and the word by which a person names another one in its place. */
export interface NamedImage {
  /** `redis`, `valkey` */
  readonly kind: string;
  /** `valkey/valkey:9` */
  readonly image: string;
}

/** A kind of server with its settings chosen. */
export interface Service {
  readonly programs: readonly ProgramNeed[];
  /** Names of the ports of each node. `main` is where clients connect. */
  readonly ports: readonly string[];
  /** The kind's own image, or that of the program that the settings choose. */
  readonly image: NamedImage;
  /** How the programs are found in an image. */
  readonly programsInImage: ProgramsInImage;
  /** What an image must hold besides, so that the service can be asked whether it answers. */
  readonly askedWith: HealthQuestion['programs'];
  /** Settings in force, defaults included, for reports. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How much room sessions have in it; a kind that leaves it out does not tell. */
  readonly room?: Room;
  /** True where it flushes what clients wrote to the disk, at each write or from time to time. */
  readonly flushes?: boolean;
  /** True where the limit of its memory can be moved while it runs. */
  readonly movableMemory?: boolean;
  /** True where another node takes over from one that has ended, by itself. */
  readonly failsOver?: boolean;
  /** What it needs of the machine that other kinds do not; a kind that leaves it out needs nothing more. */
  readonly requirements?: readonly Requirement[];
  plan(node: NodeContext): NodePlan;
  control(
    nodes: readonly ReachableNode[],
    secret: NodeContext['secret'],
    certificate: NodeContext['certificate'],
  ): ServiceControl;
}

export interface ServiceKind {
  readonly kind: string;
  readonly tier: Tier;
  /** Official image, for runtimes with containers. */
  readonly image: string;
  /** The question of a shell in the server's container whether it answers. */
  readonly health: HealthQuestion;
  /**
   * @param settings as the topology gives them
   * @param count number of nodes
   * @throws SettingsError naming every mistake
   */
  configure(settings: unknown, count: number): Service;
}

/** Settings of a service that it does not know or cannot take; the message lists all of them. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** A service as its kind describes it. What it leaves out is the usual case: the kind's image, with every program. */
type DescribedService = Omit<Service, 'settings' | 'image' | 'programsInImage' | 'askedWith'> &
  Partial<Pick<Service, 'image' | 'programsInImage'>>;

/** Ties a kind of server to the schema of its settings. */
export function defineService<Settings extends object>(definition: {
  readonly kind: string;
  readonly tier: Tier;
  readonly image: string;
  readonly health: HealthQuestion;
  readonly settings: z.ZodType<Settings>;
  /** Mistakes that only show together with the number of nodes. */
  check?(settings: Settings, count: number): readonly string[];
  configured(settings: Settings, count: number): DescribedService;
}): ServiceKind {
  const { kind, tier, image, health } = definition;
  return {
    kind,
    tier,
    image,
    health,
    configure(raw, count) {
      const parsed = definition.settings.safeParse(raw ?? {});
      const mistakes = parsed.success
        ? (definition.check?.(parsed.data, count) ?? [])
        : z.prettifyError(parsed.error).split('\n');
      if (!parsed.success || mistakes.length > 0) {
        throw new SettingsError(
          `settings of service kind "${kind}" are wrong; mend them in the strategy's topology.ts:\n  ${mistakes.join('\n  ')}`,
        );
      }
      const described = definition.configured(parsed.data, count);
      return {
        image: { kind, image },
        programsInImage: allOf(described.programs),
        askedWith: health.programs,
        ...described,
        settings: Object.fromEntries(Object.entries(parsed.data)),
      };
    },
  };
}

/** The nodes as they are reached by TLS. */
export const byTls = (
  nodes: readonly ReachableNode[],
  { certificate }: Certificate,
): readonly ReachableNode[] => nodes.map((node) => ({ ...node, certificate }));

/** Names of a planned certificate and its key in the folder of the configuration. */
export const tlsFiles = { certificate: 'server.crt', key: 'server.key' } as const;

/** What a server needs for TLS. */
export const plannedCertificate = ({ certificate, key }: Certificate): readonly PlannedFile[] => [
  { folder: 'config', name: tlsFiles.certificate, content: certificate },
  { folder: 'config', name: tlsFiles.key, content: key },
];

/** A port that the runtime gave to a node. */
export function portOf(
  node: { readonly name: string; readonly ports: Readonly<Record<string, number>> },
  port = 'main',
): number {
  const number = node.ports[port];
  if (number === undefined) throw new Error(`${node.name} was given no port named "${port}"`);
  return number;
}
