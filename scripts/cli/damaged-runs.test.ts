/** Run folders that were damaged, copied or mixed up: what advise and overview say of them is one rule. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { nobodyKnown } from '../../record/known-on-paper.ts';
import { inventedStrategies, writeRunFolder } from '../../reports/fixtures/run-folder.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { writeReports } from '../../reports/index.ts';
import { namedRuns, newestRuns } from '../advise/runs.ts';
import { chooseRuns } from '../overview/runs.ts';
import { recordIn } from './found-run.ts';
import { storedReport, storedSummary } from './stored-summaries.ts';

/** A run with its reports, under `results`. */
async function reported(results: string, id: string, rate = 200): Promise<string> {
  const folder = await writeRunFolder(path.join(results, id), {
    blocks: 1,
    measureSeconds: 1,
    rate,
    strategies: inventedStrategies.slice(1, 2),
    run: (record) => ({ ...record, runId: id, startedAt: `2026-11-${id.slice(6, 8)}T00:00:00.000Z` }),
  });
  await writeReports(folder);
  return folder;
}

const [older, newer] = ['20261101-000000-aaaa', '20261102-000000-aaaa'];

const withoutTrials = (folder: string) => rm(path.join(folder, 'trials'), { recursive: true });
const cutOff = async (folder: string): Promise<void> => {
  const file = path.join(folder, 'summary.json');
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, 400));
};
const ofAnotherRun = async (folder: string): Promise<void> => {
  const file = path.join(folder, 'summary.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), runId: 'stranger' }));
};

async function foundIn(folder: string) {
  const read = await recordIn(folder);
  return typeof read === 'string' ? assert.fail(read) : read;
}

const silent: readonly (readonly [what: string, damage: (folder: string) => Promise<void>, says: RegExp])[] =
  [
    ['cut off', cutOff, /summary\.json cannot be used: it is cut off/],
    ['of another run', ofAnotherRun, /summary\.json is of another run, stranger/],
    ['gone', (folder) => rm(path.join(folder, 'summary.json')), /summary\.json does not exist/],
  ];

for (const [what, damage, says] of silent)
  test(`a run whose trials are gone and whose summary.json is ${what} is refused by name, by both commands`, async (context) => {
    const results = await temporaryFolder(context);
    const folder = await reported(results, older);
    await damage(folder);
    // While the trials are there it is told anew.
    assert.equal((await namedRuns([folder])).runs[0]?.summary.strategies[0]?.status, 'valid');
    assert.equal((await storedSummary(await foundIn(folder), nobodyKnown)).runId, older);
    await withoutTrials(folder);
    for (const part of [says, /planned trial.* no folder under trials/, /copy/])
      await assert.rejects(namedRuns([folder]), part);
    const chosen = await chooseRuns([folder], results);
    assert.ok(chosen.status === 'mistakes');
    assert.match(chosen.mistakes.join('\n'), says);
  });

test('a sound summary.json is enough for both commands where the trials are gone', async (context) => {
  const results = await temporaryFolder(context);
  const folder = await reported(results, older);
  const whole = await storedReport(await foundIn(folder), nobodyKnown);
  await withoutTrials(folder);
  assert.equal((await chooseRuns([folder], results)).status, 'ok');
  const bare = await storedReport(await foundIn(folder), nobodyKnown);
  assert.deepEqual(bare.summary.strategies, whole.summary.strategies);
  assert.equal(bare.document, null);
  assert.equal((await namedRuns([folder])).runs.length, 1);
});

async function copied(
  context: TestContext,
): Promise<readonly [results: string, first: string, second: string]> {
  const results = await temporaryFolder(context);
  const first = await reported(results, older);
  const second = path.join(results, newer);
  await cp(first, second, { recursive: true });
  return [results, first, second];
}

test('one run in two folders is refused where both are named, and taken once where none is', async (context) => {
  const [results, first, second] = await copied(context);
  await assert.rejects(namedRuns([first, second]), /both hold run 20261101-000000-aaaa.*name one of them/);
  const chosen = await chooseRuns([first, second], results);
  assert.ok(chosen.status === 'mistakes');
  assert.match(chosen.mistakes.join('\n'), /both hold run/);
  const { runs, remarks } = await newestRuns(results);
  assert.equal(runs.length, 1);
  assert.match(remarks.join('\n'), /20261101-000000-aaaa was left out: it has run 20261101.*as 20261102/);
});

test('runs that cannot be taken are told where none is named, and the others are taken', async (context) => {
  const results = await temporaryFolder(context);
  await reported(results, older);
  const broken = await reported(results, newer);
  await cutOff(broken);
  await withoutTrials(broken);
  await mkdir(path.join(results, '20261103-000000-aaaa'));
  const { runs, remarks } = await newestRuns(results);
  assert.deepEqual(
    runs.map(({ record }) => record.runId),
    [older],
  );
  assert.match(remarks.join('\n'), /20261103-000000-aaaa was left out: .*run\.json does not exist.*20261102/);
  const chosen = await chooseRuns([], results);
  assert.ok(chosen.status === 'ok');
  assert.deepEqual(chosen.value.remarks, remarks);
});

test('all folders that cannot be read are told together, with nothing that cannot mend them', async (context) => {
  const results = await temporaryFolder(context);
  const [first, second] = [await reported(results, older), await reported(results, newer)];
  for (const folder of [first, second]) await writeFile(path.join(folder, 'run.json'), '{"cut');
  await assert.rejects(namedRuns([first, second]), (error: Error) => {
    assert.ok(error.message.includes(first) && error.message.includes(second));
    assert.ok(!error.message.includes('npm run report'));
    return true;
  });
});
