/** A kind of server is one folder, and a strategy that uses it another; no other file knows of them. */
import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { assertRan, readResults, run, temporaryFolder } from '../command.ts';
import { writeNewKind } from '../new-kind.ts';

const sizes = ['--preset', 'smoke', '--rate', '300', '--duration', '1'];

test('a kind outside the repository is run, asked and counted', async (context) => {
  const { strategy, env } = await writeNewKind(await temporaryFolder(context));
  const out = await temporaryFolder(context);
  const measured = await run('bench', ['--strategy', strategy, ...sizes, '--out', out], env);
  assertRan(measured);
  const { record, trials } = await readResults(out);
  assert.deepEqual(
    trials.map((trial) => trial.strategy),
    [strategy],
  );
  assert.ok(
    Object.values(trials[0]?.storeCommands ?? {}).some((count) => count > 0),
    'its commands were counted',
  );
  const [run_] = record.strategies;
  assert.ok(run_?.versions.some(({ product }) => product === 'Open Cache'));
});

test('a kind that is wrong is a lack of the strategies that use it, with the reason', async (context) => {
  const folder = await temporaryFolder(context);
  const { strategy, env } = await writeNewKind(folder);
  const kinds = path.join(folder, 'services');
  await rename(path.join(kinds, 'open-cache'), path.join(kinds, 'shut-cache'));
  const args = ['--strategy', strategy, ...sizes, '--out', await temporaryFolder(context)];
  const unknown = await run('bench', args, env);
  assert.equal(unknown.exitCode, 69, unknown.stdout);
  assert.match(
    unknown.stdout + unknown.stderr,
    /no service kind is named "open-cache".*memcached, mysql, postgres/,
  );
});
