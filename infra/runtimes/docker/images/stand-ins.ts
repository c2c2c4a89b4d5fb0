/**
 * Stand-ins for official images, for machines without a registry: a Debian base with every server in it, given the
 * settings and small programs of the official image, tagged with its name and labelled as what it is.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../../../record/user-error.ts';
import { environmentFor } from '../../../machine/environment.ts';
import { buildEnvironment } from '../../../machine/programs/go-build.ts';
import { findGo } from '../../../machine/programs/k6-build.ts';
import { runOrThrow } from '../../../machine/run.ts';
import type { EngineClient } from '../engine/client.ts';
import { dockerCommand } from '../engine/command.ts';
import { explained } from '../engine/explain.ts';
import { localImage, STAND_IN_LABEL } from './local.ts';
import { officialImage } from './official.ts';
import { baseArchive, baseKey, DESCRIPTION } from './stand-in-base.ts';
import { recipeOf, type StandInRecipe } from './stand-in-recipe.ts';

export interface StandInOutcome {
  readonly image: string;
  /** `kept`: an image from a registry has the name already and stays. */
  readonly status: 'made' | 'present' | 'kept';
}

const baseName = () => `session-bench-stand-in:${baseKey()}`;

/** @throws UserError saying what is missing, and how to get it */
export async function makeStandIns(
  client: EngineClient,
  names: readonly string[],
  progress: (line: string) => void,
): Promise<readonly StandInOutcome[]> {
  const base = baseName();
  if (!(await localImage(client, base))) await importBase(await baseArchive(progress), base, progress);
  const outcomes: StandInOutcome[] = [];
  for (const image of names) outcomes.push({ image, status: await makeStandIn(client, image, base) });
  return outcomes;
}

async function makeStandIn(
  client: EngineClient,
  name: string,
  base: string,
): Promise<StandInOutcome['status']> {
  const present = await localImage(client, name);
  if (present && !present.standIn) return 'kept';
  const official = officialImage(name);
  if (!official) {
    // An image of which nothing is known has the base's own settings.
    if (present && present.id === (await localImage(client, base))?.id) return 'present';
    await docker(['tag', base, name], `the stand-in cannot be tagged ${name}`);
    return 'made';
  }
  const recipe = recipeOf(official, base);
  if (present?.standInRecipe === recipe.key) return 'present';
  await buildStandIn(name, recipe);
  return 'made';
}

async function buildStandIn(
  name: string,
  { dockerfile, files, needsCoreutils }: StandInRecipe,
): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sb-'));
  try {
    await writeFile(path.join(folder, 'Dockerfile'), dockerfile);
    for (const { name: file, content } of files) await writeProgram(path.join(folder, file), content);
    if (needsCoreutils) await buildCoreutils(path.join(folder, 'coreutils'));
    const command = ['build', '--quiet', '--network', 'none', '--tag', name, folder];
    await docker(command, `the stand-in for ${name} cannot be made`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whatever the umask. */
async function writeProgram(file: string, content: string): Promise<void> {
  await writeFile(file, content);
  await chmod(file, 0o755);
}

/** @throws UserError where the machine has no Go */
async function buildCoreutils(target: string): Promise<void> {
  const go = await findGo();
  if (go.status === 'lacking')
    throw new UserError('unavailable', `The stand-in of MySQL needs Go: ${go.lack.why}. ${go.lack.remedy}`);
  const source = path.join(import.meta.dirname, 'coreutils-single/main.go');
  await runOrThrow(go.path, ['build', '-o', target, source], {
    env: { ...environmentFor('go'), ...buildEnvironment },
  });
  await chmod(target, 0o755);
}

/** Names of the stand-ins that were removed. The archive in the cache stays. */
export async function removeStandIns(
  client: EngineClient,
  names: readonly string[],
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of [...names, baseName()]) {
    if (!(await localImage(client, name))?.standIn) continue;
    await docker(['image', 'rm', name], `${name} cannot be removed`);
    removed.push(name);
  }
  return removed;
}

async function docker(args: readonly string[], failure: string): Promise<void> {
  const { exitCode, all } = await dockerCommand(args);
  if (exitCode !== 0) throw new UserError('unavailable', explained(failure, all));
}

async function importBase(archive: string, name: string, progress: (line: string) => void): Promise<void> {
  progress('Giving the base to the engine');
  const changes = [`LABEL ${STAND_IN_LABEL}="${DESCRIPTION}"`];
  await docker(
    ['import', ...changes.flatMap((change) => ['--change', change]), archive, name],
    'the base cannot be given to the engine',
  );
}
