/** Removes what harnesses left in the engine that were killed before they could take it down. */
import { z } from 'zod';
import { counted } from '../../../../record/counted.ts';
import { asError, messageOf } from '../../../machine/errors.ts';
import { failuresOf } from '../../gather.ts';
import { type EngineClient, EngineError, withFilters } from './client.ts';
import { isAbandoned, type Labels, ownerPid, RUN_LABEL } from './owner.ts';

const container = z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()).nullish() });
const volume = z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() });

/** In the order in which they can be removed: containers use the others. */
const kinds = ['container', 'network', 'volume'] as const;

interface Left {
  readonly what: (typeof kinds)[number];
  readonly route: string;
  readonly labels: Labels;
}

/** Everything of ours in the engine that `wanted` picks. */
async function findOurs(client: EngineClient, wanted: (labels: Labels) => boolean): Promise<readonly Left[]> {
  const filters = { label: [RUN_LABEL] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    client.json(z.array(container), withFilters('/containers/json', filters, 'all=1&')),
    client.json(z.array(container), withFilters('/networks', filters)),
    client.json(z.object({ Volumes: z.array(volume).nullish() }), withFilters('/volumes', filters)),
  ]);
  const left = (what: Left['what'], route: string, labels: Labels | null | undefined): Left => ({
    what,
    route,
    labels: labels ?? {},
  });
  return [
    ...containers.map(({ Id, Labels }) => left('container', `/containers/${Id}?force=1&v=1`, Labels)),
    ...networks.map(({ Id, Labels }) => left('network', `/networks/${Id}`, Labels)),
    ...(volumes ?? []).map(({ Name, Labels }) =>
      left('volume', `/volumes/${encodeURIComponent(Name)}?force=1`, Labels),
    ),
  ].filter(({ labels }) => wanted(labels));
}

/** Gone already, or being removed by somebody else, is as good. */
const isGone = (error: unknown) =>
  error instanceof EngineError && (error.status === 404 || /already in progress/.test(error.message));

async function removeOne(client: EngineClient, { route }: Left): Promise<void> {
  try {
    await client.ask('DELETE', route);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function removeAll(client: EngineClient, left: readonly Left[]): Promise<readonly Error[]> {
  const errors: Error[] = [];
  for (const kind of kinds) {
    const these = left.filter(({ what }) => what === kind);
    errors.push(...(await failuresOf(these.map((each) => removeOne(client, each)))));
  }
  return errors;
}

/** Never throws; gives what went wrong. */
async function removeOurs(
  client: EngineClient,
  wanted: (labels: Labels) => boolean,
): Promise<readonly Error[]> {
  try {
    return await removeAll(client, await findOurs(client, wanted));
  } catch (error) {
    return [asError(error)];
  }
}

/** Removes what belongs to one Compose project. Never throws; gives what went wrong. */
export const removeProject = (client: EngineClient, project: string) =>
  removeOurs(client, (labels) => labels['com.docker.compose.project'] === project);

/** Removes all that carries this token. Never throws; gives what went wrong. */
export const removeByToken = (client: EngineClient, token: string) =>
  removeOurs(client, (labels) => labels[RUN_LABEL] === token);

/** `2 containers, 1 network`; empty where there is nothing. */
const countsOf = (parts: readonly Left[]): string =>
  kinds
    .map((what) => [parts.filter((each) => each.what === what).length, what] as const)
    .filter(([count]) => count > 0)
    .map(([count, what]) => counted(count, what))
    .join(', ');

/**
 * What killed runs left, as `2 containers, 1 network`; empty where they left nothing.
 * @throws Error when the engine does not say
 */
export const leftInEngine = async (client: EngineClient): Promise<string> =>
  countsOf(await findOurs(client, isAbandoned));

/** @returns what was done, a line for each killed harness. Never throws. */
export async function sweepEngine(client: EngineClient): Promise<readonly string[]> {
  try {
    const left = await findOurs(client, isAbandoned);
    const byOwner = Map.groupBy(left, ({ labels }) => ownerPid(labels));
    const lines: string[] = [];
    for (const [pid, parts] of byOwner) {
      const errors = await removeAll(client, parts);
      const counts = countsOf(parts);
      lines.push(
        errors.length === 0
          ? `Removed ${counts} that a killed run (process ${pid}) had left in Docker`
          : `Could not remove all that a killed run (process ${pid}) left in Docker: ${errors.map(({ message }) => message).join('; ')}`,
      );
    }
    return lines;
  } catch (error) {
    return [`Could not look for what killed runs left in Docker: ${messageOf(error)}`];
  }
}
