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
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
});
export type ServiceSpec = z.infer<typeof serviceSpec>;

/** Commands that reach the strategy's servers for one operation, by the server's own name of the command. */
const commandCounts = z.record(z.string(), z.number().min(0));
export type CommandCounts = Readonly<z.infer<typeof commandCounts>>;

export const topologySchema = z.strictObject({
  /** For people: `Redis Cluster`. */
  title: z.string().min(1).max(60),
  /** One sentence: where sessions live and what that costs. */
  description: z.string().min(1).max(300),
  services: z.array(serviceSpec).readonly(),
  /** `cookie`: the balancer inserts a cookie and sends a client always to the same app; `none`: round robin. */
  balancer: z.strictObject({ affinity: z.enum(['none', 'cookie']) }),
  /** What one operation sends to the strategy's servers, all servers together; a test holds it. */
  commandsPerOperation: z.record(z.enum(operationNames), commandCounts),
});
export type Topology = z.infer<typeof topologySchema>;
