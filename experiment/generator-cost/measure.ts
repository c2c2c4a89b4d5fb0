/** Runs one generator, and reads its CPU time, its memory and the target's own count of requests while it is at work. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { environmentFor } from '../../infra/machine/environment.ts';
import { exitInWords } from '../../infra/machine/exit-words.ts';
import { processCpuMicros } from '../../infra/machine/meter.ts';
import { until } from '../../infra/machine/until.ts';
import { engineResult } from '../../record/engine.ts';
import type { Cores } from './cores.ts';
import type { Generator, Invocation, Load } from './generators.ts';
import { median } from './median.ts';
import type { Target } from './target-process.ts';

/** The time from a generator's first reads to the window: start-up is nobody's cost per request. */
const settleMs = 1500;
const startWithinMs = 30_000;

export interface Window {
  readonly requestsPerSecond: number;
  /** CPU time of the generator for each request that the target answered, in microseconds. */
  readonly cpuMicrosPerRequest: number;
  /** How late requests were sent, from the start to the end; null of a generator that does not tell. */
  readonly lag: Lag | null;
}

export interface Lag {
  readonly p50Micros: number;
  readonly p99Micros: number;
}

class Running {
  readonly #child: ChildProcess;
  readonly #pid: number;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor({ file, args, env }: Invocation, core: number) {
    this.#child = spawn('taskset', ['-c', String(core), file, ...args], {
      env: { ...environmentFor('server'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk).slice(-2000);
      });
    }
    this.#ended = once(this.#child, 'close');
    this.#pid = this.#child.pid ?? 0;
    if (this.#pid === 0) throw new Error(`${file} cannot be started under taskset; install util-linux`);
  }

  /** Why there is nothing to measure any more, or null. */
  failure(): Error | null {
    const { exitCode, signalCode } = this.#child;
    return exitCode === null && signalCode === null
      ? null
      : new Error(`the generator ended with ${exitInWords(exitCode, signalCode)}:\n${this.#output}`);
  }

  cpuMicros(): number {
    return processCpuMicros(this.#pid);
  }

  /** What is resident now, in bytes. */
  memoryBytes(): number {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGINT');
    await this.#ended;
  }
}

async function whileRunning<Result>(
  invocation: Invocation,
  core: number,
  target: Target,
  work: (running: Running) => Promise<Result>,
): Promise<Result> {
  const { reads } = await target.counts();
  const running = new Running(invocation, core);
  try {
    const attempt = async () => {
      if ((await target.counts()).reads < reads + 100) throw new Error('the target has met too few reads');
    };
    await until('the generator reads', startWithinMs, attempt, { unless: () => running.failure() });
    return await work(running);
  } finally {
    await running.stop();
  }
}

/** The lag by `engine.json`; null where there is none, or where it has none since every answer called for the next request. */
function readLag(out: string): Lag | null {
  const file = path.join(out, 'engine.json');
  if (!existsSync(file)) return null;
  const { loop, pacing } = engineResult.parse(JSON.parse(readFileSync(file, 'utf8')));
  return loop === 'open' ? { p50Micros: pacing.lagP50Micros, p99Micros: pacing.lagP99Micros } : null;
}

/** @param seconds length of the window */
export async function measureWindow(
  generator: Generator,
  load: Omit<Load, 'out'>,
  cores: Cores,
  target: Target,
  seconds: number,
): Promise<Window | null> {
  const out = mkdtempSync(path.join(os.tmpdir(), 'generator-cost-'));
  try {
    const invocation = generator.invoke({ ...load, out });
    if (invocation === null) return null;
    const costs = await measureCosts(invocation, cores.generator, target, seconds);
    return { ...costs, lag: readLag(out) };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function measureCosts(
  invocation: Invocation,
  core: number,
  target: Target,
  seconds: number,
): Promise<Omit<Window, 'lag'>> {
  return await whileRunning(invocation, core, target, async (running) => {
    const read = async () => ({
      requests: (await target.counts()).requests,
      cpu: running.cpuMicros(),
      at: performance.now(),
    });
    await pause(settleMs);
    const before = await read();
    await pause(seconds * 1000);
    const after = await read();
    const failure = running.failure();
    if (failure) throw failure;
    const requests = after.requests - before.requests;
    return {
      requestsPerSecond: (requests * 1000) / (after.at - before.at),
      cpuMicrosPerRequest: (after.cpu - before.cpu) / requests,
    };
  });
}

/** How long memory is looked at: over many collections of garbage, between which it rises and falls. */
const memoryLooks = 60;
const betweenLooksMs = 50;

async function usualMemory(running: Running): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < memoryLooks; look += 1) {
    looks.push(running.memoryBytes());
    await pause(betweenLooksMs);
  }
  return median(looks);
}

/**
 * The generator's resident memory, in bytes, from when the target has answered so many requests of it, in rising order:
 * the median of three seconds.
 */
export async function measureMemory(
  invocation: Invocation,
  core: number,
  target: Target,
  marks: readonly number[],
): Promise<readonly number[]> {
  const { requests } = await target.counts();
  return await whileRunning(invocation, core, target, async (running) => {
    const usual: number[] = [];
    for (const mark of marks) {
      while ((await target.counts()).requests - requests < mark) {
        const failure = running.failure();
        if (failure) throw failure;
        await pause(20);
      }
      usual.push(await usualMemory(running));
    }
    return usual;
  });
}
