/**
 * What a strategy needs to run, as plain data. A runtime turns it into processes or containers.
 * A strategy's name is the name of its folder under `servers/strategies/`.
 */
import { z } from 'zod';

/** The operations, and the probe: a read of a session that was logged out before. It must answer 401; one follows each logout. */
export const operationNames = ['login', 'read', 'write', 'logout', 'probe'] as const;
export type OperationName = (typeof operationNames)[number];

/** The name of a strategy, of one of its services or of a kind of server. */
export const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'use lower case, digits and hyphens, at most 32 characters');

/** Settings of a kind of server, or of a store: which there are, the kind or the store says. */
export const settings = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type Settings = Readonly<z.infer<typeof settings>>;

/** One group of equal servers of one kind. */
export const serviceSpec = z.strictObject({
  /** The store finds the servers' endpoints under this name. */
  name: identifier,
  /** A folder under `infra/services/`, for example `redis`. */
  kind: identifier,
  /** How many server processes. */
  count: z.int().min(1).max(64),
  /** Memory budget of each server process. */
  memoryMiB: z.int().min(16),
  /** Settings that the kind of server knows; an unknown key is a mistake. */
  settings: settings.exactOptional(),
});
export type ServiceSpec = z.infer<typeof serviceSpec>;

/** Commands that reach the strategy's servers for one operation, by the server's own name of the command. */
const commandCounts = z.record(z.string(), z.number().min(0));
export type CommandCounts = Readonly<z.infer<typeof commandCounts>>;

const commandsPerOperation = z.record(z.enum(operationNames), commandCounts);

/**
 * What becomes of sessions: all are `kept` as they were acknowledged last, those of the last moments may be gone or as they were
 * before (`newest-lost`), or they are `lost`.
 */
export const fates = ['kept', 'newest-lost', 'lost'] as const;
export type Fate = (typeof fates)[number];

/** What ends processes. What ends none costs no session of any strategy. */
export const endingNames = [
  /** All servers of the strategy are killed at the same time, and started again. */
  'storeCrash',
  /** They are ended as their makers mean it, and started again. */
  'storeRestart',
  /** One of them is killed or away, and another takes over: its replica, or a copy that is added to a server that has none. */
  'failover',
  /** An app ends, and is started again. */
  'appEnd',
  /** The power of a server's machine is cut, or of an app's where sessions live there, and its disk comes back. */
  'powerCut',
  /** A zone with all that is in it does not come back. */
  'zoneLoss',
] as const;
export type EndingName = (typeof endingNames)[number];

/** Null where an ending cannot be, or nobody says what it costs. */
export type Outlasting = Readonly<Record<EndingName, Fate | null>>;

const saidOfEndings = z.partialRecord(z.enum(endingNames), z.enum(fates).nullable());
type SaidOfEndings = z.infer<typeof saidOfEndings>;

/** Of a strategy of which nobody says anything. */
export const nothingSaid: Outlasting = {
  storeCrash: null,
  storeRestart: null,
  failover: null,
  appEnd: null,
  powerCut: null,
  zoneLoss: null,
};

/** The servers that keep a strategy's sessions, as far as it takes to count them. */
const keepingServers = z.strictObject({
  /** `one`: one server holds all. `shards`: each holds a part; the fewest that hold all, and copies of each session. */
  spread: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('one') }),
    z.strictObject({ kind: z.literal('shards'), fewest: z.int().min(1), copies: z.int().min(1) }),
  ]),
  /** Cores that one server process can use; null: as many as there are. */
  cores: z.int().min(1).nullable(),
  /** Connections that each app process opens to each server, and how many a server takes as it is set here. */
  connections: z.strictObject({ perApp: z.int().min(1), most: z.int().min(1) }),
});

const traits = {
  /** What a write sends: the `session` whole, so that of two at once one may be lost, or the `values` that it changed. */
  writes: z.enum(['session', 'values']),
  /** How all sessions of a user are ended; to stand in a sentence: `by an index on the user`. Null: they cannot be. */
  endsAllOfAUser: z.string().nullable(),
  /** Sessions are on a disk too. */
  onDisk: z.boolean(),
  /** Null: sessions live in the apps. */
  servers: keepingServers.nullable(),
};

/** Trips to the servers and back that one operation waits for, one after the other. */
const roundTripsPerOperation = z.record(z.enum(operationNames), z.number().min(0));
export type RoundTrips = Readonly<z.infer<typeof roundTripsPerOperation>>;

const LONGEST_TITLE = 60;

/** The same strategy with other settings, measured beside it as `<strategy>@<variant>`. */
export const variantSpec = z.strictObject({
  /** For people, behind the strategy's title: `AOF always`. */
  title: z.string().min(1).max(40),
  /** In place of the strategy's: one sentence that says what the variant changes, and what that does to durability. */
  description: z.string().min(1).max(300),
  /** Settings of services, by the service's name; those that are not named stay. */
  services: z.record(identifier, settings).exactOptional(),
  /** Settings of the store; those that are not named stay. */
  store: settings.exactOptional(),
  /** In place of the strategy's, where the variant sends other commands. */
  commandsPerOperation: commandsPerOperation.exactOptional(),
  /** Where it differs from the strategy's; endings that are not named stay. `{}`: it keeps sessions as the strategy does. */
  outlasts: saidOfEndings.default({}),
  /** Likewise. */
  traits: z
    .strictObject({
      writes: traits.writes.exactOptional(),
      endsAllOfAUser: traits.endsAllOfAUser.exactOptional(),
      onDisk: traits.onDisk.exactOptional(),
      servers: traits.servers.exactOptional(),
    })
    .exactOptional(),
  /** Likewise, where the variant waits for other round trips. */
  roundTripsPerOperation: roundTripsPerOperation.exactOptional(),
});
export type VariantSpec = z.infer<typeof variantSpec>;

const topologyShape = z.strictObject({
  /** For people: `Redis Cluster`. */
  title: z.string().min(1).max(LONGEST_TITLE),
  /** One sentence: where sessions live and what that costs. */
  description: z.string().min(1).max(300),
  services: z.array(serviceSpec).readonly(),
  /** `cookie`: the balancer inserts a cookie and sends a client always to the same app; `none`: round robin. */
  balancer: z.strictObject({ affinity: z.enum(['none', 'cookie']) }),
  /** What one operation sends to the strategy's servers, all servers together; a test holds it. */
  commandsPerOperation,
  /**
   * What becomes of sessions, on paper: faults hold what they see against it, the advice rests on it where nothing was
   * measured, and a report tells it as a weakness. All must be said; a file that says less says nothing of the others.
   */
  outlasts: saidOfEndings
    .default({})
    .transform((said: SaidOfEndings): Outlasting => ({ ...nothingSaid, ...said })),
  /** What else is known of it without measuring; null: nothing is, so that the advice leaves open what rests on it. */
  traits: z.strictObject(traits).nullable().default(null),
  /** As many as its commands when left out; a run of distances holds it. */
  roundTripsPerOperation: roundTripsPerOperation.exactOptional(),
  /** What the store must know besides its endpoints. None when left out. */
  store: settings.exactOptional(),
  /** Memory budget of each app process; the usual 512 when left out. */
  appMemoryMiB: z.int().min(16).exactOptional(),
  /** `named`: measured where somebody names it. `default`, also when left out: measured where nobody names any. */
  selection: z.enum(['default', 'named']).exactOptional(),
  /** By name: lower case, digits and hyphens. None when left out. */
  variants: z.record(identifier, variantSpec).exactOptional(),
});
export type Topology = z.infer<typeof topologyShape>;

export function roundTripsOf({
  commandsPerOperation: commands,
  roundTripsPerOperation: told,
}: Pick<Topology, 'commandsPerOperation' | 'roundTripsPerOperation'>): RoundTrips {
  if (told) return told;
  const all = (name: OperationName): number =>
    Object.values(commands[name]).reduce((sum, each) => sum + each, 0);
  return {
    login: all('login'),
    read: all('read'),
    write: all('write'),
    logout: all('logout'),
    probe: all('probe'),
  };
}

export const titleOfVariant = ({ title }: Topology, variant: VariantSpec): string =>
  `${title}, ${variant.title}`;

function variantMistakes(topology: Topology, variant: VariantSpec): readonly string[] {
  const { services = {}, store = {} } = variant;
  const known = topology.services.map(({ name }) => name);
  const unknown = Object.keys(services).filter((name) => !known.includes(name));
  const changed = [...Object.values(services), store].some((each) => Object.keys(each).length > 0);
  const title = titleOfVariant(topology, variant);
  return [
    ...unknown.map(
      (name) => `there is no service "${name}"; the strategy has ${known.join(', ') || 'no services'}`,
    ),
    ...(changed ? [] : ['it changes no setting, neither of a service nor of the store']),
    ...(title.length > LONGEST_TITLE
      ? [`"${title}" is longer than ${LONGEST_TITLE} characters; shorten its title`]
      : []),
  ];
}

export const topologySchema = topologyShape.superRefine((topology, context) => {
  for (const [name, variant] of Object.entries(topology.variants ?? {}))
    for (const message of variantMistakes(topology, variant))
      context.addIssue({ code: 'custom', path: ['variants', name], message });
});
