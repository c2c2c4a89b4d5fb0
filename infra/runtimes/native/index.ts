/** The native runtime: local processes of programs that were found on the machine or fetched without root. */
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import { provisionGoProgram } from '../../machine/programs/go-build.ts';
import { type K6Provision, provisionK6 } from '../../machine/programs/k6-build.ts';
import { runOrThrow } from '../../machine/run.ts';
import { RunFolder } from '../../machine/run-folder.ts';
import { sweepOrphans } from '../../machine/sweep.ts';
import { parseK6Version } from '../../services/k6/index.ts';
import { toxiproxyProgram } from '../../services/toxiproxy/program.ts';
import { endingWith, ManagedRuntime, type Platform } from '../base.ts';
import { failuresOf } from '../gather.ts';
import { anyBalancer, needsOf, planDeployment, servicesOf } from '../plan.ts';
import type {
  Availability,
  DeployOptions,
  Lack,
  NetworkMode,
  Runtime,
  ServerVersion,
  Strategy,
} from '../runtime.ts';
import { NativeNodes, nativeSite } from './nodes.ts';
import { builtHere, type Programs, programsOf } from './programs.ts';

export interface NativeRuntimeOptions {
  /** Ends starting and driving. */
  readonly signal: AbortSignal;
  /** Told what the runtime does by itself, such as ending what a killed run left. */
  progress(line: string): void;
}

/** Null on a system that has what this runtime does. What else a run needs is asked before (infra/requirements). */
function systemLack(): Lack | null {
  if (os.platform() !== 'linux') {
    return {
      what: 'Linux',
      why: `servers are metered, frozen and pinned to cores by means of Linux, and this is ${os.platform()}`,
      remedy: 'Run it on Linux or in a Linux virtual machine.',
    };
  }
  return null;
}

const withProxies = ({ found, lacks }: Programs, file: string): Programs => ({
  found: new Map([...found, [toxiproxyProgram.name, builtHere(file)]]),
  lacks,
});

class NativePlatform implements Platform {
  readonly name = 'native';
  readonly engine = null;
  /** Made at the first start, since other systems than Linux get no further than `provision`. */
  #runFolder: RunFolder | null = null;
  #k6: K6Provision | null = null;
  #programs: Programs = { found: new Map(), lacks: new Map() };

  async provision(
    strategies: readonly Strategy[],
    progress: (line: string) => void,
    network: NetworkMode = 'direct',
  ): Promise<readonly Availability[]> {
    const lack = systemLack();
    if (lack) return strategies.map(({ name }) => ({ status: 'unavailable', strategy: name, lacks: [lack] }));
    const needs = strategies.map(needsOf);
    // The apps run on the Node.js that runs this.
    const all = [anyBalancer, ...needs.flatMap(({ services }) => services.map(({ service }) => service))];
    const [k6, proxies, programs] = await Promise.all([
      provisionK6({ progress }),
      network === 'proxied' ? provisionGoProgram(toxiproxyProgram, { progress }) : null,
      programsOf(all, progress),
    ]);
    this.#k6 = k6;
    this.#programs = proxies?.status === 'ready' ? withProxies(programs, proxies.path) : programs;
    return needs.map(({ strategy, services, mistakes }) => {
      const needed = [anyBalancer, ...services.map(({ service }) => service)];
      const names = new Set(needed.flatMap((service) => service.programs.map(({ name }) => name)));
      const lacks = [...mistakes, ...[...names].flatMap((name) => programs.lacks.get(name) ?? [])];
      // Where there are no servers, no proxy stands before one.
      if (proxies?.status === 'lacking' && services.length > 0) lacks.unshift(proxies.lack);
      if (k6.status === 'lacking') lacks.unshift(k6.lack);
      return lacks.length > 0
        ? { status: 'unavailable', strategy, lacks }
        : { status: 'available', strategy };
    });
  }

  async prepare(strategy: Strategy, options: DeployOptions) {
    this.#runFolder ??= new RunFolder();
    const [run, programs] = [this.#runFolder, this.#programs.found];
    const site = nativeSite({ appMain: options.appMain, strategyFolder: strategy.folder, programs, run });
    const plan = await planDeployment(strategy, options, site);
    const { placement } = options;
    const k6 = this.#k6Path();
    return { plan, nodes: new NativeNodes({ services: servicesOf(plan), programs, run, placement, k6 }) };
  }

  #k6Path(): string {
    if (this.#k6?.status !== 'ready') throw new Error('k6 has not been provisioned');
    return this.#k6.path;
  }

  async generatorVersion(): Promise<ServerVersion> {
    const origin = this.#k6Path();
    const { stdout } = await runOrThrow(origin, ['version']);
    return { product: 'k6', version: parseK6Version(stdout), nodes: 1, origin };
  }

  /** All that it starts descends from this process. */
  owns(): boolean {
    return false;
  }

  async dispose(failures: readonly Error[]): Promise<readonly Error[]> {
    return [...failures, ...(await failuresOf([this.#runFolder?.remove() ?? Promise.resolve()]))];
  }
}

const TMPFS = 0x01021994;
const RAMFS = 0x858458f6;

/** Null when servers keep their data on a disk. */
async function memoryDiskWarning(): Promise<string | null> {
  const folder = os.tmpdir();
  const { type } = await statfs(folder);
  return type === TMPFS || type === RAMFS
    ? `Note: ${folder} lies in memory, so that databases write to disk for free. Set TMPDIR to a folder on a disk for numbers that hold there.`
    : null;
}

/** Ends what killed runs of this user left, then stands ready. */
export async function createNativeRuntime({ progress, signal }: NativeRuntimeOptions): Promise<Runtime> {
  for (const line of await sweepOrphans()) progress(line);
  const warning = await memoryDiskWarning();
  if (warning) progress(warning);
  return new ManagedRuntime(new NativePlatform(), endingWith(signal));
}
