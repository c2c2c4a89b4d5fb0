/** Starts the servers of a topology alone, without app and balancer: for tests of stores. */
import type { Endpoint } from '../../../servers/contract/store.ts';
import type { ServiceSpec, Topology } from '../../../servers/contract/topology.ts';
import { RunFolder } from '../../machine/run-folder.ts';
import { sweepOrphans } from '../../machine/sweep.ts';
import { sumCounts } from '../../services/counts.ts';
import { serviceKind } from '../../services/index.ts';
import { programsOf } from '../native/programs.ts';
import { ServiceGroup } from '../native/service-group.ts';

export interface TestServices {
  /** As `StoreContext.endpoints`. */
  readonly endpoints: Readonly<Record<string, readonly Endpoint[]>>;
  /** Names of the servers: `cache-1`. */
  readonly servers: readonly string[];
  /** Commands that clients sent, all servers together. */
  commands(): Promise<Readonly<Record<string, number>>>;
  /** What each service says of itself. */
  versions(): Promise<readonly { readonly product: string; readonly version: string }[]>;
  /** Ends a server as a crash would. */
  kill(server: string): Promise<void>;
  /** Ends the server if it runs and starts it on the same port with the data that it left; resolves when ready. */
  restart(server: string): Promise<void>;
  /** Stops all servers' getting CPU time: they accept connections and never answer. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** @throws AggregateError when something could not be ended. */
  stop(): Promise<void>;
}

function configure({ services }: Pick<Topology, 'services'>) {
  return services.map((spec) => ({
    spec,
    kind: serviceKind(spec.kind),
    service: serviceKind(spec.kind).configure(spec.settings, spec.count),
  }));
}

async function programsFor(configured: ReturnType<typeof configure>) {
  const programs = await programsOf(
    configured.map(({ service }) => service),
    () => {},
  );
  const lacks = [...programs.lacks.values()].map(({ what, why, remedy }) => `${what}: ${why}. ${remedy}`);
  return { found: programs.found, lacks };
}

/** Why the servers cannot be had on this machine; null when they can. */
export async function whyNoServices(topology: Pick<Topology, 'services'>): Promise<string | null> {
  const { lacks } = await programsFor(configure(topology));
  return lacks.length > 0 ? lacks.join('; ') : null;
}

/** @throws Error naming every program that is missing and the command that gets it, or why a server did not start. */
export async function startServices(topology: Pick<Topology, 'services'>): Promise<TestServices> {
  const configured = configure(topology);
  const programs = await programsFor(configured);
  if (programs.lacks.length > 0) throw new Error(`programs are missing:\n  ${programs.lacks.join('\n  ')}`);
  await sweepOrphans();
  const run = new RunFolder();
  const groups = configured.map(
    ({ spec, kind, service }) =>
      new ServiceGroup({
        ...sizes(spec),
        tier: kind.tier,
        service,
        cores: null,
        programs: programs.found,
        run,
      }),
  );
  const stop = async () => {
    const errors = (await Promise.all(groups.map((group) => group.stop()))).flat();
    await run.remove();
    if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  };
  try {
    await Promise.all(groups.map((group) => group.start()));
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
  const groupOf = (server: string) => {
    const group = groups.find(({ nodes }) => nodes.some(({ name }) => name === server));
    if (!group) throw new Error(`there is no server ${server}`);
    return group;
  };
  return {
    endpoints: Object.fromEntries(groups.map((group) => [group.name, group.control.endpoints])),
    servers: groups.flatMap(({ nodes }) => nodes.map(({ name }) => name)),
    async commands() {
      const counts = await Promise.all(groups.map((group) => group.control.commands()));
      return sumCounts(counts);
    },
    versions: () => Promise.all(groups.map((group) => group.control.version())),
    kill: (server) => groupOf(server).kill(server),
    restart: (server) => groupOf(server).startAgain(server),
    async freeze() {
      await Promise.all(groups.map((group) => group.freeze()));
    },
    async thaw() {
      await Promise.all(groups.map((group) => group.thaw()));
    },
    stop,
  };
}

const sizes = ({ name, count, memoryMiB }: ServiceSpec) => ({ name, count, memoryMiB });
