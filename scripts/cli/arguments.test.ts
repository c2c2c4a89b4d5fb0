import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scenario } from '../../experiment/scenarios.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { nothingSaid } from '../../servers/contract/topology.ts';
import { benchSpec, planOf } from '../bench/options.ts';
import { parseArguments } from './arguments.ts';
import { readEnvironment } from './environment.ts';

const noCommands = { login: {}, read: {}, write: {}, logout: {}, probe: {} };
const strategy = (name: string): Strategy => ({
  name,
  folder: `/strategies/${name}`,
  topology: {
    title: name,
    description: name,
    services: [],
    balancer: { affinity: 'none' },
    outlasts: nothingSaid,
    traits: null,
    commandsPerOperation: noCommands,
  },
});
const scenario: Scenario = {
  script: '/scenarios/steady.ts',
  workload: {
    name: 'steady',
    title: 'Steady',
    description: 'd',
    source: 's',
    mix: { login: 0.1, read: 0.6, write: 0.2, logout: 0.1 },
    payloadBytes: 1700,
    sessions: 10_000,
    zipfExponent: 1,
    arrival: { kind: 'operation' },
  },
};
const strategies = [strategy('redis'), strategy('redis-cluster'), strategy('sticky')];
const { environment } = readEnvironment({});
const spec = benchSpec({ strategies, scenarios: [scenario], environment });
const mistakesOf = async (...argv: string[]): Promise<readonly string[]> => {
  const parsed = await parseArguments(spec, argv);
  return parsed.status === 'mistakes' ? parsed.mistakes : assert.fail(`no mistake in ${argv.join(' ')}`);
};
const planFor = async (...argv: string[]) => {
  const parsed = await parseArguments(spec, argv);
  return parsed.status === 'ok' ? planOf(parsed.input.values) : assert.fail(JSON.stringify(parsed));
};

test('nothing typed means everything, quick, at a rate that is found', async () => {
  const plan = await planFor();
  assert.deepEqual(
    plan.strategies.map(({ name }) => name),
    ['redis', 'redis-cluster', 'sticky'],
  );
  assert.equal(plan.preset, 'quick');
  assert.deepEqual(plan.design, { kind: 'blocks', blocks: 7, rate: { mode: 'auto' }, fewestReads: 600 });
  assert.equal(plan.burstSeconds, 6);
});

test('what is typed overrides preset and scenario', async () => {
  const plan = await planFor(
    '--strategy',
    'redis',
    '--strategy=sticky',
    '--preset',
    'smoke',
    '--rate',
    '250',
    '--duration',
    '2.5',
    '--blocks',
    '4',
    '--sessions',
    '500',
    '--payload',
    '0',
    '--apps',
    '3',
    '--seed',
    '7',
  );
  assert.deepEqual(
    plan.strategies.map(({ name }) => name),
    ['redis', 'sticky'],
  );
  const rate = { mode: 'given', value: 250 };
  // A trial whose length a person chose is not made longer.
  assert.deepEqual(plan.design, { kind: 'blocks', blocks: 4, rate, fewestReads: 0 });
  const { measureSeconds, apps, seed } = plan;
  assert.deepEqual({ measureSeconds, apps, seed }, { measureSeconds: 2.5, apps: 3, seed: 7 });
  assert.deepEqual([plan.workload.sessions, plan.workload.payloadBytes], [500, 0]);
});

test('all mistakes are reported together, each with what to do', async () => {
  const mistakes = await mistakesOf(
    '--strategy',
    'rediss',
    '--rate',
    '0',
    '--presett',
    'smoke',
    '--blocks',
    'many',
    'stray',
  );
  assert.equal(mistakes.length, 5);
  const text = mistakes.join('\n');
  assert.match(
    text,
    /unknown strategy "rediss"\. Did you mean "redis"\? Known: redis, redis-cluster, sticky/,
  );
  assert.match(text, /--rate: "0" is not a rate .* from 1 to 200000/);
  assert.match(text, /unknown option "--presett"\. Did you mean "--preset"\?/);
  assert.match(text, /--blocks: "many" is not a number of blocks/);
  assert.match(text, /unexpected argument "stray"/);
});

test('rates that are negative, absurd or not numbers are refused', async () => {
  for (const rate of ['-5', '1e9', '99999999', '2.5', 'fast', '']) {
    assert.match((await mistakesOf(`--rate=${rate}`)).join('\n'), /is not a rate/, rate);
  }
  assert.match((await mistakesOf('--rate', '-5')).join('\n'), /--rate: "-5" is not a rate/);
});

test('an option without its value is a mistake of its own, also before another option', async () => {
  assert.match((await mistakesOf('--rate', '--json')).join('\n'), /--rate needs a value/);
  assert.match((await mistakesOf('--strategy')).join('\n'), /--strategy needs a value/);
  assert.match(
    (await mistakesOf('--scenario', 'stedy')).join('\n'),
    /unknown scenario "stedy"\. Did you mean "steady"\?/,
  );
});

test('a flag takes no value, and words after -- are no options', async () => {
  assert.deepEqual(await mistakesOf('--json=yes'), ['--json takes no value']);
  assert.match((await mistakesOf('--', '--json')).join('\n'), /unexpected argument "--json"/);
  assert.equal((await mistakesOf('--rate', '--', '5')).length, 2);
});

test('an option that may be repeated counts each time, and of another the second is a mistake', async () => {
  const plan = await planFor('--strategy', 'sticky,redis', '--strategy=redis');
  assert.deepEqual(
    plan.strategies.map(({ name }) => name),
    ['sticky', 'redis'],
  );
  const twice = [
    ['--seed=1', '--seed', '2'],
    ['--blocks', '3', '--blocks', '3', '--blocks=3'],
    ['--json', '--json'],
    ['--out', 'a', '--out'],
  ];
  for (const argv of twice)
    assert.match((await mistakesOf(...argv)).join('\n'), /is given more than once.*keep one/, argv.join(' '));
});

test('a word behind an unknown option is its value, and no second mistake', async () => {
  assert.equal((await mistakesOf('--durration', '3')).length, 1);
  assert.equal((await mistakesOf('--durration=3', '4')).length, 2);
});

test('help names every option and shows examples', async () => {
  const parsed = await parseArguments(spec, ['--help', '--rate', '0']);
  assert.equal(parsed.status, 'help');
  const text = parsed.status === 'help' ? parsed.text : '';
  for (const { flags } of Object.values(spec.options)) assert.ok(text.includes(flags), flags);
  assert.match(text, /npm run bench -- --preset smoke/);
  assert.match(text, /npm run --silent bench -- --json/);
});
