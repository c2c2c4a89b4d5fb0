/** The nodes of one deployment as containers of one Compose project. */
import path from 'node:path';
import { everyOne, failuresOf } from '../gather.ts';
import type { GeneratorSite } from '../generator/drive.ts';
import type { Node, Nodes } from '../nodes.ts';
import type { PlannedService } from '../plan.ts';
import { endError, startError } from '../running-service.ts';
import type { ServiceBudget, TierUsage } from '../runtime.ts';
import { asServiceBudget } from './budgets.ts';
import { composeDown, composeUp } from './compose/commands.ts';
import { composeFileIn, removeDeploymentFolder, writeDeploymentFolder } from './compose/folder.ts';
import type { Rendering } from './compose/render.ts';
import { cpuMicrosOf, memoryBytesOf } from './engine/cgroup.ts';
import type { EngineClient } from './engine/client.ts';
import { causeOf, containersOf, inspectContainer, lastLines } from './engine/containers.ts';
import { explained } from './engine/explain.ts';
import { removeProject } from './engine/sweep.ts';
import type { ContainerEvent, EngineWatch } from './engine/watch.ts';
import { dockerGenerator } from './generator.ts';
import { DockerNode } from './node.ts';

export class DockerNodes implements Nodes {
  readonly budgets: readonly ServiceBudget[];
  readonly files: readonly string[];
  readonly #rendering: Rendering;
  readonly #client: EngineClient;
  readonly #watch: EngineWatch;
  readonly #composeFile: string;
  readonly #nodes: ReadonlyMap<PlannedService, readonly DockerNode[]>;
  #begun = false;
  #generators = 0;

  constructor(rendering: Rendering, client: EngineClient, watch: EngineWatch) {
    this.#rendering = rendering;
    this.#client = client;
    this.#watch = watch;
    this.#composeFile = composeFileIn(rendering.folder);
    this.files = [this.#composeFile];
    this.budgets = rendering.services.map(({ plan, budget }) => asServiceBudget(plan, budget));
    this.#nodes = new Map(
      rendering.services.map(({ plan, image }) => [
        plan,
        plan.nodes.map(
          (node) => new DockerNode(client, node, image.description, path.join(rendering.folder, node.name)),
        ),
      ]),
    );
  }

  of(service: PlannedService): readonly DockerNode[] {
    return this.#nodes.get(service) ?? [];
  }

  get #all(): readonly DockerNode[] {
    return [...this.#nodes.values()].flat();
  }

  /** Resolves when the engine calls their containers healthy. */
  async start(services: readonly PlannedService[], signal: AbortSignal): Promise<void> {
    await this.#begin();
    // What apps and balancer depend on runs already; Compose would take its steps once more.
    const dependencies = services.some(({ kind }) => kind.tier === 'store');
    const nodes = services.flatMap((service) => this.of(service));
    const names = nodes.map(({ name }) => name);
    const up = await composeUp(this.#composeFile, names, dependencies, signal);
    if (up.exitCode !== 0) {
      const failed = await this.#failedContainer().catch(() => null);
      throw failed ?? startError(explained(`${names.join(', ')} cannot be started`, up.all));
    }
    const containers = await containersOf(this.#client, this.#rendering.project);
    await everyOne(
      nodes.map(async (node) => {
        const id = containers.find(({ service }) => service === node.name)?.id;
        if (!id) throw new Error(`Compose did not make the container ${node.name}`);
        await node.meet(id);
      }),
    );
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    writeDeploymentFolder(this.#rendering);
    await this.#watch.listen(this.#onEvent);
  }

  /** The first container that ended though it should run, with its last words; null when none has. */
  async #failedContainer(): Promise<Error | null> {
    for (const { id, service, state } of await containersOf(this.#client, this.#rendering.project)) {
      if (state !== 'exited' && state !== 'dead') continue;
      const inspected = await inspectContainer(this.#client, id);
      if (inspected.exitCode === 0 && service.endsWith('-init')) continue;
      const lastLogLines = await lastLines(this.#client, id);
      return endError(service, { cause: causeOf(inspected), lastLogLines, wanted: false });
    }
    return null;
  }

  readonly #onEvent = (event: ContainerEvent): void => {
    if (event.type === 'silence') for (const node of this.#all) node.loseEngine();
    else this.#all.find(({ id }) => id === event.id)?.hear(event.type);
  };

  usage(nodes: readonly Node[]): TierUsage {
    const groups = nodes.flatMap((node) => (node instanceof DockerNode ? (node.group ?? []) : []));
    return {
      cpuMicros: groups.reduce((sum, group) => sum + cpuMicrosOf(group), 0),
      memoryBytes: sumOfKnown(groups.map(memoryBytesOf)),
    };
  }

  generator(): GeneratorSite {
    this.#generators += 1;
    return dockerGenerator(this.#client, this.#rendering, this.#generators);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#all.map((node) => node.settled()));
  }

  async remove(): Promise<readonly Error[]> {
    if (!this.#begun) return [];
    this.#watch.forget(this.#onEvent);
    const { project, folder } = this.#rendering;
    const errors = [...(await failuresOf([composeDown(this.#composeFile)]))];
    if (errors.length > 0) errors.push(...(await removeProject(this.#client, project)));
    return [...errors, ...(await failuresOf([removeDeploymentFolder(folder)]))];
  }
}

/** Null where one of them is not known. */
function sumOfKnown(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((each) => each !== null);
  return known.length < numbers.length ? null : known.reduce((sum, each) => sum + each, 0);
}
