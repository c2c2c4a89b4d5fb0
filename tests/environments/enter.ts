/** Runs a command of ours in another environment. */

import { spawn } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../../infra/machine/programs/cache.ts';
import { repository, withoutEngine } from '../command.ts';
import { collect, type Finished } from '../output.ts';
import type { Surroundings } from './table.ts';

const start = path.join(repository, 'scripts/start.mjs');

/** A place of its own for one command, which any user may write to. */
async function placeFor(temporary: string, command: string): Promise<string> {
  const place = path.join(temporary, command);
  await mkdir(place);
  await chmod(place, 0o777);
  return place;
}

/** @param temporary a folder of the test's own */
export async function runWithin(
  surroundings: Surroundings,
  temporary: string,
  command: string,
  args: readonly string[],
): Promise<Finished> {
  const place = await placeFor(temporary, `${command}${args.includes('--dry-run') ? '-dry' : ''}`);
  const words = [command, ...args, '--out', path.join(place, 'out')];
  return await finish(surroundings, place, [process.execPath, start, ...words]);
}

/** Why it cannot be entered here; null where it can. */
export async function whyNotEntered(surroundings: Surroundings, temporary: string): Promise<string | null> {
  if (surroundings.by === 'root' && process.getuid?.() !== 0) return 'only root can enter it';
  const place = await placeFor(temporary, 'enter');
  const { exitCode, stderr } = await finish(surroundings, place, ['/bin/true']);
  return exitCode === 0 ? null : `it cannot be entered here: ${stderr.trim()}`;
}

async function finish(
  { env = {}, shell = 'true' }: Surroundings,
  place: string,
  command: readonly string[],
): Promise<Finished> {
  const cache = cacheFolder();
  const filled = Object.entries(env).map(([name, value]) => [
    name,
    value?.replace('TEMP', place).replace(/^CACHE$/, cache) ?? undefined,
  ]);
  const child = spawn('/bin/sh', ['-ec', `${shell}\nexec "$@"`, 'sh', ...command], {
    cwd: repository,
    env: {
      ...process.env,
      // So that servers are processes; and no other run in the way.
      ...withoutEngine,
      SESSION_BENCH_LOCK: `test-${path.basename(path.dirname(place))}`,
      SESSION_BENCH_NOISE: 'tolerate',
      TEMP: place,
      CACHE: cache,
      ...Object.fromEntries(filled),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return await collect(child).ended;
}
