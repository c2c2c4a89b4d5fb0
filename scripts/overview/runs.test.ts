import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunRecord } from '../../record/run.ts';
import { writeCapacityRun } from '../../reports/fixtures/capacity.ts';
import { writeComparedRun } from '../../reports/fixtures/compared-run.ts';
import { writeFaultsRun } from '../../reports/fixtures/faults.ts';
import { inventedStrategies, writeRunFolder } from '../../reports/fixtures/run-folder.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { publishedData } from '../../reports/overview/published.ts';
import { parseArguments } from '../cli/arguments.ts';
import { overviewSpec } from './options.ts';
import { chooseRuns } from './runs.ts';

const small = { blocks: 1, measureSeconds: 1, rate: 200, strategies: inventedStrategies.slice(1, 2) };

type Change = (record: RunRecord) => RunRecord;

async function changed(folder: string, change: Change): Promise<string> {
  const file = path.join(folder, 'run.json');
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
  return folder;
}

const blocks = (folder: string): Promise<string> => writeRunFolder(folder, small);
const search = (folder: string): Promise<string> => writeCapacityRun(folder, ['redis']);

async function mistakesOf(named: readonly string[], out: string): Promise<string> {
  const found = await chooseRuns(named, out);
  return found.status === 'mistakes' ? found.mistakes.join('\n') : assert.fail('nothing was wrong');
}

const refused: readonly (readonly [
  what: string,
  make: (out: string) => Promise<readonly string[]>,
  says: RegExp,
])[] = [
  ['an unknown run', async () => ['20261101-000000-aaaa'], /there is no run "20261101-000000-aaaa"/],
  [
    'a file',
    async (out) => [path.join(await blocks(path.join(out, 'a')), 'run.json')],
    /is a file, and a run is a folder/,
  ],
  ['a folder without a run', async (out) => [out], /run\.json does not exist, so this folder holds no run/],
  [
    'a run of a version that is not known',
    async (out) => [
      await changed(await blocks(path.join(out, 'a')), (record) => ({ ...record, schemaVersion: 9 as 2 })),
    ],
    /schemaVersion is 9/,
  ],
  [
    'a run that is still being written',
    async (out) => [
      await changed(await blocks(path.join(out, 'a')), (record) => ({
        ...record,
        status: 'running',
        endedAt: null,
      })),
    ],
    /run a is still being written, or was killed/,
  ],
  [
    'a run of the gate',
    async (out) => [await writeComparedRun(path.join(out, 'a'), {}, { blocks: 1 })],
    /compares two versions of the code/,
  ],
  [
    'two runs at a rate',
    async (out) => [await blocks(path.join(out, 'a')), await blocks(path.join(out, 'b'))],
    /the runs a and b each compare strategies within their own trials/,
  ],
  [
    'one run twice',
    async (out) => {
      const run = await blocks(path.join(out, 'a'));
      return [run, `${run}/`];
    },
    /names run a once more/,
  ],
  [
    'searches under two promises',
    async (out) => [
      await search(path.join(out, 'a')),
      await changed(await search(path.join(out, 'b')), (record) => ({
        ...record,
        design:
          record.design.kind === 'search'
            ? { ...record.design, promise: { ...record.design.promise, text: 'p99<9ms' } }
            : record.design,
      })),
    ],
    /different promises, p99<50ms,errors<0\.1% and p99<9ms/,
  ],
  [
    'a run of another session-bench',
    async (out) => [
      await blocks(path.join(out, 'a')),
      await changed(await search(path.join(out, 'b')), (record) => ({
        ...record,
        tool: { ...record.tool, version: '0.0.9' },
      })),
    ],
    /run a and run b differ in their version of session-bench: 0\.1\.0 and 0\.0\.9/,
  ],
  [
    'a run of another machine, the third of three',
    async (out) => [
      await blocks(path.join(out, 'a')),
      await search(path.join(out, 'b')),
      await changed(await writeFaultsRun(path.join(out, 'c')), (record) => ({
        ...record,
        host: { ...record.host, cores: record.host.cores + 2 },
      })),
    ],
    /run a and run c differ in their number of cores/,
  ],
];

for (const [what, make, says] of refused)
  test(`${what} is refused, with what to do`, async (context) => {
    const out = await temporaryFolder(context);
    assert.match(await mistakesOf(await make(out), out), says);
  });

test('all mistakes are told together', async (context) => {
  const out = await temporaryFolder(context);
  await blocks(path.join(out, 'a'));
  const parsed = await parseArguments(overviewSpec, [
    ...['--out', out, 'a', 'nosuch', '--json', '--markdown', '--readme', path.join(out, 'a/run.json')],
    ...['--publish', out],
  ]);
  assert.ok(parsed.status === 'mistakes');
  const all = parsed.mistakes.join('\n');
  for (const says of [
    /no run "nosuch"/,
    /--json and --markdown/,
    /--readme: .*once each/,
    /--publish: .*has files/,
  ])
    assert.match(all, says);
});

const dated = (folder: string): Promise<string> =>
  changed(folder, (record) => ({
    ...record,
    startedAt: `2026-11-${path.basename(folder).slice(6, 8)}T00:00:00.000Z`,
  }));

async function several(context: TestContext): Promise<string> {
  const out = await temporaryFolder(context);
  const at = (day: string): string => path.join(out, `202611${day}-000000-aaaa`);
  await dated(await search(at('01')));
  await dated(await blocks(at('02')));
  await dated(await blocks(at('03')));
  await changed(await search(at('04')), (record) => ({
    ...record,
    host: { ...record.host, cpuModel: 'another' },
  }));
  await changed(await writeFaultsRun(at('05')), (record) => ({
    ...record,
    status: 'running',
    endedAt: null,
  }));
  await writeComparedRun(at('06'), {}, { blocks: 1 });
  await mkdir(at('07'));
  return out;
}

test('without names the newest of each design that fit each other, and what was left out', async (context) => {
  const out = await several(context);
  const found = await chooseRuns([], out);
  assert.ok(found.status === 'ok');
  assert.deepEqual(
    found.value.runs.map(({ record }) => record.runId),
    ['20261103-000000-aaaa', '20261101-000000-aaaa'],
  );
  assert.equal(found.value.remarks.length, 2);
  assert.match(
    found.value.remarks[1] ?? '',
    /20261107-000000-aaaa was left out: .*run\.json does not exist.* too.*: 20261105-000000-aaaa\.$/,
  );
  assert.match(
    found.value.remarks[0] ?? '',
    /20261104-000000-aaaa \(capacity\) was left out, since it differs from run 20261103-000000-aaaa in its processor/,
  );
});

test('a folder without a run says how to make one', async (context) => {
  assert.match(await mistakesOf([], await temporaryFolder(context)), /npm run bench/);
});

const targets: readonly (readonly [
  what: string,
  make: (folder: string) => Promise<unknown>,
  says: RegExp | null,
])[] = [
  ['a new folder', async () => {}, null],
  ['an empty one', async (folder) => await mkdir(folder), null],
  ['a file', async (folder) => await writeFile(folder, ''), /is no folder/],
  [
    "somebody else's",
    async (folder) => {
      await mkdir(folder);
      await writeFile(path.join(folder, 'mine.txt'), '');
    },
    /has files, and no overview\.json/,
  ],
  [
    'one with an overview that is none',
    async (folder) => {
      await mkdir(folder);
      await writeFile(path.join(folder, publishedData), '{"kind":"overview"}');
    },
    /has files, and no overview\.json/,
  ],
];

for (const [what, make, says] of targets)
  test(`${what} as the place to publish: ${says === null ? 'taken' : 'refused'}`, async (context) => {
    const out = await temporaryFolder(context);
    await blocks(path.join(out, 'a'));
    const folder = path.join(out, 'results');
    await make(folder);
    const parsed = await parseArguments(overviewSpec, [
      '--out',
      out,
      path.join(out, 'a'),
      '--publish',
      folder,
    ]);
    if (says === null) assert.equal(parsed.status, 'ok');
    else assert.match(parsed.status === 'mistakes' ? parsed.mistakes.join('\n') : '', says);
  });
