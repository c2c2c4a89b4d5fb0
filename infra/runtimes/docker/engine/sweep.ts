/** Removes what harnesses left in the engine that were killed before they could take it down. */
import { z } from 'zod';
import { type EngineClient, EngineError, withFilters } from './client.ts';
import { isAbandoned, type Labels, ownerPid, RUN_LABEL } from './owner.ts';

const labelled = z.object({ Labels: z.record(z.string(), z.string()).nullish() });
const containers = z.array(labelled.extend({ Id: z.string() }));
const networks = containers;
const volumes = z.object({ Volumes: z.array(labelled.extend({ Name: z.string() })).nullish() });

interface Left {
  readonly what: 'container' | 'network' | 'volume';
  readonly route: string;
  readonly labels: Labels;
}

/** Everything of ours in the engine that `wanted` picks, containers first, since they use the others. */
async function findOurs(client: EngineClient, wanted: (labels: Labels) => boolean): Promise<readonly Left[]> {
  const filters = { label: [RUN_LABEL] };
  const [ours, nets, vols] = await Promise.all([
    client.json(containers, withFilters('/containers/json', filters, 'all=1&')),
    client.json(networks, withFilters('/networks', filters)),
    client.json(volumes, withFilters('/volumes', filters)),
  ]);
  const all: Left[] = [
    ...ours.map(({ Id, Labels }) => ({
      what: 'container' as const,
      route: `/containers/${Id}?force=1&v=1`,
      labels: Labels ?? {},
    })),
    ...nets.map(({ Id, Labels }) => ({
      what: 'network' as const,
      route: `/networks/${Id}`,
      labels: Labels ?? {},
    })),
    ...(vols.Volumes ?? []).map(({ Name, Labels }) => ({
      what: 'volume' as const,
      route: `/volumes/${encodeURIComponent(Name)}?force=1`,
      labels: Labels ?? {},
    })),
  ];
  return all.filter(({ labels }) => wanted(labels));
}

/** Gone already, or being removed by somebody else, is as good. */
const isGone = (error: unknown) =>
  error instanceof EngineError && (error.status === 404 || /already in progress/.test(error.message));

async function removeAll(client: EngineClient, left: readonly Left[]): Promise<readonly Error[]> {
  const errors: Error[] = [];
  for (const what of ['container', 'network', 'volume'] as const) {
    const removals = left
      .filter((each) => each.what === what)
      .map(({ route }) =>
        client.ask('DELETE', route).catch((error: unknown) => {
          if (!isGone(error)) errors.push(error instanceof Error ? error : new Error(String(error)));
        }),
      );
    await Promise.all(removals);
  }
  return errors;
}

/** Removes what belongs to one Compose project. */
export async function removeProject(client: EngineClient, project: string): Promise<readonly Error[]> {
  const ofProject = (labels: Labels) => labels['com.docker.compose.project'] === project;
  return await removeAll(client, await findOurs(client, ofProject));
}

/** Removes all that carries this token. */
export async function removeByToken(client: EngineClient, token: string): Promise<readonly Error[]> {
  return await removeAll(client, await findOurs(client, (labels) => labels[RUN_LABEL] === token));
}

/** @returns what was done, a line for each killed harness. Never throws. */
export async function sweepEngine(client: EngineClient): Promise<readonly string[]> {
  try {
    const left = await findOurs(client, isAbandoned);
    const byOwner = Map.groupBy(left, ({ labels }) => ownerPid(labels));
    const lines: string[] = [];
    for (const [pid, parts] of byOwner) {
      const errors = await removeAll(client, parts);
      const counts = (['container', 'network', 'volume'] as const)
        .map((what) => [parts.filter((each) => each.what === what).length, what] as const)
        .filter(([count]) => count > 0)
        .map(([count, what]) => `${count} ${what}${count > 1 ? 's' : ''}`)
        .join(', ');
      lines.push(
        errors.length === 0
          ? `Removed ${counts} that a killed run (process ${pid}) had left in Docker`
          : `Could not remove all that a killed run (process ${pid}) left in Docker: ${errors.map(({ message }) => message).join('; ')}`,
      );
    }
    return lines;
  } catch (error) {
    return [
      `Could not look for what killed runs left in Docker: ${error instanceof Error ? error.message : error}`,
    ];
  }
}
