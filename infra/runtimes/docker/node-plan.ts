/** Nodes of a service as containers: names, ports, folders, and what the service's description says to run. */

import { randomBytes } from 'node:crypto';
import type { ProgramPlace } from '../../machine/programs/program.ts';
import type {
  NodeContext,
  NodePlan,
  ReachableNode,
  Service,
  ServiceKind,
} from '../../services/definition.ts';
import type { Tier } from '../runtime.ts';
import type { Budget } from './budgets.ts';

/** Every container has an address of its own, so that all may listen on the same numbers. */
const FIRST_PORT = 8001;
/** All addresses of the container, and there is only its private network. */
const LISTEN = '0.0.0.0';

/** As the processes inside see them. */
export const inside = {
  config: '/etc/session-bench',
  data: '/var/lib/session-bench',
  run: '/run/session-bench',
} as const;

export interface ServicePart {
  /** The topology's name for it: `cache`. */
  readonly name: string;
  readonly kind: ServiceKind;
  readonly tier: Tier;
  readonly service: Service;
  readonly count: number;
  readonly memoryMiB: number;
  /** The image to run, by name or by name and digest. */
  readonly image: string;
  readonly programs: Readonly<Record<string, ProgramPlace>>;
  readonly budget: Budget;
  /** How many cores the tier has. */
  readonly cores: number;
}

export interface PlannedNode {
  readonly part: ServicePart;
  /** Name of the node, of its Compose service, and under which others reach it: `cache-1`. */
  readonly name: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly plan: NodePlan;
}

/** Random secrets of one service, made when they are first asked for. */
export function secretsOf(made = new Map<string, string>()): (name: string) => string {
  return (name) => {
    const secret = made.get(name) ?? randomBytes(24).toString('hex');
    made.set(name, secret);
    return secret;
  };
}

export function portsOf(service: Service): Readonly<Record<string, number>> {
  return Object.fromEntries(service.ports.map((port, index) => [port, FIRST_PORT + index]));
}

export const nodeNames = (part: Pick<ServicePart, 'name' | 'count'>): readonly string[] =>
  Array.from({ length: part.count }, (_, index) => `${part.name}-${index + 1}`);

/** As clients reach the nodes of a service that has not been started: by name. */
export function namedNodes(part: Pick<ServicePart, 'name' | 'count' | 'service'>): readonly ReachableNode[] {
  const ports = portsOf(part.service);
  return nodeNames(part).map((name) => ({
    name,
    host: name,
    ports,
    reach: { host: name, ports, runFolder: inside.run },
  }));
}

export function planNodes(part: ServicePart, secret: (name: string) => string): readonly PlannedNode[] {
  const ports = portsOf(part.service);
  return nodeNames(part).map((name, index) => {
    const context: NodeContext = {
      name,
      number: index + 1,
      count: part.count,
      host: LISTEN,
      ports,
      folders: inside,
      memoryMiB: part.memoryMiB,
      cores: part.cores,
      programs: part.programs,
      secret,
    };
    return { part, name, ports, plan: part.service.plan(context) };
  });
}
