/** Runs the custom k6 for one trial, as a process of this machine. */
import path from 'node:path';
import { Child } from '../../machine/child.ts';
import { memoryBytesOf, processCpuMicros } from '../../machine/meter.ts';
import type { RunFolder } from '../../machine/run-folder.ts';
import { k6Command } from '../../services/k6/index.ts';
import { driveGenerator, type GeneratorProcess } from '../generator/drive.ts';
import type { GeneratorOptions, GeneratorOutcome } from '../runtime.ts';

/**
 * @param k6 path of the binary
 * @throws Error as `driveGenerator` does
 */
export async function runGenerator(
  k6: string,
  run: RunFolder,
  options: GeneratorOptions,
): Promise<GeneratorOutcome> {
  const cores = options.placement.cores.generator;
  const folder = run.subfolder();
  const controlSocket = path.join(folder, 'control.sock');
  return await driveGenerator(controlSocket, options, async (logFile): Promise<GeneratorProcess> => {
    const { args, env } = k6Command({ ...options, controlSocket, cores: cores.length });
    const child = await Child.start(run, {
      name: 'k6',
      tier: 'generator',
      program: k6,
      args,
      env: { ...env },
      folder,
      cores,
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
  });
}
