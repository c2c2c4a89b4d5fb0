import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { withWatchedCode } from './code-watch.ts';
import { sideOf, sidesPlan } from './sides/plan.ts';
import { type FakeRun, fakeRun, settingFor, strategyNamed, temporaryFolder } from './testing/fake-run.ts';

/** A run of a strategy whose store, and of a scenario whose script, lie where the test can write. */
async function runWhile(t: TestContext, edit: (folder: string) => void): Promise<FakeRun> {
  const folder = await temporaryFolder(t);
  for (const file of ['redis/store.ts', 'redis/store.test.ts', 'scenarios/steady.ts']) {
    await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
    await writeFile(path.join(folder, file), '');
    // A file system's clock is coarse: what was written long ago differs from what is written now.
    await utimes(path.join(folder, file), 1, 1);
  }
  let edited = false;
  return await fakeRun(
    t,
    {
      ...settingFor(),
      script: path.join(folder, 'scenarios/steady.ts'),
      strategies: [{ ...strategyNamed('redis'), folder: path.join(folder, 'redis') }],
      design: { kind: 'blocks', blocks: 2, rate: { mode: 'given', value: 500 }, fewestReads: 0 },
    },
    {
      script: {
        before(step) {
          if (edited || !step.startsWith('measure')) return;
          edited = true;
          edit(folder);
        },
      },
    },
  );
}

const found = ({ read }: FakeRun) => read.record.faults.map(({ code }) => code);

test('a store or a script that changes while it is measured is told, and the commit names it no more', async (t) => {
  for (const [file, content] of [
    ['redis/store.ts', '// edited'],
    ['redis/new.ts', ''],
    ['scenarios/steady.ts', '// edited'],
  ] as const) {
    const run = await runWhile(t, (folder) => writeFileSync(path.join(folder, file), content));
    assert.deepEqual(found(run), ['code-changed'], file);
    assert.match(run.read.record.faults[0]?.message ?? '', new RegExp(`\\(.*${path.basename(file)}\\)`));
    assert.equal(run.read.record.tool.dirty, true);
  }
});

test('what is put back was other code in between', async (t) => {
  const run = await runWhile(t, (folder) => {
    const file = path.join(folder, 'redis/store.ts');
    writeFileSync(file, '// edited');
    writeFileSync(file, '');
  });
  assert.deepEqual(found(run), ['code-changed']);
});

test('a test that changes is no code that runs, and nothing is told where nothing changes', async (t) => {
  const run = await runWhile(t, (folder) =>
    writeFileSync(path.join(folder, 'redis/store.test.ts'), '// edited'),
  );
  assert.deepEqual(found(run), []);
  assert.equal(run.read.record.tool.dirty, null);
});

test('installed packages that are not as locked are told of code that runs with them, and of no other', async (t) => {
  const folder = await temporaryFolder(t);
  const main = path.join(folder, 'servers/app/main.ts');
  await mkdir(path.join(folder, 'node_modules/client'), { recursive: true });
  const packages = { '': {}, 'node_modules/client': { version: '2.0.0' } };
  const files = {
    'package.json': {},
    'package-lock.json': { lockfileVersion: 3, packages },
    'node_modules/client/package.json': { name: 'client', version: '1.0.0' },
  };
  for (const [file, content] of Object.entries(files))
    await writeFile(path.join(folder, file), JSON.stringify(content));
  const noted = (appMain: string) => notesOf(appMain, folder, () => {});
  assert.match((await noted(main)).join(), /client 1\.0\.0 instead of 2\.0\.0/);
  assert.deepEqual(await noted('/elsewhere/servers/app/main.ts'), []);
});

/** What is noted of a gate whose sides run this app, while something is done. */
async function notesOf(
  appMain: string,
  repository: string,
  meanwhile: () => void,
): Promise<readonly string[]> {
  const code = { label: '', commit: null, dirty: null, digest: null };
  const app = { appMain, slowdown: null };
  const plan = sidesPlan(
    settingFor(),
    {
      command: 'selftest',
      baseline: code,
      candidate: code,
      blocks: 1,
      rate: { mode: 'auto' },
      blocksPerDeployment: 1,
    },
    [
      {
        strategy: 'redis',
        baseline: sideOf(strategyNamed('redis'), 'a', 'a', app),
        candidate: sideOf(strategyNamed('redis'), 'b', 'b', app),
        addedMicros: 0,
      },
    ],
  );
  const messages: string[] = [];
  const note = ({ message }: { readonly message: string }) => messages.push(message);
  await withWatchedCode(plan, { fault: note, codeChanged: note }, async () => meanwhile(), repository);
  return messages;
}

test('of an app, its own folder is watched, and what stands beside it under "servers"; nothing above', async (t) => {
  const folder = await temporaryFolder(t);
  for (const place of ['servers/app', 'servers/contract', 'deep/app', 'deep/beside'])
    await mkdir(path.join(folder, place), { recursive: true });
  const cases = [
    ['servers/app/main.ts', 'servers/contract/new.ts', true],
    ['servers/app/main.ts', 'deep/beside/new.ts', false],
    ['deep/app/main.ts', 'deep/app/new.ts', true],
    ['deep/app/main.ts', 'deep/beside/new.ts', false],
    ['deep/main.ts', 'above.ts', false],
  ] as const;
  for (const [main, written, isTold] of cases) {
    await rm(path.join(folder, written), { force: true });
    const notes = await notesOf(path.join(folder, main), folder, () =>
      writeFileSync(path.join(folder, written), ''),
    );
    assert.equal(
      notes.some((note) => note.includes(written)),
      isTold,
      `${main}: ${written}`,
    );
  }
});
