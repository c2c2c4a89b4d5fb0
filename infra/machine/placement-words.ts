/** A placement in words: what tiers have for themselves, what they share, and what is not known. */
import { type Tier, tiers } from '../../record/common.ts';
import { listed } from '../../record/listed.ts';
import type { CoreFacts, CoreKind, CoresOfTiers } from './cores.ts';

const names = {
  generator: 'the generator',
  balancer: 'the balancer',
  app: 'the apps',
  store: 'the servers',
} as const satisfies Readonly<Record<Tier, string>>;

const list = (cores: readonly number[]) =>
  cores.length === 1 ? `core ${cores[0]}` : `cores ${cores.join(', ')}`;
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** True when a logical core, or a physical core as far as that is known, carries two tiers. */
export const sharesCore = (cores: CoresOfTiers, siblings: CoreFacts['siblings']): boolean =>
  sharesLogical(cores) || sharedPhysical(cores, siblings).length > 0;

export function describe(cores: CoresOfTiers, facts: CoreFacts): string {
  return [ownership(cores, facts.siblings), ...siblingWords(cores, facts), ...kindWords(cores, facts)].join(
    ' ',
  );
}

function sharesLogical(cores: CoresOfTiers): boolean {
  const all = tiers.flatMap((tier) => cores[tier]);
  return new Set(all).size < all.length;
}

/** Physical cores on which tiers have different logical cores. */
function sharedPhysical(
  cores: CoresOfTiers,
  siblings: CoreFacts['siblings'],
): readonly { readonly unit: readonly number[]; readonly tiers: readonly Tier[] }[] {
  return (siblings ?? [])
    .map((unit) => ({ unit, tiers: tiers.filter((tier) => cores[tier].some((core) => unit.includes(core))) }))
    .filter(
      (each) =>
        new Set(each.tiers.map((tier) => cores[tier].filter((core) => each.unit.includes(core)).join()))
          .size > 1,
    );
}

function ownership(cores: CoresOfTiers, siblings: CoreFacts['siblings']): string {
  const { generator, balancer, app, store } = cores;
  const each = `the generator ${list(generator)}, the balancer ${list(balancer)}, the apps ${list(app)}, the servers ${list(store)}`;
  if (new Set(tiers.flatMap((tier) => cores[tier])).size === 1)
    return `Everything shares ${list(generator)}: latencies include waiting for the processor.`;
  if (!sharesLogical(cores))
    return siblings !== null && sharedPhysical(cores, siblings).length === 0
      ? `Every tier has its own: ${each}.`
      : `Every tier has logical cores of its own: ${each}.`;
  const pairs = [pair('Generator and balancer', generator, balancer), pair('apps and servers', app, store)];
  return `${capitalised(pairs.join(', '))}: tails include waiting for the processor.`;
}

const pair = (names: string, one: readonly number[], other: readonly number[]): string =>
  one.join() === other.join()
    ? `${names} share ${list(one)}`
    : `${names} have ${list(one)} and ${list(other)}`;

function siblingWords(cores: CoresOfTiers, { allowed, siblings }: CoreFacts): string[] {
  if (siblings === null) return ['The system does not tell which cores share a physical core.'];
  const used = tiers.flatMap((tier) => cores[tier]);
  const shared = sharedPhysical(cores, siblings).map(
    ({ unit, tiers: on }) =>
      `${capitalised(listed(on.map((tier) => names[tier])))} share a physical core (${unit.join(', ')}), so what one does slows the other.`,
  );
  const others = siblings
    .filter((unit) => unit.some((core) => used.includes(core)))
    .flat()
    .filter((core) => !allowed.includes(core));
  const foreign =
    others.length === 0
      ? []
      : [`Siblings of these cores (${others.join(', ')}) are not ours: what runs there slows them.`];
  return [...shared, ...foreign];
}

function kindWords(cores: CoresOfTiers, { kinds }: CoreFacts): string[] {
  if (kinds === null) return ['The system does not tell whether its cores are of one kind.'];
  if (kinds.length < 2) return [];
  const used = tiers.flatMap((tier) => cores[tier]);
  const inUse = kinds.filter((kind) => kind.cores.some((core) => used.includes(core)));
  if (inUse.length > 1) {
    const each = tiers.map((tier) => `${names[tier]} on ${kindsOf(cores[tier], inUse)}`);
    return [`Cores are of different kinds: ${each.join(', ')}.`];
  }
  const idle = kinds.filter((kind) => !inUse.includes(kind)).flatMap((kind) => kind.cores);
  return inUse.map(({ name }) => `All are of one kind (${name}); ${list(idle)} of other kinds stay idle.`);
}

const kindsOf = (cores: readonly number[], kinds: readonly CoreKind[]): string =>
  listed(kinds.filter((kind) => kind.cores.some((core) => cores.includes(core))).map(({ name }) => name));
