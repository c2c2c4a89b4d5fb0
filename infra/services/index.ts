/** Every kind of server that a topology may name. */
import type { ServiceKind } from './definition.ts';
import { memcached } from './memcached/index.ts';
import { mysql } from './mysql/index.ts';
import { postgres } from './postgres/index.ts';
import { redis } from './redis/index.ts';

const kinds: ReadonlyMap<string, ServiceKind> = new Map(
  [redis, memcached, postgres, mysql].map((kind) => [kind.kind, kind]),
);

/** @throws Error naming the kinds that exist. */
export function serviceKind(name: string): ServiceKind {
  const kind = kinds.get(name);
  if (!kind) {
    throw new Error(
      `no service kind is named "${name}"; there are ${[...kinds.keys()].join(', ')} (infra/services/)`,
    );
  }
  return kind;
}
