/** An engine that is not there, or not as it must be. */
import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findEngine } from '../../infra/runtimes/index.ts';
import { type Context, temporaryFolder } from '../command.ts';

/** A command `docker` that does what it is told, and that alone. */
export async function commandThat(context: Context, script: string): Promise<string> {
  const folder = await temporaryFolder(context);
  const file = path.join(folder, 'docker');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return `${folder}:/usr/bin:/bin`;
}

export async function lackOf(env: NodeJS.ProcessEnv) {
  const found = await findEngine(env);
  if (found.status === 'ready') return assert.fail(`found ${found.engine.description}`);
  assert.ok(found.lack.remedy.length > 0);
  return found.lack;
}
