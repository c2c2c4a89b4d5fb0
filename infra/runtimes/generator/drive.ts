/** One run of the custom k6, whatever it runs in: its control channel, its end, and what it used. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '../../services/definition.ts';
import { k6Command, measuredExitCodes } from '../../services/k6/index.ts';
import type { GeneratorEvent, GeneratorOptions, GeneratorOutcome, TierUsage } from '../runtime.ts';
import { ControlChannel } from './control-channel.ts';

/** k6 while it runs. */
export interface GeneratorProcess {
  /** Resolves when it has ended; the code is null when a signal ended it. The cause is for people: `exit code 1`. */
  readonly ended: Promise<{ readonly code: number | null; readonly cause: string }>;
  /** Asks it to write what it measured, and kills it when it does not end in time. */
  stop(): Promise<void>;
  lastLogLines(): readonly string[];
  /** CPU time so far in microseconds; 0 when it cannot be read any more. Cheap enough to ask every second. */
  cpuMicros(): number;
  /** In bytes; null when it cannot be read. */
  memoryBytes(): number | null;
}

/** Where one run of k6 takes place. */
export interface GeneratorSite {
  /** Path at which the harness listens for k6, as the harness sees it. */
  readonly controlSocket: string;
  /** The same socket as k6 sees it. */
  readonly controlSocketInside: string;
  /** Starts k6; its log goes to the file. */
  start(command: Command, options: GeneratorOptions, logFile: string): Promise<GeneratorProcess>;
}

/** Keeps the latest reading of a process that may end at any time. */
class LastUsage {
  #usage: TierUsage = { cpuMicros: 0, memoryBytes: null };

  readCpu(generator: GeneratorProcess): void {
    this.#usage = { ...this.#usage, cpuMicros: Math.max(this.#usage.cpuMicros, generator.cpuMicros()) };
  }

  readMemory(generator: GeneratorProcess): void {
    const memoryBytes = generator.memoryBytes();
    // A process that has just ended has none.
    if (memoryBytes !== null && memoryBytes > 0) this.#usage = { ...this.#usage, memoryBytes };
  }

  get value(): TierUsage {
    return this.#usage;
  }
}

/**
 * Resolves when k6 has ended. A run that `signal` interrupts is asked to write what it measured, and killed when
 * it does not end in time.
 * @throws Error when k6 cannot be started, when it breaks the control channel's rules, or when `onEvent` fails
 */
export async function driveGenerator(
  site: GeneratorSite,
  options: GeneratorOptions,
): Promise<GeneratorOutcome> {
  const logs = path.join(options.outputFolder, 'logs');
  mkdirSync(logs, { recursive: true });

  const usage = new LastUsage();
  if (options.signal.aborted) return { status: 'interrupted', usage: usage.value };
  const faults: Error[] = [];
  let generator: GeneratorProcess | null = null;
  const stop = () => generator?.stop().catch((error: Error) => faults.push(error));
  const onEvent = async (event: GeneratorEvent) => {
    if (generator) {
      usage.readCpu(generator);
      if (event.type !== 'second') usage.readMemory(generator);
    }
    await options.onEvent(event);
  };
  const onFault = (error: Error) => {
    faults.push(error);
    stop();
  };
  const channel = await ControlChannel.listen(site.controlSocket, onEvent, onFault);
  const command = k6Command({
    script: options.script,
    env: options.env,
    controlSocket: site.controlSocketInside,
    cores: options.placement.cores.generator.length,
  });
  try {
    generator = await site.start(command, options, path.join(logs, 'k6.log'));
    options.signal.addEventListener('abort', stop, { once: true });
    if (options.signal.aborted) stop();
    const exit = await generator.ended;
    options.signal.removeEventListener('abort', stop);
    await channel.close();
    const [fault] = faults;
    if (fault) throw fault;
    if (options.signal.aborted) return { status: 'interrupted', usage: usage.value };
    if (exit.code !== null && measuredExitCodes.includes(exit.code)) {
      return { status: 'finished', usage: usage.value };
    }
    return { status: 'failed', cause: exit.cause, lastLogLines: generator.lastLogLines() };
  } finally {
    await channel.close();
  }
}
