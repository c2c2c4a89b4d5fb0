/** Runs the custom k6 for one trial, as a container in the balancer's network: no NAT and no proxy between them. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { k6Command } from '../../services/k6/index.ts';
import { driveGenerator, type GeneratorProcess } from '../generator/drive.ts';
import type { GeneratorOptions, GeneratorOutcome } from '../runtime.ts';
import { CONTROL, GENERATOR } from './compose/render.ts';
import { composeArguments, dockerCommand } from './compose.ts';
import type { DockerDeployment } from './deployment.ts';
import { type ControlGroup, controlGroupOf, cpuMicrosOf, memoryBytesOf } from './engine/cgroup.ts';
import type { EngineClient } from './engine/client.ts';
import { causeOf, inspectContainer, logOf } from './engine/containers.ts';
import { explained } from './engine/explain.ts';

const STOP_TIMEOUT_SECONDS = 10;
const LOG_LINES = 15;

let runs = 0;

/** @throws Error as `driveGenerator` does */
export async function runGenerator(
  client: EngineClient,
  deployment: DockerDeployment,
  options: GeneratorOptions,
): Promise<GeneratorOutcome> {
  runs += 1;
  const socket = `control-${runs}.sock`;
  const container = `${deployment.project}-${GENERATOR}-${runs}`;
  const controlSocket = path.join(deployment.generatorFolder, socket);
  return await driveGenerator(controlSocket, options, async (logFile) => {
    const { args, env } = k6Command({
      ...options,
      controlSocket: `${CONTROL}/${socket}`,
      cores: options.placement.cores.generator.length,
    });
    // Script and results have the same paths inside, so that what k6 is told and what it says holds on both sides.
    const scripts = path.dirname(options.script);
    const { exitCode, all } = await dockerCommand(
      composeArguments(deployment.composeFile, [
        ...['run', '--detach', '--no-deps', '--name', container],
        ...[
          '--volume',
          `${scripts}:${scripts}:ro`,
          '--volume',
          `${options.outputFolder}:${options.outputFolder}`,
        ],
        ...Object.entries(env ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
        ...[GENERATOR, ...args],
      ]),
    );
    if (exitCode !== 0) throw new Error(explained('k6 cannot be started', all));
    return await watched(client, container, logFile);
  });
}

async function watched(client: EngineClient, container: string, logFile: string): Promise<GeneratorProcess> {
  const group = await groupOf(client, container);
  let lines: readonly string[] = [];
  const remove = () => client.ask('DELETE', `/containers/${container}?force=1&v=1`).catch(() => {});
  const ended = (async () => {
    try {
      // Answers when the container has ended, however long that takes.
      await client.ask('POST', `/containers/${container}/wait`, 0);
      const state = await inspectContainer(client, container);
      const log = await logOf(client, container);
      await writeFile(logFile, log);
      lines = log.trimEnd().split('\n').slice(-LOG_LINES);
      if (state.outOfMemory) lines = [...lines, `k6 ended with ${causeOf(state)}`];
      return { code: state.exitCode };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(explained('k6 could not be waited for', why), { cause: error });
    } finally {
      await remove();
    }
  })();
  return {
    ended,
    async stop() {
      await client.ask('POST', `/containers/${container}/stop?t=${STOP_TIMEOUT_SECONDS}`);
    },
    lastLogLines: () => lines,
    cpuMicros: () => (group ? cpuMicrosOf(group) : 0),
    memoryBytes: () => (group ? memoryBytesOf(group) : 0),
  };
}

/** Null when it has ended already. */
async function groupOf(client: EngineClient, container: string): Promise<ControlGroup | null> {
  const { running, pid } = await inspectContainer(client, container);
  return running ? controlGroupOf(pid) : null;
}
