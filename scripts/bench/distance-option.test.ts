import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateSeconds } from '../../experiment/estimate.ts';
import { usualLimits } from '../../experiment/limits.ts';
import type { DistanceDesign, Plan } from '../../experiment/plan.ts';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { parseArguments } from '../cli/arguments.ts';
import { readEnvironment } from '../cli/environment.ts';
import { describePlan } from './describe.ts';
import { benchSpec, planOf } from './options.ts';

const spec = benchSpec({
  strategies: await discoverStrategies(),
  scenarios: await discoverScenarios(),
  environment: readEnvironment({}).environment,
});

async function mistakesOf(...argv: readonly string[]): Promise<readonly string[]> {
  const parsed = await parseArguments(spec, argv);
  return parsed.status === 'mistakes' ? parsed.mistakes : [];
}

async function planFor(...argv: readonly string[]): Promise<Plan<DistanceDesign>> {
  const parsed = await parseArguments(spec, argv);
  if (parsed.status !== 'ok') return assert.fail(JSON.stringify(parsed));
  const plan = planOf(parsed.input.values);
  const { design } = plan;
  return design.kind === 'distance' ? { ...plan, design } : assert.fail(`the design is ${design.kind}`);
}

const ascending = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

test('the usual distances, as often as the preset says, at a low rate', async () => {
  const { design, workload, measureSeconds } = await planFor('--distance');
  assert.deepEqual(ascending(design.addedMs), [0, 0, 1, 1, 5, 5, 20, 20]);
  assert.deepEqual([design.rate.value, workload.sessions, measureSeconds], [250, 500, 2]);
  assert.deepEqual(
    ascending((await planFor('--distance', '--preset', 'smoke')).design.addedMs),
    [0, 1, 5, 20],
  );
  assert.deepEqual(design.roundTrips.redis, { login: 1, read: 1, write: 2, logout: 2, probe: 1 });
  assert.deepEqual(design.roundTrips.sticky, { login: 0, read: 0, write: 0, logout: 0, probe: 0 });
});

test('all usual strategies take at most six minutes', async () => {
  assert.ok(estimateSeconds(await planFor('--distance')) <= 360);
});

test('what is typed is taken, an option behind it is none of it', async () => {
  const typed = ['--distance', '10, 0,2.5', '--blocks', '3', '--duration', '4', '--sessions', '100'];
  const plan = await planFor(...typed, '--rate', '90', '--seed', '5');
  assert.deepEqual(ascending(plan.design.addedMs), [0, 0, 0, 2.5, 2.5, 2.5, 10, 10, 10]);
  assert.deepEqual([plan.measureSeconds, plan.workload.sessions, plan.design.rate.value], [4, 100, 90]);
  const [first, second] = [await planFor(...typed, '--seed', '5'), await planFor(...typed, '--seed', '5')];
  assert.deepEqual(first.design.addedMs, second.design.addedMs);
  const { strategies } = await planFor('--distance', '--strategy', 'redis');
  assert.deepEqual(
    strategies.map(({ name }) => name),
    ['redis'],
  );
});

test('the further, the lower the rate: no operation waits for a connection', async () => {
  const rate = async (distances: string) => (await planFor('--distance', distances)).design.rate.value;
  const rates = [await rate('0,20'), await rate('0,100'), await rate('0,500')];
  assert.deepEqual(
    rates,
    rates.toSorted((a, b) => b - a),
  );
  assert.ok((rates[2] ?? 0) >= 10 && (rates[2] ?? 0) < 64);
});

for (const [typed, expected] of [
  [['--distance', '5'], [/two distances at least/]],
  [
    ['--distance', '5,5'],
    [/5 is given more than once/, /two distances/],
  ],
  [
    ['--distance', '0,far,-3,501'],
    [/"far"/, /"-3"/, /"501".* 0 to 500/],
  ],
  [['--distance', '0,,5'], [/"" is no time/]],
  [['--distance', '--capacity'], [/--capacity cannot be given with --distance/]],
  [['--distance', '--minutes', '5'], [/--minutes cannot be given with --distance/]],
  [['--distance', '--slo', 'p99<5ms'], [/--slo cannot be given with --distance, which promises nothing/]],
  [['--distance', '--strategy', 'sticky'], [/none of the chosen strategies has any/]],
  [['--distance', '0,20', '--rate', '5000'], [/would wait for connections.* Give at most \d+/]],
  [
    ['--distance', '0,1,2', '--blocks', '50'],
    [/counts for each of the 3 distances.* at most 100 blocks\. Give at most 33/],
  ],
  [
    ['--distance', '5', '--strategy', 'rediss'],
    [/unknown strategy/, /two distances/],
  ],
] as const) {
  test(`${typed.join(' ')}: a mistake, before anything starts`, async () => {
    const found = await mistakesOf(...typed);
    assert.equal(found.length, expected.length, found.join('\n'));
    for (const pattern of expected)
      assert.ok(
        found.some((mistake) => pattern.test(mistake)),
        `${pattern} is not in:\n${found.join('\n')}`,
      );
  });
}

test('a dry run says how far, how often and how long', async () => {
  const described = describePlan(
    await planFor('--distance', '--strategy', 'redis'),
    { able: [], finds: null, minutes: undefined },
    usualLimits,
  );
  assert.match(described, /8 blocks, 2 with each round trip 0, 1, 5, and 20 ms longer/);
  assert.match(described, /Time +about \d+:\d\d/);
});
