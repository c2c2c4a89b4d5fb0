/** Which cores carry which tier. */
import { allowedCores, type CoreFacts, type CoreKind, type CoresOfTiers, readCores } from './cores.ts';
import { describe, sharesCore } from './placement-words.ts';

/** Which cores carry which tier. */
export interface Placement {
  /** Core numbers of each tier; tiers may share cores. */
  readonly cores: CoresOfTiers;
  /** True when two tiers share a core, or are siblings on one physical core: tails then include the other tier. */
  readonly shared: boolean;
  /** Logical cores that share a physical core, as the system tells it; null where it does not. */
  readonly siblings: CoreFacts['siblings'];
  /** Allowed cores by kind, the fastest first; null where the system does not tell. */
  readonly kinds: readonly CoreKind[] | null;
  /** One or more sentences for the report. */
  readonly description: string;
}

/** Logical cores of one physical core. */
type Unit = readonly number[];

/** Fewest physical cores with which each tier has its own. */
const ENOUGH_UNITS = 4;

/**
 * Divides physical cores among tiers. A tier gets whole ones where there are enough, and cores of one kind where one kind
 * has enough: the fastest such kind then carries all, and the other cores stay idle.
 *
 * - 1: everything shares it; its logical cores are divided as 2 and 3 are.
 * - 2 or 3: generator and balancer on the first, apps and servers on the rest. Measured on 2 cores against no
 *   pinning: medians alike or lower, and the in-memory strategy's p99 varies by 7 % between trials instead of 66 %;
 *   strategies with a server of their own pay with a longer tail, since it waits for the app's time slice. Tiers that
 *   share a physical core have logical ones of their own where it has them.
 * - 4 to 7: the generator, the balancer, the apps, and the servers each have their own; spare cores go to the servers.
 * - 8 and more: two for the generator, one for the balancer, a third of the rest for the apps (Node.js uses
 *   one core for each), the others for the servers.
 */
export function placeOn(facts: CoreFacts): Placement {
  const cores = divide(unitsOf(facts));
  return {
    cores,
    shared: sharesCore(cores, facts.siblings),
    siblings: facts.siblings,
    kinds: facts.kinds,
    description: describe(cores, facts),
  };
}

/** Physical cores that tiers may have, the fastest kind first. Where siblings are not known each core counts as one. */
function unitsOf({ allowed, siblings, kinds }: CoreFacts): readonly Unit[] {
  const groups = siblings ?? allowed.map((core) => [core]);
  const units = groups
    .map((group) => group.filter((core) => allowed.includes(core)))
    .toSorted(([a = 0], [b = 0]) => a - b);
  if (kinds === null) return units;
  const byKind = kinds.map(({ cores }) =>
    units.filter(([first]) => first !== undefined && cores.includes(first)),
  );
  return byKind.find((alike) => alike.length >= ENOUGH_UNITS) ?? byKind.flat();
}

function divide(units: readonly Unit[]): CoresOfTiers {
  if (units.length < ENOUGH_UNITS) return divideFew(units);
  if (units.length < 8) {
    const [generator = [], balancer = [], app = [], ...store] = units;
    return { generator, balancer, app, store: store.flat() };
  }
  const rest = units.slice(3);
  const apps = Math.max(2, Math.floor(rest.length / 3));
  return {
    generator: units.slice(0, 2).flat(),
    balancer: units.slice(2, 3).flat(),
    app: rest.slice(0, apps).flat(),
    store: rest.slice(apps).flat(),
  };
}

function divideFew(units: readonly Unit[]): CoresOfTiers {
  const [only = [], ...others] = units;
  if (others.length === 0) return divideThreads(only);
  // Apps and servers have more use for a second thread.
  const front = units.toSorted((a, b) => a.length - b.length)[0] ?? only;
  const [first = [], ...second] = units.filter((unit) => unit !== front);
  const threads = units.some(({ length }) => length > 1);
  const [generator, balancer] = halves(front);
  const [app, store] =
    second.length > 0 && threads ? [first, second.flat()] : halvesOrAll([first, ...second]);
  return { generator, balancer, app, store };
}

/** One physical core: its threads are divided as if they were cores. */
function divideThreads(threads: Unit): CoresOfTiers {
  const [first = 0, second = first, third = first, ...rest] = threads;
  if (threads.length <= 1) return { generator: [first], balancer: [first], app: [first], store: [first] };
  if (threads.length >= 4) return { generator: [first], balancer: [second], app: [third], store: rest };
  const others = threads.slice(1);
  return { generator: [first], balancer: [first], app: others, store: others };
}

/** A thread for each of two tiers, or the core for both where it has one. */
function halves(unit: Unit): readonly [Unit, Unit] {
  const half = Math.floor(unit.length / 2);
  return half === 0 ? [unit, unit] : [unit.slice(0, half), unit.slice(half)];
}

const halvesOrAll = (units: readonly Unit[]): readonly [Unit, Unit] => {
  const [only = [], ...others] = units;
  return others.length === 0 ? halves(only) : [units.flat(), units.flat()];
};

/** Placement on this machine. */
export async function choosePlacement(): Promise<Placement> {
  return placeOn(await readCores(await allowedCores()));
}

/** Every tier on every core that this process may have: for checks, whose answers do not depend on who shares what. */
export async function placeAnywhere(): Promise<Placement> {
  const { allowed, siblings, kinds } = await readCores(await allowedCores());
  const cores = { generator: allowed, balancer: allowed, app: allowed, store: allowed };
  return { cores, shared: true, siblings, kinds, description: 'Every tier may use every core.' };
}
