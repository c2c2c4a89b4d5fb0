import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryPlace } from '../../record/testing/temporary.ts';
import { benchSpec } from '../bench/options.ts';
import { parseArguments } from '../cli/arguments.ts';
import { readEnvironment } from '../cli/environment.ts';
import { discover } from '../cli/measuring-options.ts';
import { selftestSpec } from '../selftest/options.ts';
import { compareSpec, mayHave } from './options.ts';

const known = await discover(readEnvironment({}).environment);
const spec = compareSpec(known);

async function mistakesOf(...argv: readonly string[]): Promise<string> {
  const parsed = await parseArguments(spec, argv);
  return parsed.status === 'mistakes' ? parsed.mistakes.join('\n') : assert.fail(`no mistake in ${argv}`);
}

test('nothing to compare, both ways at once, and measuring options for stored runs', async () => {
  assert.match(await mistakesOf(), /say what to compare: --against and a git ref, or two stored runs/);
  const both = await mistakesOf('--against', 'HEAD', 'run-a', 'run-b', 'run-c');
  assert.match(both, /unexpected argument "run-c"/);
  assert.match(both, /do one or the other/);
  const stored = await mistakesOf(import.meta.dirname, 'no-such-run', '--blocks', '3', '--dry-run');
  assert.match(stored, /no run "no-such-run"|there are no runs/);
  assert.match(stored, /--blocks says how to measure/);
  assert.match(stored, /--dry-run says how to measure/);
  const same = await mistakesOf(import.meta.dirname, import.meta.dirname);
  assert.match(same, /both names are of one run/);
});

test('a population that cannot be held is a mistake of every command that measures', async () => {
  const large = {
    ...known,
    scenarios: known.scenarios.map((each) => ({
      ...each,
      workload: { ...each.workload, payloadBytes: 8_000_000 },
    })),
  };
  const parsed = [
    await parseArguments(compareSpec(large), ['--against', 'HEAD', '--strategy', 'redis']),
    await parseArguments(selftestSpec(large), ['--strategy', 'redis', '--comparisons', '1']),
  ];
  for (const each of parsed)
    assert.match(JSON.stringify(each), /redis cannot hold .* Use a scenario with a smaller payload/);
});

test('a budget for what it cannot measure, and a file that is no JSON', async (t) => {
  const folder = await mkdtemp(path.join(temporaryPlace, 'sb-compare-'));
  t.after(() => rm(folder, { recursive: true }));
  const capacity = path.join(folder, 'capacity.json');
  await writeFile(capacity, JSON.stringify({ gate: { capacity: '5%' } }));
  assert.match(
    await mistakesOf('--against', 'HEAD', '--config', capacity),
    /compare measures at one rate and finds no capacity/,
  );
  const repeated = path.join(folder, 'repeated.json');
  await writeFile(
    repeated,
    '{ "gate": { "read.p50": "5%", "read.\\u0070\\u0035\\u0030" : "50%" }, "$schema": "gate:{" }',
  );
  assert.match(
    await mistakesOf('--against', 'HEAD', '--config', repeated),
    /repeated\.json: "read\.p50" is given twice; keep one/,
  );
  const damaged = path.join(folder, 'damaged.json');
  await writeFile(damaged, '{ "gate": ');
  assert.match(await mistakesOf('--against', 'HEAD', '--config', damaged), /damaged\.json cannot be read/);
});

test('no command but the self-test can slow an app down', async () => {
  const bench = await parseArguments(benchSpec(known), ['--slowdown', '20']);
  assert.match(JSON.stringify(bench), /unknown option ..--slowdown/);
  assert.match(await mistakesOf('--against', 'HEAD', '--slowdowns', '20'), /unknown option "--slowdown/);
});

test('a variant is compared where the ref may have it, and one that nobody has is told', async () => {
  assert.match(
    await mistakesOf('--against', 'HEAD', '--strategy', 'redis@aof-allways'),
    /unknown variant "redis@aof-allways"\. Did you mean "redis@aof-always"/,
  );
  const against = { label: 'old', typed: 'old', commit: '', strategies: ['redis'] };
  const named = (name: string) => ({
    name,
    folder: '',
    topology: known.strategies[0]?.topology ?? assert.fail(),
  });
  assert.deepEqual(
    ['redis', 'redis@aof-always', 'redis-cluster', 'redis-cluster@wait-1'].map((name) =>
      mayHave(against, named(name)),
    ),
    [true, true, false, false],
  );
});
