/** Finds a strategy's servers in the app's configuration. */
import type { Endpoint, StoreContext } from '../../contract/store.ts';

/**
 * All servers of a service of the topology.
 * @throws Error when the configuration names none
 */
export function endpointsOf(context: StoreContext, service: string): readonly [Endpoint, ...Endpoint[]] {
  const [first, ...others] = context.endpoints[service] ?? [];
  if (first) return [first, ...others];
  const known = Object.keys(context.endpoints).join(', ') || 'none';
  throw new Error(`no endpoint is named "${service}" (the configuration names: ${known})`);
}

/** The only server of a service. */
export function endpointOf(context: StoreContext, service: string): Endpoint {
  return endpointsOf(context, service)[0];
}
