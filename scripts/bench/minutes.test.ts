import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { parseArguments } from '../cli/arguments.ts';
import { readEnvironment } from '../cli/environment.ts';
import { benchSpec } from './options.ts';

const spec = benchSpec({
  strategies: await discoverStrategies(),
  scenarios: await discoverScenarios(),
  environment: readEnvironment({}).environment,
});

async function mistakeOf(typed: string): Promise<string> {
  const parsed = await parseArguments(spec, typed.split(' '));
  assert.ok(parsed.status === 'mistakes', typed);
  assert.equal(parsed.mistakes.length, 1, parsed.mistakes.join('\n'));
  return parsed.mistakes.join();
}

const remedies = {
  strategies: 'name fewer strategies',
  duration: 'a shorter --duration',
  sessions: 'fewer --sessions',
  preset: '--preset smoke',
  several: 'all of this',
} as const;
type Remedy = keyof typeof remedies;

const cases: readonly (readonly [string, readonly Remedy[]])[] = [
  ['--minutes 3 --duration 600', ['duration']],
  ['--minutes 0.5 --rate 2000', ['strategies']],
  ['--minutes 0.2 --strategy redis', ['several', 'duration', 'preset']],
  ['--minutes 0.1 --strategy redis --preset smoke', []],
  ['--minutes 1 --strategy redis --duration 100', ['duration']],
  ['--minutes 0.5 --strategy redis --sessions 200000', ['sessions']],
  ['--minutes 0.4 --strategy redis --preset standard', ['duration', 'preset']],
  ['--minutes 0.5 --duration 600', ['several', 'strategies', 'duration']],
];

for (const [typed, expected] of cases)
  test(`${typed}: only what would make a block fit is offered`, async () => {
    const mistake = await mistakeOf(typed);
    const offered = Object.entries(remedies).flatMap(([name, words]) =>
      mistake.includes(words) ? [name] : [],
    );
    assert.deepEqual(offered.sort(), [...expected].sort(), mistake);
  });

test('what is offered makes a block fit', async () => {
  const enough = [
    '--minutes 3 --duration 1',
    '--minutes 0.2 --strategy redis --duration 1 --preset smoke',
    '--minutes 0.5 --strategy redis --duration 1',
    '--minutes 0.5 --strategy redis --sessions 100',
    '--minutes 0.4 --strategy redis --preset smoke',
  ];
  for (const typed of enough)
    assert.equal((await parseArguments(spec, typed.split(' '))).status, 'ok', typed);
});
