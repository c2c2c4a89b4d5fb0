/** Asks servers and apps what their limits did. */
import type { ServerStrain, StoreFailure, Strain } from '../../record/strain.ts';
import { freeDisk } from '../machine/free-disk.ts';
import type { AppControl } from '../services/app/index.ts';
import type { ServiceControl } from '../services/definition.ts';

interface Asked<Control> {
  readonly plan: { readonly name: string };
  readonly control: Control;
}

/** Never throws: services that do not tell are named. */
export async function strainOf(
  stores: readonly Asked<Pick<ServiceControl, 'strain'>>[],
  app: Asked<Pick<AppControl, 'counters'>>,
): Promise<Strain> {
  const [servers, failures] = await Promise.all([
    Promise.all(stores.map(({ control }) => control.strain?.().catch(() => null) ?? null)),
    failuresOf(app.control),
  ]);
  const silent = stores.filter((_, index) => !servers[index]).map(({ plan }) => plan.name);
  return {
    servers: servers.flatMap((each): readonly ServerStrain[] => each ?? []),
    failures: [...(failures ?? [])],
    diskFreeBytes: freeDisk(),
    unknown: [...silent, ...(failures ? [] : [app.plan.name])],
  };
}

/** Of all apps together; null where one of them does not tell. */
async function failuresOf(control: Pick<AppControl, 'counters'>): Promise<readonly StoreFailure[] | null> {
  const counters = await control.counters().catch(() => null);
  const told = counters?.flatMap(({ storeFailures }) => (storeFailures ? [storeFailures] : []));
  if (!told || told.length < (counters?.length ?? 0)) return null;
  const sums = new Map<string, number>();
  for (const { reason, count } of told.flat()) sums.set(reason, (sums.get(reason) ?? 0) + count);
  return [...sums].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}
