/** Starts the stores of a topology as local processes, without app and balancer. */
import type { Endpoint } from '../../../servers/contract/store.ts';
import type { Topology } from '../../../servers/contract/topology.ts';
import { asError } from '../../machine/errors.ts';
import type { Executable } from '../../machine/programs/program.ts';
import { RunFolder } from '../../machine/run-folder.ts';
import { sweepOrphans } from '../../machine/sweep.ts';
import { sumCounts } from '../../services/counts.ts';
import { serviceKind } from '../../services/index.ts';
import { everyOne, joined } from '../gather.ts';
import { NativeNodes, nativeSite } from '../native/nodes.ts';
import { programsOf } from '../native/programs.ts';
import { planStores } from '../plan.ts';
import { onFreePlaces, RunningService, startTogether, stopTogether } from '../running-service.ts';

export interface TestServices {
  /** As `StoreContext.endpoints`. */
  readonly endpoints: Readonly<Record<string, readonly Endpoint[]>>;
  /** Names of the servers: `cache-1`. */
  readonly servers: readonly string[];
  readonly services: readonly RunningService[];
  /** Commands that clients sent, all servers together. */
  commands(): Promise<Readonly<Record<string, number>>>;
  /** What each service says of itself. */
  versions(): Promise<readonly { readonly product: string; readonly version: string }[]>;
  /** Ends a server as a crash would. */
  kill(server: string): Promise<void>;
  /** Ends those of the servers that run and starts all on the same ports with the data that they left; resolves when ready. */
  restart(...servers: readonly string[]): Promise<void>;
  /** Stops all servers' getting CPU time: they accept connections and never answer. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** @throws Error when something could not be ended. */
  stop(): Promise<void>;
}

type Services = Pick<Topology, 'services'>;

async function programsFor({ services }: Services) {
  const configured = services.map(({ kind, settings, count }) =>
    serviceKind(kind).configure(settings, count),
  );
  const programs = await programsOf(configured, () => {});
  const lacks = [...programs.lacks.values()].map(({ what, why, remedy }) => `${what}: ${why}. ${remedy}`);
  return { found: programs.found, lacks };
}

/** Why the servers cannot be had on this machine; null when they can. */
export async function whyNoServices(topology: Services): Promise<string | null> {
  const { lacks } = await programsFor(topology);
  return lacks.length > 0 ? lacks.join('; ') : null;
}

export interface TestServicesOptions {
  /** Programs to run in place of those that were found. */
  readonly programs?: ReadonlyMap<string, Executable>;
  /** Gives a port of loopback that is free now. */
  readonly findPort?: () => Promise<number>;
}

/** @throws Error naming every program that is missing and the command that gets it, or why a server did not start. */
export async function startServices(
  topology: Services,
  options: TestServicesOptions = {},
): Promise<TestServices> {
  const { found, lacks } = await programsFor(topology);
  if (lacks.length > 0) throw new Error(`programs are missing:\n  ${lacks.join('\n  ')}`);
  await sweepOrphans();
  const run = new RunFolder();
  try {
    const programs = new Map([...found, ...(options.programs ?? [])]);
    return await onFreePlaces(() => startOnce(topology, run, { ...options, programs }));
  } catch (error) {
    await run.remove();
    throw error;
  }
}

async function startOnce(
  { services: specs }: Services,
  run: RunFolder,
  {
    programs,
    findPort,
  }: TestServicesOptions & { readonly programs: NonNullable<TestServicesOptions['programs']> },
): Promise<TestServices> {
  const site = nativeSite({
    appMain: '',
    strategyFolder: '',
    programs,
    run,
    ...(findPort && { findPort }),
  });
  const plans = await planStores(specs, site, 1);
  const nodes = new NativeNodes({ services: plans, programs, run, placement: null, k6: null });
  const ending = new AbortController();
  const services = plans.map((plan) => new RunningService(plan, nodes.of(plan), ending.signal));
  const end = async () => {
    ending.abort(new Error('the services are being stopped'));
    return [...(await stopTogether(services)), ...(await nodes.remove())];
  };
  try {
    await startTogether(services, nodes, ending.signal);
  } catch (error) {
    throw joined([asError(error), ...(await end())]);
  }
  const find = (server: string) => {
    for (const service of services)
      for (const node of service.nodes) if (node.name === server) return { service, node };
    throw new Error(`there is no server ${server}`);
  };
  return {
    endpoints: Object.fromEntries(services.map(({ plan, control }) => [plan.name, control.endpoints])),
    servers: services.flatMap((service) => service.nodes.map(({ name }) => name)),
    services,
    commands: async () => sumCounts(await Promise.all(services.map(({ control }) => control.commands()))),
    versions: () => Promise.all(services.map(({ control }) => control.version())),
    kill: (server) => find(server).node.kill(),
    async restart(...wanted) {
      const byService = Map.groupBy(wanted.map(find), ({ service }) => service);
      await everyOne(
        [...byService].map(([service, found]) => service.restart(...found.map(({ node }) => node))),
      );
    },
    freeze: () => everyOne(services.map((service) => service.freeze())),
    thaw: () => everyOne(services.map((service) => service.thaw())),
    async stop() {
      const errors = await end();
      await run.remove();
      if (errors.length > 0) throw joined(errors);
    },
  };
}
