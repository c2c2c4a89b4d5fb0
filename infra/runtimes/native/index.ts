/** The native runtime: local processes of programs that were found on the machine or fetched without root. */
import { access, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type K6Provision, provisionK6 } from '../../machine/programs/k6-build.ts';
import { runOrThrow } from '../../machine/run.ts';
import { RunFolder } from '../../machine/run-folder.ts';
import { sweepOrphans } from '../../machine/sweep.ts';
import { closedTemporaryFolder } from '../../machine/temporary-folder.ts';
import { parseK6Version } from '../../services/k6/index.ts';
import { anyBalancer, needsOf } from '../needs.ts';
import type {
  Availability,
  Deployment,
  DeployOptions,
  GeneratorOptions,
  GeneratorOutcome,
  Lack,
  Runtime,
  ServerVersion,
  Strategy,
} from '../runtime.ts';
import { NativeDeployment } from './deployment.ts';
import { runGenerator } from './generator.ts';
import { type Programs, programsOf } from './programs.ts';

export interface NativeRuntimeOptions {
  /** Told what the runtime does by itself, such as ending what a killed run left. */
  progress(line: string): void;
}

/** Null where processes can be found, pinned and metered as this runtime does it. */
async function systemLack(): Promise<Lack | null> {
  if (os.platform() !== 'linux') {
    return {
      what: 'Linux',
      why: `servers are metered, frozen and pinned to cores by means of Linux, and this is ${os.platform()}`,
      remedy: 'Run it on Linux or in a Linux virtual machine.',
    };
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const found = await Promise.any(folders.map((folder) => access(path.join(folder, 'taskset')))).then(
    () => true,
    () => false,
  );
  if (!found) {
    return {
      what: 'taskset',
      why: 'it pins servers to cores, and it is not on PATH',
      remedy: 'Install util-linux.',
    };
  }
  return closedTemporaryFolder();
}

class NativeRuntime implements Runtime {
  readonly name = 'native';
  /** Made at the first start, since other systems than Linux get no further than `provision`. */
  #runFolder: RunFolder | null = null;
  readonly #deployments = new Set<NativeDeployment>();
  readonly #generators = new Set<Promise<GeneratorOutcome>>();
  readonly #closed = new AbortController();
  #k6: K6Provision | null = null;
  #programs: Programs = { found: new Map(), lacks: new Map() };
  #closing: Promise<readonly Error[]> | null = null;

  get #run(): RunFolder {
    this.#runFolder ??= new RunFolder();
    return this.#runFolder;
  }

  async provision(
    strategies: readonly Strategy[],
    progress: (line: string) => void,
  ): Promise<readonly Availability[]> {
    const lack = await systemLack();
    if (lack) return strategies.map(({ name }) => ({ status: 'unavailable', strategy: name, lacks: [lack] }));
    const needs = strategies.map(needsOf);
    // The apps run on the Node.js that runs this.
    const all = [anyBalancer, ...needs.flatMap(({ services }) => services.map(({ service }) => service))];
    const [k6, programs] = await Promise.all([provisionK6({ progress }), programsOf(all, progress)]);
    this.#k6 = k6;
    this.#programs = programs;
    return needs.map(({ strategy, services, mistakes }) => {
      const names = new Set(
        [anyBalancer, ...services.map(({ service }) => service)].flatMap(({ programs: needed }) =>
          needed.map(({ name }) => name),
        ),
      );
      const lacks = [...mistakes, ...[...names].flatMap((name) => programs.lacks.get(name) ?? [])];
      if (k6.status === 'lacking') lacks.unshift(k6.lack);
      return lacks.length > 0
        ? { status: 'unavailable', strategy, lacks }
        : { status: 'available', strategy };
    });
  }

  async deploy(strategy: Strategy, options: DeployOptions): Promise<Deployment> {
    this.#expectOpen();
    const deployment = new NativeDeployment({
      strategy,
      options,
      programs: this.#programs.found,
      run: this.#run,
    });
    this.#deployments.add(deployment);
    try {
      await deployment.start();
      return deployment;
    } catch (error) {
      const errors = await deployment.stop();
      this.#deployments.delete(deployment);
      if (errors.length === 0) throw error;
      throw new AggregateError(
        [error, ...errors],
        [error, ...errors].map((each) => (each instanceof Error ? each.message : String(each))).join('\n'),
      );
    }
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

  async generate(_deployment: Deployment, options: GeneratorOptions): Promise<GeneratorOutcome> {
    this.#expectOpen();
    const signal = AbortSignal.any([options.signal, this.#closed.signal]);
    const outcome = runGenerator(this.#k6Path(), this.#run, { ...options, signal });
    this.#generators.add(outcome);
    try {
      return await outcome;
    } finally {
      this.#generators.delete(outcome);
    }
  }

  close(): Promise<readonly Error[]> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #expectOpen(): void {
    if (this.#closing) throw new Error('the runtime is being closed');
  }

  async #close(): Promise<readonly Error[]> {
    this.#closed.abort();
    await Promise.allSettled(this.#generators);
    const errors = (await Promise.all([...this.#deployments].map((deployment) => deployment.stop()))).flat();
    try {
      await this.#runFolder?.remove();
    } catch (error) {
      errors.push(error instanceof Error ? error : new Error(String(error)));
    }
    return errors;
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
export async function createNativeRuntime({ progress }: NativeRuntimeOptions): Promise<Runtime> {
  for (const line of await sweepOrphans()) progress(line);
  const warning = await memoryDiskWarning();
  if (warning) progress(warning);
  return new NativeRuntime();
}
