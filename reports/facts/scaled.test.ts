/** A search with several numbers of apps, told: its predictions, its findings and how to repeat it. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { evidenceFrom } from '../../advice/evidence/from-runs.ts';
import { readRun } from '../../record/read/run.ts';
import { runRecord } from '../../record/run.ts';
import { madeRun } from '../fixtures/temporary.ts';
import { markdown } from '../render/markdown.ts';
import { reportOf } from '../report.ts';

/** The fixture's search, whose second strategy stands for the first with eight apps. */
async function scaledRun(context: Parameters<typeof madeRun>[0]) {
  const folder = await madeRun(context, 'capacity');
  const file = path.join(folder, 'run.json');
  const record = runRecord.parse(JSON.parse(await readFile(file, 'utf8')));
  if (record.design.kind !== 'search') assert.fail(record.design.kind);
  const scaled = [{ strategy: 'memcached', of: 'redis', apps: 8 }];
  await writeFile(file, JSON.stringify({ ...record, design: { ...record.design, scaled } }));
  const run = await readRun(folder);
  assert.deepEqual(run.problems, []);
  return { run, ...reportOf(run) };
}

test('what stands behind a name is what its prediction and the command to repeat it are of', async (t) => {
  const { summary, document } = await scaledRun(t);
  assert.ok(summary.design.kind === 'search');
  assert.equal(summary.design.scaled.length, 1);
  const text = markdown(document);
  assert.match(text, /--apps 2,8/);
  assert.doesNotMatch(text, /--strategy memcached/);
  assert.match(text, /2 and 8 apps/);
  assert.match(text, /8 apps had 2 cores between them/);
});

test('the advice takes nothing of them: its numbers are of the plan’s number of apps', async (t) => {
  const { run, summary } = await scaledRun(t);
  const { strategies } = evidenceFrom([{ record: run.record, summary }]);
  const names = strategies.map(({ name }) => name);
  assert.ok(names.includes('redis') && !names.includes('memcached'), names.join());
});
