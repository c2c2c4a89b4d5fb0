/** The nodes of one deployment as processes of this machine. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { Child } from '../../machine/child.ts';
import { memoryBytesOf, processCpuMicros, usageOf } from '../../machine/meter.ts';
import { freePort } from '../../machine/ports.ts';
import { cacheFolder } from '../../machine/programs/cache.ts';
import type { Executable, ProgramPlace } from '../../machine/programs/program.ts';
import type { RunFolder } from '../../machine/run-folder.ts';
import { openFilesLimit } from '../../services/open-files.ts';
import { everyOne, failuresOf } from '../gather.ts';
import type { GeneratorSite } from '../generator/drive.ts';
import type { Node, Nodes } from '../nodes.ts';
import type { PlannedService, Site } from '../plan.ts';
import type { Placement, TierUsage } from '../runtime.ts';
import { NativeNode } from './node.ts';

const HOST = '127.0.0.1';

export interface NativeSiteOptions {
  /** Absolute path of the app's main module, and of the strategy's folder. */
  readonly appMain: string;
  readonly strategyFolder: string;
  readonly programs: ReadonlyMap<string, Executable>;
  readonly run: RunFolder;
  /** Gives a port of loopback that is free now. */
  readonly findPort?: () => Promise<number>;
}

/** Every node has a folder of its own in the run's folder, and free ports of loopback. */
export function nativeSite(options: NativeSiteOptions): Site {
  const findPort = options.findPort ?? (() => freePort(HOST));
  const programs = Object.fromEntries(
    [...options.programs].map(([name, program]) => [name, placeOf(program)]),
  );
  return {
    appFiles: {
      main: options.appMain,
      storeModule: path.join(options.strategyFolder, 'store.ts'),
      compileCache: path.join(cacheFolder(), 'compiled'),
    },
    openFiles: openFilesLimit() ?? Number.POSITIVE_INFINITY,
    programs: () => programs,
    async place(_node, names) {
      const folder = options.run.subfolder();
      const ports: Record<string, number> = {};
      for (const name of names) ports[name] = await findPort();
      const folders = {
        config: path.join(folder, 'etc'),
        data: path.join(folder, 'data'),
        run: path.join(folder, 'run'),
      };
      return { listen: HOST, host: HOST, ports, folders };
    },
  };
}

const placeOf = ({ path: program, root, version }: Executable): ProgramPlace => ({
  path: program,
  root,
  resolvedName: path.basename(realpathSync(program)),
  version,
});

export interface NativeNodesOptions {
  readonly services: readonly PlannedService[];
  readonly programs: ReadonlyMap<string, Executable>;
  readonly run: RunFolder;
  /** Null: no service is confined to cores. */
  readonly placement: Placement | null;
  /** Path of k6; null where none was provisioned. */
  readonly k6: string | null;
}

export class NativeNodes implements Nodes {
  readonly budgets = [];
  readonly files = [];
  readonly #options: NativeNodesOptions;
  readonly #nodes: ReadonlyMap<PlannedService, readonly NativeNode[]>;

  constructor(options: NativeNodesOptions) {
    this.#options = options;
    const { services, programs, run, placement } = options;
    this.#nodes = new Map(
      services.map((service) => {
        const cores = placement?.cores[service.kind.tier] ?? null;
        return [
          service,
          service.nodes.map((node) => new NativeNode({ service, node, programs, run, cores })),
        ];
      }),
    );
  }

  get all(): readonly NativeNode[] {
    return [...this.#nodes.values()].flat();
  }

  of(service: PlannedService): readonly NativeNode[] {
    return this.#nodes.get(service) ?? [];
  }

  /** The nodes of a service are prepared together before the first is launched. */
  async start(services: readonly PlannedService[], signal: AbortSignal): Promise<void> {
    await everyOne(
      services.map(async (service) => {
        const nodes = this.of(service);
        await everyOne(nodes.map((node) => node.prepare(signal)));
        await everyOne(nodes.map((node) => node.launch(signal)));
      }),
    );
  }

  usage(nodes: readonly Node[]): TierUsage {
    const pids = nodes.flatMap((node) => (node instanceof NativeNode ? (node.pid ?? []) : []));
    return usageOf(pids);
  }

  generator(): GeneratorSite {
    const { k6, run } = this.#options;
    if (k6 === null) throw new Error('k6 has not been provisioned');
    const folder = run.subfolder();
    const controlSocket = path.join(folder, 'control.sock');
    return {
      controlSocket,
      controlSocketInside: controlSocket,
      async start({ args, env }, { placement }, logFile) {
        const child = await Child.start(run, {
          name: 'k6',
          program: k6,
          args,
          env: { ...env },
          folder,
          cores: placement.cores.generator,
          user: null,
          logFile,
          stopSignal: 'SIGTERM',
          killSignal: 'SIGKILL',
        });
        return {
          ended: child.ended,
          stop: () => child.stop(),
          lastLogLines: () => child.lastLogLines(),
          cpuMicros: () => processCpuMicros(child.identity.pid),
          memoryBytes: () => memoryBytesOf([child.identity.pid]),
        };
      },
    };
  }

  async settled(): Promise<void> {}

  async remove(): Promise<readonly Error[]> {
    return await failuresOf(this.all.map((node) => node.remove()));
  }
}
