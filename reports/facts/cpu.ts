/** CPU time per request, by tier. */
import { servingTiers, type Tier } from '../../record/common.ts';

export type PerTier = Record<Tier, number | null>;

export const perTier = (value: (tier: Tier) => number | null): PerTier => ({
  generator: value('generator'),
  balancer: value('balancer'),
  app: value('app'),
  store: value('store'),
});

/** Of the tiers that serve (not the generator), in microseconds; null where the app's is not known. */
export function servingCpu(cpu: Readonly<PerTier>): number | null {
  if (cpu.app === null) return null;
  return servingTiers.reduce((sum, tier) => sum + (cpu[tier] ?? 0), 0);
}
