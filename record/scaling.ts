/** What a run says of more load and more apps: how evenly the apps are loaded, and what rates need by their CPU time. */
import { z } from 'zod';
import { tier } from './common.ts';

const count = z.int().min(0);
const perSecond = z.number().positive();

/**
 * The busiest app's requests over those of an app in the mean: 1 where all have the same, the number of apps where one has all.
 * Computed from requests that were counted in the apps.
 */
const busiest = z.number().min(1);

/** How evenly the balancer spread requests over the apps, in the trials that a strategy's numbers are of. */
export const balance = z.strictObject({
  /** App processes. */
  apps: z.int().min(1),
  /** Trials whose apps told their counts. */
  trials: z.int().min(1),
  /** Mean over those trials. */
  busiestOverMean: busiest,
  /** Of that mean, 95 % (Student's t over the trials); null of one trial, which does not show how trials differ. */
  interval: z.strictObject({ low: busiest, high: busiest }).nullable(),
  /** In the trial where it was most. */
  most: busiest,
});
export type Balance = z.infer<typeof balance>;

/** The same in one trial before its fault began, and after every server was ready again; null where no requests were counted. */
export const balanceAround = z.strictObject({ before: busiest.nullable(), after: busiest.nullable() });
export type BalanceAround = z.infer<typeof balanceAround>;

/** Cores of the machine that was measured, all their time. */
const cores = z.number().min(0);

/** What a rate needs when every tier is as busy as is aimed at. */
export const coresNeeded = z.strictObject({
  rate: perSecond,
  /** With room for the busiest app. */
  app: cores,
  /** Of which each uses at most one core, and takes at most four times the load that was tested of one. */
  appProcesses: z.int().min(1),
  /** Null, as `store`, where the rate is more than four times what was tested. */
  balancer: cores.nullable(),
  /** 0 where the strategy has no servers. */
  store: cores.nullable(),
  /**
   * How far balancer and store are from what was tested: up to twice the rate is `scaled`, up to four times `extrapolated`, beyond
   * that nobody knows. An app process is one of those that were tested, whatever the number of them.
   */
  basis: z.enum(['measured', 'scaled', 'extrapolated', 'none']),
});
export type CoresNeeded = z.infer<typeof coresNeeded>;

/** What ends a rate: the cores of some tiers, the CPU time that containers of a tier may use, or processes that use one core each. */
export const limitKinds = ['cores', 'budget', 'processes'] as const;

/** The highest rate of a strategy as CPU time predicts it, and what was measured. Operations per second. */
export const prediction = z.strictObject({
  strategy: z.string(),
  /** The rate of the trials that it is made from, and their number. */
  from: perSecond,
  trials: z.int().min(1),
  /** CPU time for each operation, in microseconds. */
  cpuMicros: z.strictObject({
    generator: z.number().min(0),
    balancer: z.number().min(0),
    app: z.number().min(0),
    store: z.number().min(0),
  }),
  busiestOverMean: busiest,
  /** How busy cores may be, 0 to 1. */
  utilisation: z.number().gt(0).max(1),
  /** Where the first of all limits is full; null where that is more than four times the rate that was tested: nobody knows. */
  saturation: z
    .strictObject({
      rate: perSecond,
      /** How far the rate is from what was tested. */
      basis: z.enum(['measured', 'scaled', 'extrapolated']),
      /** The rate at which the first limit is as busy as it may be. */
      atUtilisation: perSecond,
      limit: z.enum(limitKinds),
      /** Who meets it together. */
      tiers: z.array(tier).min(1),
      cores: z.number().positive(),
    })
    .nullable(),
  /** The capacity that was found by a search; null where none was, or it is not the strategy's. */
  measured: perSecond.nullable(),
  /** `saturation.rate` over that, less 1, and over the ends of the interval that holds the capacity; null without it. */
  error: z.number().nullable(),
  errorInterval: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
  needs: z.array(coresNeeded),
});
export type Prediction = z.infer<typeof prediction>;
export type Saturation = NonNullable<Prediction['saturation']>;

/** Requests of each app in a trial with a fault. Null where an app did not tell, or began to count anew in between. */
export const appRequestsAround = z.strictObject({
  /** From the beginning of measuring to that of the fault. */
  before: z.array(count).nullable(),
  /** From the moment at which every server was ready again to the end of measuring. */
  after: z.array(count).nullable(),
});
export type AppRequestsAround = z.infer<typeof appRequestsAround>;
