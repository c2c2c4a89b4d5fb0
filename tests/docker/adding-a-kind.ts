/** A kind of server is one folder for containers too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRan, readResults, run, temporaryFolder } from '../command.ts';
import { writeNewKind } from '../new-kind.ts';
import { assertSameAs, contents, needsEngine } from './engine.ts';

test('a kind outside the repository is run in containers', needsEngine, async (context) => {
  const before = await contents();
  const { strategy, env } = await writeNewKind(await temporaryFolder(context));
  const out = await temporaryFolder(context);
  const sizes = ['--preset', 'smoke', '--rate', '300', '--duration', '1'];
  const args = ['--runtime', 'docker', '--strategy', strategy, ...sizes, '--out', out];
  const measured = await run('bench', args, env);
  assertRan(measured);
  const { record, trials } = await readResults(out);
  assert.equal(record.runtime, 'docker');
  assert.deepEqual(
    trials.map((trial) => trial.strategy),
    [strategy],
  );
  assert.ok(
    Object.values(trials[0]?.storeCommands ?? {}).some((count) => count > 0),
    'its commands were counted',
  );
  const versions = record.strategies.flatMap((each) => each.versions);
  assert.match(versions.find(({ product }) => product === 'Open Cache')?.origin ?? '', /^redis:8/);
  await assertSameAs(before);
});
