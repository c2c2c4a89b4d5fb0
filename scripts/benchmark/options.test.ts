import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../cli/arguments.ts';
import { benchmarkSpec } from './options.ts';

test('rates are whole numbers, each once; all mistakes are told', async () => {
  const ratesOf = async (...argv: string[]) => {
    const parsed = await parseArguments(benchmarkSpec, argv);
    return parsed.status === 'ok' ? parsed.input.values.rate : parsed;
  };
  assert.deepEqual(await ratesOf(), [500, 1000, 2000, 4000]);
  assert.deepEqual(await ratesOf('--rate', '2000'), [2000]);
  assert.deepEqual(await ratesOf('--rate', '500, 4000,500'), [500, 4000]);
  for (const [typed, count] of [
    ['', 1],
    [',', 2],
    ['500,x,-3', 2],
    ['1.5', 1],
    ['1e3', 1],
    ['100001', 1],
  ] as const) {
    const parsed = await parseArguments(benchmarkSpec, [`--rate=${typed}`]);
    assert.equal(parsed.status === 'mistakes' ? parsed.mistakes.length : 0, count, typed);
  }
});
