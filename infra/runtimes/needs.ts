/** What a strategy's topology asks for, the same for every runtime. */
import path from 'node:path';
import type { Service, ServiceKind } from '../services/definition.ts';
import { haproxy } from '../services/haproxy/index.ts';
import { serviceKind } from '../services/index.ts';
import type { Lack, Strategy } from './runtime.ts';

/** What every strategy needs beside its servers; which apps it balances does not matter for what it needs. */
export const anyBalancer = haproxy.configure({ affinity: 'none', apps: [{ host: '127.0.0.1', port: 1 }] }, 1);

export interface NeededService {
  readonly kind: ServiceKind;
  readonly service: Service;
}

export interface Needs {
  readonly strategy: string;
  readonly services: readonly NeededService[];
  /** A topology that asks for what there is not is a lack of that strategy alone. */
  readonly mistakes: readonly Lack[];
}

export function needsOf({ name, folder, topology }: Strategy): Needs {
  const services: NeededService[] = [];
  const mistakes: Lack[] = [];
  for (const { name: service, kind: kindName, settings, count } of topology.services) {
    try {
      const kind = serviceKind(kindName);
      services.push({ kind, service: kind.configure(settings, count) });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      mistakes.push({
        what: `the service "${service}"`,
        why,
        remedy: `Mend ${path.join(folder, 'topology.ts')}.`,
      });
    }
  }
  return { strategy: name, services, mistakes };
}
