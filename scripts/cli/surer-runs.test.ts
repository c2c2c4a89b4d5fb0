import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { inventedStrategies, writeRunFolder } from '../../reports/fixtures/run-folder.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { newestRuns } from '../advise/runs.ts';
import { chooseRuns } from '../overview/runs.ts';

/** Of a day of November, with so many blocks. */
const made = (results: string, day: number, blocks: number, payloadBytes?: number): Promise<string> => {
  const runId = `202611${String(day).padStart(2, '0')}-000000-aaaa`;
  return writeRunFolder(path.join(results, runId), {
    blocks,
    measureSeconds: 1,
    rate: 200,
    strategies: inventedStrategies.slice(1, 2),
    run: (record) => ({
      ...record,
      runId,
      startedAt: `2026-11-${runId.slice(6, 8)}T00:00:00.000Z`,
      scenario: { ...record.scenario, payloadBytes: payloadBytes ?? record.scenario.payloadBytes },
    }),
  });
};

async function remarksOf(results: string): Promise<readonly string[]> {
  const chosen = await chooseRuns([], results);
  assert.ok(chosen.status === 'ok');
  return [...(await newestRuns(results)).remarks, ...chosen.value.remarks];
}

test('that the newest run counts before an older one of more blocks is told, by both commands', async (context) => {
  const results = await temporaryFolder(context);
  await made(results, 1, 4);
  await made(results, 2, 3);
  await made(results, 3, 1);
  const [advise, overview, ...others] = await remarksOf(results);
  assert.match(
    advise ?? '',
    /20261103.* counts before run 20261101.*4 blocks and this 1 block: .*--run 20261101/,
  );
  assert.match(overview ?? '', /20261103.* counts before run 20261101.*: name 20261101/);
  assert.equal(others.length, 0);
});

test('nothing is said of older runs of no more blocks, or that do not fit', async (context) => {
  const results = await temporaryFolder(context);
  await made(results, 1, 2);
  await made(results, 2, 2);
  assert.deepEqual(await remarksOf(results), []);
  const others = await temporaryFolder(context);
  await made(others, 1, 4, 9);
  await made(others, 2, 1);
  for (const remark of await remarksOf(others)) assert.doesNotMatch(remark, /counts before/);
});
