/** Runs in Docker that a test does something to. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { type Command, endWith, start, temporaryFolder, untilMeasuring } from '../command.ts';
import { assertSameAs, type Content, contents } from './engine.ts';

export interface Running extends Command {
  readonly out: string;
  readonly temporary: string;
  /** What the engine held before. */
  readonly before: readonly Content[];
}

/** @param env TMPDIR is a folder of its own unless given */
export async function startRun(
  context: TestContext,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const before = await contents();
  const out = await temporaryFolder(context);
  const temporary = env.TMPDIR ?? (await temporaryFolder(context));
  // At a given rate this preset drives nothing before the first trial.
  const common = ['--runtime=docker', '--strategy=redis', '--preset=smoke', `--out=${out}`];
  const command = start('bench', [...common, ...args], { ...env, TMPDIR: temporary });
  endWith(context, command);
  return { ...command, out, temporary, before };
}

export async function startMeasuring(...[context, args, env]: Parameters<typeof startRun>): Promise<Running> {
  const running = await startRun(context, args, env);
  await untilMeasuring(running, running.out);
  return running;
}

export async function assertNothingLeft({ before, temporary }: Running): Promise<void> {
  await assertSameAs(before);
  assert.deepEqual(await readdir(temporary), []);
}
