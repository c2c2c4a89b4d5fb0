/** A strategy is one folder: copied in, it is found by every command without another edit. */
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { copiedCheckout } from '../checkout.ts';
import { assertRan, readResults, startIn, temporaryFolder } from '../command.ts';

const NAME = 'copied-for-test';

test('a copied folder is listed, measured, checked and reported', async (context) => {
  const checkout = await copiedCheckout(context);
  const strategies = path.join(checkout, 'servers/strategies');
  const isNoTest = (source: string) => !source.endsWith('.test.ts');
  await cp(path.join(strategies, 'redis'), path.join(strategies, NAME), {
    recursive: true,
    filter: isNoTest,
  });
  const topology = path.join(strategies, NAME, 'topology.ts');
  const titled = (await readFile(topology, 'utf8')).replace(/title: '[^']*'/, "title: 'Copied Store'");
  await writeFile(topology, titled);

  const listed = await startIn(checkout, 'strategies', []).ended;
  assert.match(listed.stdout, new RegExp(`^${NAME} +Copied Store`, 'm'));

  const out = await temporaryFolder(context);
  const args = ['--strategy', NAME, '--preset', 'smoke', '--rate', '300', '--duration', '1', '--out', out];
  const measured = await startIn(checkout, 'bench', args).ended;
  assertRan(measured);
  const { trials, folder: results } = await readResults(out);
  assert.deepEqual(
    trials.map(({ strategy }) => strategy),
    [NAME],
  );
  assert.ok((trials[0]?.operations.read?.count ?? 0) > 0, 'it was measured');
  assert.match(await readFile(path.join(results, 'report.html'), 'utf8'), /Copied Store/);
  assert.match(await readFile(path.join(results, 'report.md'), 'utf8'), /Copied Store/);
});
