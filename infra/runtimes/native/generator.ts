/** Runs the custom k6 for one trial. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { GeneratorEvent, GeneratorOptions, GeneratorOutcome, TierUsage } from '../../runtime.ts';
import { k6Command, measuredExitCodes } from '../../services/k6.ts';
import { Child } from './child.ts';
import { ControlChannel } from './control-channel.ts';
import { memoryBytesOf, processCpuMicros } from './meter.ts';
import type { RunFolder } from './run-folder.ts';

/** Keeps the latest reading of a process that may end at any time. */
class LastUsage {
  #usage: TierUsage = { cpuMicros: 0, memoryBytes: 0 };

  readCpu(pid: number): void {
    this.#usage = { ...this.#usage, cpuMicros: Math.max(this.#usage.cpuMicros, processCpuMicros(pid)) };
  }

  readMemory(pid: number): void {
    const memoryBytes = memoryBytesOf([pid]);
    if (memoryBytes > 0) this.#usage = { ...this.#usage, memoryBytes };
  }

  get value(): TierUsage {
    return this.#usage;
  }
}

/**
 * Resolves when k6 has ended. A run that `signal` interrupts is asked to write what it measured, and killed when
 * it does not end in time.
 * @param k6 path of the binary
 * @throws Error when k6 cannot be started, when it breaks the control channel's rules, or when `onEvent` fails
 */
export async function runGenerator(
  k6: string,
  run: RunFolder,
  options: GeneratorOptions,
): Promise<GeneratorOutcome> {
  const cores = options.placement.cores.generator;
  const folder = run.subfolder();
  const controlSocket = path.join(folder, 'control.sock');
  const logs = path.join(options.outputFolder, 'logs');
  mkdirSync(logs, { recursive: true });

  const usage = new LastUsage();
  if (options.signal.aborted) return { status: 'interrupted', usage: usage.value };
  const faults: Error[] = [];
  let child: Child | null = null;
  const stop = () => child?.stop().catch((error: Error) => faults.push(error));
  const onEvent = async (event: GeneratorEvent) => {
    if (child) {
      usage.readCpu(child.identity.pid);
      if (event.type !== 'second') usage.readMemory(child.identity.pid);
    }
    await options.onEvent(event);
  };
  const onFault = (error: Error) => {
    faults.push(error);
    stop();
  };
  const channel = await ControlChannel.listen(controlSocket, onEvent, onFault);
  try {
    const { args, env } = k6Command({ ...options, controlSocket, cores: cores.length });
    child = await Child.start(run, {
      name: 'k6',
      tier: 'generator',
      program: k6,
      args,
      env: { ...env },
      folder,
      cores,
      user: null,
      logFile: path.join(logs, 'k6.log'),
      stopSignal: 'SIGTERM',
      killSignal: 'SIGKILL',
    });
    options.signal.addEventListener('abort', stop, { once: true });
    if (options.signal.aborted) stop();
    const exit = await child.ended;
    options.signal.removeEventListener('abort', stop);
    await channel.close();
    const [fault] = faults;
    if (fault) throw fault;
    if (options.signal.aborted) return { status: 'interrupted', usage: usage.value };
    if (exit.code !== null && measuredExitCodes.includes(exit.code)) {
      return { status: 'finished', usage: usage.value };
    }
    return { status: 'failed', exitCode: exit.code, lastLogLines: child.lastLogLines() };
  } finally {
    await channel.close();
  }
}
