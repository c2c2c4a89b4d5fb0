/** Where a strategy's sessions live, and how much room there is. */
import type { Topology } from '../servers/contract/topology.ts';
import { freeDisk } from './machine/free-disk.ts';
import { APP_MEMORY_MIB, appRoom } from './services/app/index.ts';
import { serviceKind } from './services/index.ts';
import type { Room } from './services/room.ts';

const MIB = 2 ** 20;

export interface StrategyRoom extends Room {
  /** `cache`; `app` where the strategy has no servers of its own. */
  readonly service: string;
  /** Bytes, all nodes together. */
  readonly bytes: number;
}

/**
 * Null where it is not known: of a kind that does not tell, and of several services, which may share sessions or copy them.
 * @param apps how many app processes there are
 */
export function roomOf({ services, appMemoryMiB }: Topology, apps: number): StrategyRoom | null {
  const [spec, ...others] = services;
  if (!spec)
    return { service: 'app', bytes: apps * (appMemoryMiB ?? APP_MEMORY_MIB) * MIB, ...appRoom(apps) };
  if (others.length > 0) return null;
  const { room } = serviceKind(spec.kind).configure(spec.settings, spec.count);
  if (!room) return null;
  const bytes = room.in === 'disk' ? freeDisk() : room.nodes * spec.memoryMiB * MIB;
  return bytes === null ? null : { service: spec.name, bytes, ...room };
}
