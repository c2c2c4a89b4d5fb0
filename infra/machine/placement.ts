/** Which cores carry which tier. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import type { Tier } from '../../record/common.ts';

/** Which cores carry which tier. */
export interface Placement {
  /** Core numbers of each tier; tiers may share cores. */
  readonly cores: Readonly<Record<Tier, readonly number[]>>;
  /** True when two tiers share a core: tails then include scheduling. */
  readonly shared: boolean;
  /** One sentence for the report. */
  readonly description: string;
}

/** A list as the kernel writes it: `0-3,8`. */
export function parseCoreList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [from = Number.NaN, to = from] = part.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
}

const list = (cores: readonly number[]) =>
  cores.length === 1 ? `core ${cores[0]}` : `cores ${cores.join(', ')}`;

/**
 * Divides cores among tiers.
 *
 * - 1 core: everything shares it.
 * - 2 or 3: generator and balancer on the first, apps and servers on the rest. Measured on 2 cores against no
 *   pinning: medians alike or lower, and the in-memory strategy's p99 varies by 7 % between trials instead of 66 %;
 *   strategies with a server of their own pay with a longer tail, since it waits for the app's time slice.
 * - 4 to 7: the generator, the balancer, the apps, and the servers each have their own; spare cores go to the servers.
 * - 8 and more: two for the generator, one for the balancer, a third of the rest for the apps (Node.js uses
 *   one core for each), the others for the servers.
 *
 * @param allowed cores that this process may use, ascending; at least one
 */
export function placeOn(allowed: readonly number[]): Placement {
  const [first = 0, second = first] = allowed;
  const cores = [...allowed];
  if (cores.length <= 1) {
    return describe({ generator: [first], balancer: [first], app: [first], store: [first] });
  }
  if (cores.length < 4) {
    const rest = cores.slice(1);
    return describe({ generator: [first], balancer: [first], app: rest, store: rest });
  }
  if (cores.length < 8) {
    const [third = first] = cores.slice(2);
    return describe({ generator: [first], balancer: [second], app: [third], store: cores.slice(3) });
  }
  const rest = cores.slice(3);
  const apps = Math.max(2, Math.floor(rest.length / 3));
  return describe({
    generator: cores.slice(0, 2),
    balancer: cores.slice(2, 3),
    app: rest.slice(0, apps),
    store: rest.slice(apps),
  });
}

function describe(cores: Placement['cores']): Placement {
  const all = Object.values(cores).flat();
  const { generator, balancer, app, store } = cores;
  if (new Set(all).size === all.length) {
    return {
      cores,
      shared: false,
      description: `Every tier has its own: the generator ${list(generator)}, the balancer ${list(balancer)}, the apps ${list(app)}, the servers ${list(store)}.`,
    };
  }
  const description =
    new Set(all).size === 1
      ? `Everything shares ${list(generator)}: latencies include waiting for the processor.`
      : `Generator and balancer share ${list(generator)}, apps and servers share ${list(app)}: tails include waiting for the processor.`;
  return { cores, shared: true, description };
}

/** Cores that this process may use: those of its affinity, which a cpuset narrows too. */
export async function allowedCores(): Promise<readonly number[]> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const listed = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1];
  return listed
    ? parseCoreList(listed)
    : Array.from({ length: os.availableParallelism() }, (_, core) => core);
}

/** Placement on this machine. */
export async function choosePlacement(): Promise<Placement> {
  return placeOn(await allowedCores());
}
