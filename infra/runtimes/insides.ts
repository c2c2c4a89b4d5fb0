/** What no client of a deployment reaches, for checks of security. */
import type { AppControl } from '../services/app/index.ts';
import type { ServiceControl } from '../services/definition.ts';
import type { Insides } from './runtime.ts';

/** What is asked of a service. */
interface Asked<Control> {
  readonly control: Control;
}

export function insidesOf(
  stores: readonly Asked<Pick<ServiceControl, 'contents' | 'overwrite'>>[],
  app: Asked<Pick<AppControl, 'endUser'>>,
): Insides {
  const all = stores.map(({ control }) => control);
  return {
    endUser: (user) => app.control.endUser(user),
    async contents(names) {
      if (all.length === 0 || all.some((each) => !each.contents)) return null;
      return (await Promise.all(all.map(async (each) => (await each.contents?.(names)) ?? []))).flat();
    },
    async overwrite(names, value) {
      if (all.length === 0 || all.some((each) => !each.overwrite)) return null;
      const counts = await Promise.all(all.map(async (each) => (await each.overwrite?.(names, value)) ?? 0));
      return counts.reduce((sum, each) => sum + each, 0);
    },
  };
}
