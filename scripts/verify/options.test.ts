import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../cli/arguments.ts';
import { readEnvironment } from '../cli/environment.ts';
import { discover } from '../cli/measuring-options.ts';
import { verifySpec } from './options.ts';

const spec = verifySpec(await discover(readEnvironment({}).environment));

test('all usual strategies are verified unless some are named, variants among them', async () => {
  const named = async (...argv: readonly string[]) => {
    const parsed = await parseArguments(spec, argv);
    if (parsed.status !== 'ok') return assert.fail(JSON.stringify(parsed));
    return parsed.input.values.strategies.things.map(({ name }) => name);
  };
  assert.ok((await named()).includes('sticky'));
  assert.deepEqual(await named('--strategy', 'redis@aof-always,sticky'), ['redis@aof-always', 'sticky']);
});

test('bad requests are 100,000 of a new seed, or those that are typed', async () => {
  const wished = async (...argv: readonly string[]) => {
    const parsed = await parseArguments(spec, argv);
    if (parsed.status !== 'ok') return assert.fail(JSON.stringify(parsed));
    const { requests, seed } = parsed.input.values;
    return { requests, seed };
  };
  assert.deepEqual(await wished(), { requests: 100_000, seed: undefined });
  assert.deepEqual(await wished('--requests', '0', '--seed', '7'), { requests: 0, seed: 7 });
});

const mistakes: readonly (readonly [readonly string[], number])[] = [
  [['--strategy', 'rediss'], 1],
  [['--strategy', 'rediss', '--runtime', 'dockr', '--out', ''], 3],
  [['--seed', '-1', '--requests', 'many'], 2],
  [['--requests', '10000001'], 1],
  [['--image', 'nothing=redis:7'], 1],
  [['redis'], 1],
];

for (const [argv, count] of mistakes)
  test(`verify ${argv.join(' ')}: every mistake is told`, async () => {
    const parsed = await parseArguments(spec, argv);
    assert.equal(parsed.status === 'mistakes' && parsed.mistakes.length, count, JSON.stringify(parsed));
  });
