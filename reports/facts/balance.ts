/** How evenly the apps were loaded, by the requests that each of them counted: what affinity costs is seen here. */
import type { ValidTrial } from '../../record/read/trials.ts';
import type { Balance } from '../../record/scaling.ts';
import { studentQuantile } from '../statistics/distributions/student.ts';
import { mean, standardDeviation } from '../statistics/order.ts';

/** 1 where all apps have the same, their number where one has all; null where nothing was counted. */
export function busiestOverMean(requests: readonly number[] | null): number | null {
  const all = requests?.reduce((sum, each) => sum + each, 0) ?? 0;
  if (requests === null || all === 0) return null;
  // What arithmetic leaves below 1 is no better than even.
  return Math.max(1, (Math.max(...requests) * requests.length) / all);
}

/** Share of what the apps could do that is idle when the busiest of them can do no more. */
export const idleShare = (busiest: number): number => 1 - 1 / busiest;

export function balanceOf(trials: readonly ValidTrial[]): Balance | null {
  const each = trials.flatMap(({ record }) => {
    const ratio = busiestOverMean(record.requests.apps);
    return ratio === null ? [] : [{ ratio, apps: record.requests.apps?.length ?? 1 }];
  });
  const ratios = each.map(({ ratio }) => ratio);
  const centre = mean(ratios);
  if (centre === null) return null;
  const apps = Math.max(...each.map((one) => one.apps));
  return {
    apps,
    trials: ratios.length,
    busiestOverMean: centre,
    interval: intervalOf(ratios, centre, apps),
    most: Math.max(...ratios),
  };
}

/** Within what a ratio can be: from 1 to the number of apps. */
function intervalOf(ratios: readonly number[], centre: number, apps: number): Balance['interval'] {
  const deviation = standardDeviation(ratios);
  if (deviation === null) return null;
  const half = (studentQuantile(0.975, ratios.length - 1) * deviation) / Math.sqrt(ratios.length);
  return { low: Math.max(1, centre - half), high: Math.min(apps, centre + half) };
}
