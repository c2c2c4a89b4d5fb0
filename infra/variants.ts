/** Variants of strategies: the same folder with other settings, each a strategy of its own in a run. */
import { type Topology, titleOfVariant, type VariantSpec } from '../servers/contract/topology.ts';
import type { Strategy } from './runtimes/runtime.ts';

/** Between the name of a strategy and that of its variant; neither can hold it. */
export const VARIANT_MARK = '@';

/** `redis`, of `redis@aof-always` and of `redis`. */
export const baseName = (name: string): string => name.split(VARIANT_MARK, 1).join();

/** Whether it is measured where nobody names any. */
export const isDefault = ({ topology }: Strategy): boolean => topology.selection !== 'named';

export const variantsOf = ({ name, folder, topology }: Strategy): readonly Strategy[] =>
  Object.entries(topology.variants ?? {}).map(([variant, spec]) => ({
    name: `${name}${VARIANT_MARK}${variant}`,
    folder,
    topology: topologyWith(topology, spec),
  }));

/** Each strategy with its variants behind it. */
export const withVariants = (strategies: readonly Strategy[]): readonly Strategy[] =>
  strategies.flatMap((strategy) => [strategy, ...variantsOf(strategy)]);

function topologyWith({ variants: _variants, ...own }: Topology, variant: VariantSpec): Topology {
  const roundTrips = variant.roundTripsPerOperation ?? own.roundTripsPerOperation;
  return {
    ...own,
    title: titleOfVariant(own, variant),
    description: variant.description,
    services: own.services.map((service) => {
      const changed = variant.services?.[service.name];
      return changed ? { ...service, settings: { ...service.settings, ...changed } } : service;
    }),
    commandsPerOperation: variant.commandsPerOperation ?? own.commandsPerOperation,
    outlasts: { ...own.outlasts, ...variant.outlasts },
    traits: own.traits && { ...own.traits, ...variant.traits },
    ...(roundTrips && { roundTripsPerOperation: roundTrips }),
    store: { ...own.store, ...variant.store },
    selection: 'named',
  };
}
