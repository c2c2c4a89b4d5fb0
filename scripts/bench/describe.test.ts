import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usualLimits } from '../../experiment/limits.ts';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { parseArguments } from '../cli/arguments.ts';
import { readEnvironment } from '../cli/environment.ts';
import { describePlan } from './describe.ts';
import { benchSpec, chosenStrategies, planOf } from './options.ts';

const spec = benchSpec({
  strategies: await discoverStrategies(),
  scenarios: await discoverScenarios(),
  environment: readEnvironment({}).environment,
});

/** The rows of a plan whose strategies all can run here, but those that are named. */
async function rowsOf(unable: readonly string[], ...argv: readonly string[]): Promise<Map<string, string>> {
  const parsed = await parseArguments(spec, [...argv, '--seed', '1']);
  if (parsed.status !== 'ok') return assert.fail(JSON.stringify(parsed));
  const { values } = parsed.input;
  const able = chosenStrategies(values).things.filter(({ name }) => !unable.includes(name));
  const outlook = { able, finds: null, minutes: values.minutes };
  const lines = describePlan(planOf(values, able), outlook, usualLimits).split('\n');
  return new Map(lines.map((line) => [line.slice(0, 11).trim(), line.slice(12)]));
}

test('the length of trials is the one that they will have, where the rate is given', async () => {
  const lengths = [
    [['--preset', 'smoke', '--rate', '200'], /each strategy 6 s after/],
    [['--preset', 'smoke', '--rate', '300'], /each strategy 5 s after/],
    [['--preset', 'smoke', '--rate', '4000'], /each strategy 3 s after/],
    [
      ['--preset', 'smoke', '--rate', '200', '--duration', '3'],
      /each strategy 3 s after 1 s of warm-up, 200/,
    ],
    [
      ['--preset', 'smoke'],
      /each strategy 3 s after 1 s of warm-up \(up to 6 s where the rate is low\), a common/,
    ],
    [['--duration', '4'], /each strategy 4 s after 0.5 s of warm-up, a common/],
  ] as const;
  for (const [argv, expected] of lengths)
    assert.match((await rowsOf([], ...argv)).get('Plan') ?? '', expected, argv.join(' '));
});

test('what cannot run here takes no time and no room, and is told', async () => {
  const both = ['--strategy', 'valkey', '--strategy', 'redis'];
  const [some, one, all] = [
    await rowsOf(['valkey'], ...both),
    await rowsOf([], '--strategy', 'redis'),
    await rowsOf([], ...both),
  ];
  assert.equal(some.get('Strategies'), 'valkey (cannot run here), redis');
  assert.equal(some.get('Time'), one.get('Time'));
  assert.notEqual(some.get('Time'), all.get('Time'));
  assert.equal(all.get('Strategies'), 'valkey, redis');
  const variants = await rowsOf([], '--strategy', 'redis', '--variants');
  assert.equal(variants.get('Strategies'), 'redis, redis@aof-everysec, redis@aof-always, redis@tls');
});

test('--minutes has as many blocks as fit with the strategies that can run', async () => {
  const minutes = ['--minutes', '5', '--strategy', 'valkey,redis'];
  const plan = async (...unable: string[]) => (await rowsOf(unable, ...minutes)).get('Plan');
  assert.equal(await plan('valkey'), (await rowsOf([], '--minutes', '5', '--strategy', 'redis')).get('Plan'));
  assert.notEqual(await plan('valkey'), await plan());
});

test('minutes that have room for more blocks than a run may have are told so', async () => {
  const plan = async (...argv: string[]) =>
    (await rowsOf([], '--strategy', 'redis', ...argv)).get('Plan') ?? '';
  assert.match(await plan('--minutes', '1440'), /: 100 blocks \(the most of a run, though 1440 minutes/);
  assert.doesNotMatch(await plan('--minutes', '3'), /the most/);
  assert.doesNotMatch(await plan('--blocks', '100'), /the most/);
});
