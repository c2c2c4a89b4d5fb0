/** The custom k6 as a container in the balancer's network: no NAT and no proxy between them. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../machine/errors.ts';
import type { GeneratorProcess, GeneratorSite } from '../generator/drive.ts';
import { composeArguments } from './compose/commands.ts';
import { composeFileIn } from './compose/folder.ts';
import { CONTROL, GENERATOR, type Rendering } from './compose/render.ts';
import { type ControlGroup, controlGroupOf, cpuMicrosOf, memoryBytesOf } from './engine/cgroup.ts';
import type { EngineClient } from './engine/client.ts';
import { dockerCommand } from './engine/command.ts';
import { causeOf, inspectContainer, logOf } from './engine/containers.ts';
import { explained } from './engine/explain.ts';

const STOP_TIMEOUT_SECONDS = 10;
const LOG_LINES = 15;

/** @param number of this run of k6 in the deployment, from 1 */
export function dockerGenerator(
  client: EngineClient,
  { project, folder }: Pick<Rendering, 'project' | 'folder'>,
  number: number,
): GeneratorSite {
  const socket = `control-${number}.sock`;
  const container = `${project}-${GENERATOR}-${number}`;
  return {
    controlSocket: path.join(folder, GENERATOR, 'run', socket),
    controlSocketInside: `${CONTROL}/${socket}`,
    async start({ args, env }, { script, outputFolder }, logFile) {
      // Script and results have the same paths inside, so that what k6 is told and what it says holds on both sides.
      const scripts = path.dirname(script);
      const volumes = [`${scripts}:${scripts}:ro`, `${outputFolder}:${outputFolder}`];
      const settings = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`);
      const { exitCode, all } = await dockerCommand(
        composeArguments(composeFileIn(folder), [
          'run',
          '--detach',
          '--no-deps',
          '--name',
          container,
          ...volumes.flatMap((volume) => ['--volume', volume]),
          ...settings.flatMap((setting) => ['--env', setting]),
          GENERATOR,
          ...args,
        ]),
      );
      if (exitCode !== 0) throw new Error(explained('k6 cannot be started', all));
      return await watched(client, container, logFile);
    },
  };
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
      return { code: state.exitCode, cause: causeOf(state) };
    } catch (error) {
      const why = messageOf(error);
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
    memoryBytes: () => (group ? memoryBytesOf(group) : null),
  };
}

/** Null when it has ended already. */
async function groupOf(client: EngineClient, container: string): Promise<ControlGroup | null> {
  const { running, pid } = await inspectContainer(client, container);
  return running ? controlGroupOf(pid) : null;
}
