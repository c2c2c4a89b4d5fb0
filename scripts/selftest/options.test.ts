import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryPlace } from '../../record/testing/temporary.ts';
import { madeSelftest } from '../../reports/fixtures/selftest.ts';
import { parseArguments } from '../cli/arguments.ts';
import { readEnvironment } from '../cli/environment.ts';
import { discover } from '../cli/measuring-options.ts';
import { countedWith } from './earlier.ts';
import { selftestSpec } from './options.ts';

const spec = selftestSpec(await discover(readEnvironment({}).environment));

async function places(t: TestContext) {
  const out = await mkdtemp(path.join(temporaryPlace, 'sb-selftest-'));
  t.after(() => rm(out, { recursive: true }));
  const store = async (id: string, text: string): Promise<string> => {
    const folder = path.join(out, 'selftests', id);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'selftest.json'), text);
    return folder;
  };
  const config = path.join(out, 'budgets.json');
  await writeFile(config, JSON.stringify({ gate: { cpuPerRequest: '5%' } }));
  const parse = (...argv: readonly string[]) =>
    parseArguments(spec, [...argv, '--config', config, '--out', out]);
  return { out, store, parse };
}

test('candidates are slowed in both kinds unless one is named', async (t) => {
  const { parse } = await places(t);
  const kinds = async (...argv: readonly string[]) => {
    const parsed = await parse(...argv);
    return parsed.status === 'ok' ? parsed.input.values.slow : assert.fail(JSON.stringify(parsed));
  };
  assert.deepEqual(await kinds(), ['cpu', 'latency']);
  assert.deepEqual(await kinds('--slow', 'both'), ['cpu', 'latency']);
  assert.deepEqual(await kinds('--slow', 'latency'), ['latency']);
  const wrong = await parse('--slow', 'memory');
  assert.match(JSON.stringify(wrong), /unknown choice .+memory/);
  const idle = await parse('--slow', 'cpu', '--slowdowns', 'none');
  assert.match(JSON.stringify(idle), /--slow says nothing with --slowdowns none/);
});

test('self-tests that are named are read, each once; what cannot be counted is a mistake', async (t) => {
  const { store, parse } = await places(t);
  const good = await store('good', JSON.stringify(madeSelftest('good')));
  const cut = await store('cut', '{ "schemaVersion": 1,');
  const future = await store('future', JSON.stringify({ ...madeSelftest('future'), schemaVersion: 2 }));
  const same = ['--blocks', '12', '--duration', '1.5'];
  const parsed = await parse(...same, '--add', good, '--add', good);
  assert.ok(parsed.status === 'ok', JSON.stringify(parsed));
  assert.deepEqual(
    parsed.input.values.add.map((each) => each.record.id),
    ['good'],
  );
  for (const [argv, expected] of [
    [[...same, '--add', 'nowhere'], /there is no self-test .+nowhere/],
    [[...same, '--add', cut], /cut off or no JSON/],
    [[...same, '--add', future], /its schemaVersion is 2/],
    [['--add', good], /good differs from this one in its pairs of trials, measured seconds/],
    [[...same, '--strategy', 'sticky', '--add', good], /differs from this one in its strategy,/],
  ] as const) {
    const mistaken = await parse(...argv);
    assert.equal(mistaken.status, 'mistakes', String(expected));
    assert.match(JSON.stringify(mistaken), expected);
  }
});

test('what lies in the results folder is counted, and what is damaged there is told', async (t) => {
  const { out, store } = await places(t);
  await store('before', JSON.stringify(madeSelftest('before')));
  await store('cut', '{');
  await cp(path.join(out, 'budgets.json'), path.join(out, 'selftests', 'a-file'));
  const said: string[] = [];
  const named = [
    { folder: '/x', record: { ...madeSelftest('other'), startedAt: '2026-11-20T10:00:00.000Z' } },
    { folder: '/y', record: { ...madeSelftest('docker'), runtime: 'docker' as const } },
  ];
  const counted = await countedWith(madeSelftest('now'), named, out, (line) => said.push(line));
  assert.deepEqual(
    counted.map(({ id }) => id),
    ['other', 'before'],
  );
  assert.equal(said.length, 2);
  assert.match(
    said.join(' '),
    /cut.selftest\.json: it is cut off.* docker is not counted: it differs in its runtime/,
  );
});
