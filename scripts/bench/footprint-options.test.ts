import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateSeconds } from '../../experiment/estimate.ts';
import { usualLimits } from '../../experiment/limits.ts';
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

async function mistakesOf(typed: string): Promise<readonly string[]> {
  const parsed = await parseArguments(spec, typed.split(' '));
  return parsed.status === 'mistakes' ? parsed.mistakes : assert.fail(`no mistake in ${typed}`);
}

async function planFor(typed: string) {
  const parsed = await parseArguments(spec, typed.split(' '));
  const plan = parsed.status === 'ok' ? planOf(parsed.input.values) : assert.fail(JSON.stringify(parsed));
  const { design } = plan;
  return design.kind === 'footprint' ? { ...plan, design } : assert.fail(design.kind);
}

test('sizes and payloads are those typed, else those of the preset', async () => {
  const typed = await planFor(
    '--footprint --strategy redis --sessions 5000,100,1000 --payload 1700,200 --rate 250',
  );
  assert.deepEqual(
    [typed.design.sizes, typed.design.payloads, typed.design.readRate, typed.design.series.length],
    [[100, 1_000, 5_000], [200, 1_700], 250, 2],
  );
  const smoke = await planFor('--footprint --strategy redis --preset smoke');
  assert.deepEqual([smoke.design.sizes, smoke.design.payloads], [[1_000, 3_000, 10_000], [200]]);
  assert.equal(smoke.workload.name, 'reads');
});

const wrong: readonly (readonly [string, RegExp])[] = [
  ['--footprint --capacity', /--capacity cannot be given with --footprint/],
  ['--footprint --slo p99<5ms', /--slo cannot be given with --footprint/],
  ['--footprint --trials 5', /--trials cannot be given with --footprint/],
  ['--footprint --blocks 3', /--blocks cannot be given with --footprint/],
  ['--footprint --minutes 3', /--minutes cannot be given with --footprint/],
  ['--footprint --scenario steady', /--scenario cannot be given with --footprint/],
  ['--footprint --sessions 1000', /--sessions has 1 number; with --footprint give 2 to 8/],
  ['--footprint --sessions 1000,1000', /--sessions has 1 number/],
  ['--footprint --sessions 100,200,300,400,500,600,700,800,900', /--sessions has 9 numbers/],
  ['--footprint --sessions 1000,10000001', /"10000001" is not a number of sessions/],
  ['--footprint --sessions 1000,', /"" is not a number of sessions/],
  ['--footprint --payload 200,-1', /"-1" is not a payload/],
  ['--footprint --payload 1,2,3,4,5,6,7', /--payload has 7 numbers/],
  ['--sessions 1000,2000', /--sessions takes several numbers with --footprint alone/],
  ['--payload 1,2', /--payload takes several numbers with --footprint alone/],
  ['--sessions 2000000', /--sessions 2000000: at most 1000000 are logged in/],
];

for (const [typed, expected] of wrong)
  test(`${typed} is a mistake`, async () => {
    const mistakes = await mistakesOf(typed);
    assert.match(mistakes.join('\n'), expected);
  });

test('mistakes are told together, and what has no room is one of them', async () => {
  const mistakes = await mistakesOf('--footprint --blocks 3 --sessions 1000 --strategy redis --rate 0');
  assert.equal(mistakes.length, 3, mistakes.join('\n'));
  const huge = await mistakesOf(
    '--footprint --sessions 1000,10000000 --payload 65536 --strategy redis,mysql',
  );
  assert.equal(huge.length, 2, huge.join('\n'));
  assert.match(
    huge[0] ?? '',
    /^redis has no room for 10,000,000 sessions of 65,536 B: .* at most [\d,]+ would fit/,
  );
});

test('a footprint is described with what is weighed and how long it takes', async () => {
  const plan = await planFor(
    '--footprint --strategy redis,sticky --sessions 1000,10000 --payload 200 --seed 1',
  );
  const described = describePlan(
    plan,
    { able: plan.strategies, finds: null, minutes: undefined },
    usualLimits,
  );
  assert.match(
    described,
    /Plan +quick: 1,000 and 10,000 sessions of 200 B, 2 series; at each, reads for 3 s/,
  );
  assert.match(described, /Time +about \d+:\d\d/);
  const alone = { ...plan, design: { ...plan.design, series: plan.design.series.slice(0, 1) } };
  assert.ok(estimateSeconds(alone) < estimateSeconds(plan));
});
