import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateSeconds, mostSeconds } from '../../experiment/estimate.ts';
import { usualLimits } from '../../experiment/limits.ts';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { parseArguments } from '../cli/arguments.ts';
import { readEnvironment } from '../cli/environment.ts';
import { describePlan } from './describe.ts';
import { benchSpec, planOf } from './options.ts';

const { environment } = readEnvironment({});
const spec = benchSpec({ strategies: [], scenarios: await discoverScenarios(), environment });

async function mistakesOf(...argv: readonly string[]): Promise<readonly string[]> {
  const parsed = await parseArguments(spec, argv);
  return parsed.status === 'mistakes' ? parsed.mistakes : assert.fail(`no mistake in ${argv.join(' ')}`);
}

async function planFor(...argv: readonly string[]) {
  const parsed = await parseArguments(spec, argv);
  return parsed.status === 'ok' ? planOf(parsed.input.values) : assert.fail(JSON.stringify(parsed));
}

async function searchFor(...argv: readonly string[]) {
  const plan = await planFor(...argv);
  const { design } = plan;
  return design.kind === 'search' ? { ...plan, design } : assert.fail(`the design is ${design.kind}`);
}

test('a search has a promise and a budget where none is typed', async () => {
  const { design } = await searchFor('--capacity');
  assert.equal(design.slo.text, 'p99<50ms,errors<0.1%');
  assert.deepEqual(
    [design.maxTrials, design.precision, design.confidence, design.overtimeSeconds],
    [35, 0.05, 0.9, 1],
  );
  assert.equal((await planFor()).design.kind, 'blocks');
});

test('what is typed is taken', async () => {
  const plan = await searchFor('--capacity', '--slo', 'read.p99<20ms', '--trials', '12', '--duration', '3');
  assert.equal(plan.design.slo.text, 'read.p99<20ms');
  assert.equal(plan.design.maxTrials, 12);
  assert.equal(plan.measureSeconds, 3);
  assert.ok(estimateSeconds(plan) <= mostSeconds(plan, 12));
});

test('a promise of a long latency makes trials longer, and waits for operations as long', async () => {
  const plan = await searchFor('--capacity', '--slo', 'p99<2s', '--preset', 'smoke');
  assert.equal(plan.measureSeconds, 40);
  assert.equal(plan.design.overtimeSeconds, 2);
});

test('options of a search without a search are mistakes, and so are rates and blocks with one', async () => {
  const idle = await mistakesOf('--slo', 'p99<5ms', '--trials', '9');
  assert.equal(idle.length, 2);
  assert.match(idle[0] ?? '', /--slo says nothing without --capacity. Add --capacity, or leave --slo out/);
  const both = await mistakesOf('--capacity', '--rate', '500', '--blocks', '3');
  assert.equal(both.length, 2);
  assert.match(both.join('\n'), /--rate cannot be given with --capacity.*\n--blocks cannot be given/);
  assert.equal((await mistakesOf('--capacity', '--rate', 'auto')).length, 1);
});

test('every mistake of a promise is reported, with how one is written, beside the mistakes of others', async () => {
  const found = await mistakesOf(
    '--capacity',
    '--slo',
    'p99>50ms,p98<5ms',
    '--strategy',
    'rediss',
    '--rate',
    '3',
  );
  assert.equal(found.length, 4, found.join('\n'));
  const text = found.join('\n');
  assert.match(text, /--slo: "p99>50ms": use "<"/);
  assert.match(text, /--slo: .*unknown name "p98".*\n +A promise is written as conditions NAME<LIMIT/);
  assert.match((await mistakesOf('--capacity', '--slo')).join(), /--slo needs a value/);
  assert.match((await mistakesOf('--capacity', '--slo', '')).join(), /the SLO is empty/);
});

test('a promise that no trial could show is refused', async () => {
  assert.match((await mistakesOf('--capacity', '--slo', 'p99<6s')).join(), /given up after 5 s/);
  assert.match(
    (await mistakesOf('--capacity', '--slo', 'p99<1s', '--duration', '6')).join(),
    /--duration 6: trials that short .* Give 20 s or more/,
  );
  assert.match((await mistakesOf('--capacity', '--trials', '3')).join(), /from 4 to 35/);
});

test('a search is described with what it may take at most', async () => {
  const described = describePlan(
    await searchFor('--capacity', '--slo', 'p99<20ms'),
    { able: [], finds: null, minutes: undefined },
    usualLimits,
  );
  assert.match(described, /Plan .* the highest rate that keeps p99<20ms, at most 35 trials of each strategy/);
  assert.match(described, /Time +about \d+:\d\d, at most \d+:\d\d, up to \d+:\d\d more/);
});

test('mistakes in the limits of validity are mistakes of a bench', () => {
  assert.ok(spec.environment?.includes('limits'));
});

test('a population that a strategy cannot hold is a mistake among the others, with a number that has room', async () => {
  const known = benchSpec({
    strategies: await discoverStrategies(),
    scenarios: await discoverScenarios(),
    environment,
  });
  const outcome = async (...argv: readonly string[]) => {
    const parsed = await parseArguments(known, argv);
    return parsed.status === 'mistakes' ? parsed.mistakes : [];
  };
  const large = ['--payload', '65536', '--strategy', 'redis', '--strategy', 'mysql'];
  const [mistake, ...others] = await outcome('--sessions', '10000', ...large, '--dry-run');
  assert.match(mistake ?? '', /^redis cannot hold 10,000 sessions of 65,536 B.* at most [\d,]+ --sessions/);
  assert.deepEqual(others, []);
  assert.equal((await outcome('--sessions', '10000', ...large, '--rate', '0')).length, 2);
  assert.equal((await outcome('--sessions', '1000000', '--capacity', '--strategy', 'sticky')).length, 1);
  assert.deepEqual(await outcome('--sessions', '10000'), []);
  // What cannot be read says nothing of its room.
  assert.equal((await outcome('--sessions', '99999999', ...large)).length, 1);
});

/** Of strategies that are there. */
const knownSpec = benchSpec({
  strategies: await discoverStrategies(),
  scenarios: await discoverScenarios(),
  environment,
});

const outcomeOf = async (...argv: readonly string[]) => await parseArguments(knownSpec, argv);

const fits: readonly (readonly string[])[] = [
  [],
  ['--preset', 'standard'],
  ['--preset', 'smoke', '--strategy', 'redis'],
  ['--sessions', '200000', '--strategy', 'redis,sticky'],
  ['--duration', '60', '--apps', '4'],
  ['--rate', '40'],
];

test('--minutes takes as many blocks as fit, seeding and bursts included, and the least that it names is enough', async () => {
  for (const others of fits) {
    const short = await outcomeOf('--minutes', '0.1', ...others);
    assert.ok(short.status === 'mistakes', others.join(' '));
    assert.equal(short.mistakes.length, 1, short.mistakes.join('\n'));
    const least = /Give (\S+) or more/.exec(short.mistakes.join())?.[1] ?? assert.fail(short.mistakes.join());
    let before = 0;
    for (const minutes of [Number(least), Number(least) + 3, 120]) {
      const parsed = await outcomeOf('--minutes', String(minutes), ...others);
      const plan = parsed.status === 'ok' ? planOf(parsed.input.values) : assert.fail(JSON.stringify(parsed));
      assert.ok(plan.design.kind === 'blocks');
      const { blocks } = plan.design;
      const more = { ...plan, design: { ...plan.design, blocks: blocks + 1 } };
      assert.ok(estimateSeconds(plan) <= minutes * 60, `${minutes} ${others.join(' ')}`);
      assert.ok(blocks === 100 || estimateSeconds(more) > minutes * 60, `${minutes} ${others.join(' ')}`);
      assert.ok(blocks >= Math.max(1, before));
      before = blocks;
    }
  }
});

test('trials that will be longer for their reads are in the estimate where the rate is given', async () => {
  const seconds = async (...argv: readonly string[]) => estimateSeconds(await planFor(...argv));
  assert.equal(await seconds('--rate', '40'), await seconds('--rate', '40', '--duration', '10'));
  assert.equal(await seconds('--rate', '4000'), await seconds('--rate', '4000', '--duration', '5'));
});

test('--minutes with --blocks or --capacity is a mistake, beside others, also in a dry run', async () => {
  assert.match(
    (await mistakesOf('--minutes', '5', '--blocks', '3')).join(),
    /--minutes chooses .* Leave one/,
  );
  const search = await mistakesOf('--minutes', '5', '--capacity', '--dry-run');
  assert.deepEqual(
    [search.length, /--minutes cannot be given with --capacity/.test(search.join())],
    [1, true],
  );
  assert.equal((await mistakesOf('--minutes', '5', '--blocks', '3', '--strategy', 'nobody')).length, 2);
  for (const typed of ['0', '-3', 'ten', '', '1441', '1e9', 'NaN'])
    assert.match((await mistakesOf(`--minutes=${typed}`)).join(), /from 0.1 to 1440/, typed);
});

async function chosen(...argv: readonly string[]): Promise<readonly string[]> {
  const parsed = await parseArguments(knownSpec, argv);
  if (parsed.status !== 'ok') return parsed.status === 'mistakes' ? parsed.mistakes : [];
  return planOf(parsed.input.values).strategies.map(({ name }) => name);
}

test('variants, and strategies that say so, are measured by name only', async () => {
  const usual = await chosen();
  assert.ok(usual.includes('redis'));
  assert.deepEqual(
    usual.filter((name) => name.includes('@') || name === 'redis-hash'),
    [],
  );
  assert.deepEqual(await chosen('--strategy', 'redis@aof-always'), ['redis@aof-always']);
  assert.deepEqual(await chosen('--strategy', 'redis-hash,mysql@flush-each-second', '--strategy', 'redis'), [
    'redis-hash',
    'mysql@flush-each-second',
    'redis',
  ]);
});

test('--variants adds all variants of what is chosen, each once', async () => {
  const redis = ['redis', 'redis@aof-everysec', 'redis@aof-always', 'redis@tls'];
  assert.deepEqual(await chosen('--strategy', 'redis', '--variants'), redis);
  assert.deepEqual(await chosen('--strategy', 'redis@aof-always,redis', '--variants'), [
    redis[2],
    redis[0],
    redis[1],
    redis[3],
  ]);
  const all = await chosen('--variants');
  assert.equal(new Set(all).size, all.length);
  for (const name of ['sticky', ...redis, 'postgres@unlogged', 'redis-cluster@wait-1'])
    assert.ok(all.includes(name), name);
  assert.ok(!all.includes('redis-hash'));
});

for (const [typed, expected] of [
  [
    'redis@aof-allways',
    /unknown variant "redis@aof-allways"\. Did you mean "redis@aof-always"\? redis has redis@aof-everysec, redis@aof-always, and redis@tls\./,
  ],
  ['redis@', /unknown variant "redis@".* redis has/],
  ['redis@always@aof', /unknown variant/],
  ['sticky@aof-always', /unknown variant "sticky@aof-always": sticky has no variants\./],
  ['rediss@aof-always', /unknown strategy "rediss@aof-always"\. Did you mean "redis@aof-always"\?/],
  ['@aof-always', /unknown strategy "@aof-always"/],
  ['redis-hsh', /unknown strategy "redis-hsh"\. Did you mean "redis-hash"\?/],
] as const) {
  test(`"${typed}" is a mistake, with what was meant`, async () => {
    const [mistake, ...others] = await chosen('--strategy', typed);
    assert.match(mistake ?? '', expected);
    assert.deepEqual(others, []);
  });
}

test('--variants where there are none is a mistake, and no second one where the strategy is misspelt', async () => {
  assert.match(
    (await chosen('--strategy', 'sticky', '--variants')).join('\n'),
    /--variants adds nothing: sticky has no variants/,
  );
  assert.match(
    (await chosen('--strategy', 'redis@aof-always,memcached', '--variants')).join('\n'),
    /redis@aof-always and memcached have no variants/,
  );
  assert.equal((await chosen('--strategy', 'stiky', '--variants')).length, 1);
});

test('what variants cannot hold is a mistake as it is of their strategies', async () => {
  const large = ['--sessions', '10000', '--payload', '65536'];
  assert.equal((await chosen('--strategy', 'redis', '--variants', ...large)).length, 4);
});

/** With our own strategies. */
const whole = benchSpec({
  strategies: await discoverStrategies(),
  scenarios: await discoverScenarios(),
  environment,
});

async function faultsFor(...argv: readonly string[]) {
  const parsed = await parseArguments(whole, argv);
  if (parsed.status !== 'ok') return assert.fail(JSON.stringify(parsed));
  const plan = planOf(parsed.input.values);
  const { design } = plan;
  return design.kind === 'faults' ? { ...plan, design } : assert.fail(`the design is ${design.kind}`);
}

async function faultMistakes(...argv: readonly string[]): Promise<string> {
  const parsed = await parseArguments(whole, argv);
  return parsed.status === 'mistakes' ? parsed.mistakes.join('\n') : assert.fail('no mistake');
}

test('--faults alone does all main faults, to six strategies in at most 12 minutes', async () => {
  const six = 'sticky,postgres,mysql,redis,memcached,redis-cluster';
  const plan = await faultsFor('--faults', '--strategy', six);
  const names = plan.design.faults.map(({ fault }) => fault.name);
  assert.ok(names.includes('store-kill') && names.includes('master-kill') && names.includes('app-kill'));
  assert.ok(!names.includes('clock-step'));
  assert.equal(plan.design.rate.value, 300);
  assert.ok(estimateSeconds(plan) <= 12 * 60, `${estimateSeconds(plan)} s`);
});

test('faults may be named, each once and in that order, and beside a rate', async () => {
  const plan = await faultsFor(
    '--faults',
    'app-kill,store-kill,app-kill',
    '--strategy',
    'redis',
    '--rate',
    '50',
  );
  assert.deepEqual(
    plan.design.faults.map(({ fault }) => fault.name),
    ['app-kill', 'store-kill'],
  );
  assert.equal(plan.design.rate.value, 50);
});

test('what a strategy cannot have is left out and told; where nothing is left, that is a mistake', async () => {
  const plan = await faultsFor('--faults', '--strategy', 'sticky');
  const able = plan.design.faults.filter((each) => each.able.length > 0).map(({ fault }) => fault.name);
  assert.deepEqual(able, ['app-kill', 'rolling-deploy', 'balancer-reload']);
  const outlook = { able: plan.strategies, finds: null, minutes: undefined };
  const told = describePlan(plan, outlook, usualLimits);
  assert.match(told, /Fault +store-kill: .*\n.*nobody; .*not sticky: it has no servers of its own/);
  const found = await faultMistakes('--faults', 'master-kill,clock-step', '--strategy', 'sticky');
  assert.match(found, /leaves nothing to do: master-kill cannot be done to sticky: .*; clock-step cannot/);
});

test('strategies that cannot have a fault for one reason are told together', async () => {
  const plan = await faultsFor('--faults', 'master-kill', '--strategy', 'redis,sticky,redis-cluster');
  const outlook = { able: plan.strategies, finds: null, minutes: undefined };
  const told = describePlan(plan, outlook, usualLimits);
  assert.match(told, /redis-cluster; 18 s each; not redis, sticky: none of its servers takes over/);
});

test('an unknown fault is a mistake with the nearest known one, and so is what a run of faults decides itself', async () => {
  assert.match(
    await faultMistakes('--faults', 'store-kil'),
    /unknown fault "store-kil"\. Did you mean "store-kill"\?/,
  );
  assert.match(await faultMistakes('--faults='), /unknown fault ""/);
  const found = await faultMistakes(
    ...['--faults', '--capacity', '--blocks', '3', '--minutes', '5', '--duration', '9'],
  );
  for (const name of ['capacity', 'blocks', 'minutes', 'duration'])
    assert.match(found, new RegExp(`--${name} cannot be given with --faults`));
});

test('several numbers of apps are a search with each of them; without one they are a mistake', async () => {
  const searching = async (...argv: readonly string[]) => {
    const parsed = await outcomeOf('--capacity', '--strategy', 'redis', ...argv);
    return parsed.status === 'ok' ? planOf(parsed.input.values) : assert.fail(JSON.stringify(parsed));
  };
  const plan = await searching('--apps', '8,2,4');
  assert.ok(plan.design.kind === 'search');
  assert.equal(plan.apps, 2);
  assert.deepEqual(
    plan.strategies.map(({ name }) => name),
    ['redis', 'redis-4-apps', 'redis-8-apps'],
  );
  const one = await searching('--apps', '4,4');
  assert.ok(one.design.kind === 'search');
  assert.deepEqual([one.apps, one.design.scaled], [4, []]);
  for (const argv of [
    ['--apps', '2,4'],
    ['--footprint', '--apps', '2,4'],
    ['--faults', '--apps', '2,4'],
  ]) {
    const parsed = await outcomeOf(...argv);
    assert.ok(parsed.status === 'mistakes', argv.join(' '));
    assert.match(parsed.mistakes.join('\n'), /--apps takes several numbers with --capacity alone/);
  }
  const wrong = await outcomeOf('--capacity', '--apps', '1,4,17,x');
  assert.ok(wrong.status === 'mistakes');
  assert.equal(wrong.mistakes.length, 3, wrong.mistakes.join('\n'));
});
