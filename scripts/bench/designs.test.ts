/** A run has one design: every pair of them, and every option that one has no use for, is a mistake, all told together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { parseArguments } from '../cli/arguments.ts';
import { readEnvironment } from '../cli/environment.ts';
import { designOptions, unusedBy } from './designs.ts';
import { benchSpec } from './options.ts';

const spec = benchSpec({
  strategies: await discoverStrategies(),
  scenarios: await discoverScenarios(),
  environment: readEnvironment({}).environment,
});

async function mistakesOf(...argv: readonly string[]): Promise<readonly string[]> {
  const parsed = await parseArguments(spec, [...argv, '--strategy', 'redis']);
  return parsed.status === 'mistakes' ? parsed.mistakes : [];
}

/** A value that is right by itself. */
const words: Readonly<Record<string, readonly string[]>> = {
  ...{ rate: ['--rate', '90'], blocks: ['--blocks', '2'], minutes: ['--minutes', '30'] },
  ...{ duration: ['--duration', '9'], slo: ['--slo', 'p99<20ms'], trials: ['--trials', '9'] },
  ...{ scenario: ['--scenario', 'steady'], apps: ['--apps', '2'], seed: ['--seed', '5'] },
  ...{ preset: ['--preset', 'smoke'], variants: ['--variants'] },
};
const typed = (name: string): readonly string[] => words[name] ?? assert.fail(`no words for ${name}`);

test('two designs are a mistake, whichever they are and in whatever order', async () => {
  for (const first of designOptions)
    for (const second of designOptions) {
      if (first === second) continue;
      const found = await mistakesOf(`--${first}`, `--${second}`);
      assert.equal(found.length, 1, `${first} ${second}: ${found.join('\n')}`);
      assert.ok(found[0]?.includes(`--${first}`) && found[0].includes(`--${second}`), found[0]);
    }
  assert.equal((await mistakesOf(...designOptions.map((name) => `--${name}`))).length, 6);
});

test('an option that changes nothing in a design is a mistake there, and one that does is none', async () => {
  for (const design of designOptions)
    for (const name of Object.keys(words)) {
      const found = await mistakesOf(`--${design}`, ...typed(name));
      const why = unusedBy[design][name];
      assert.equal(
        found.join('\n'),
        why === undefined ? '' : `--${name} cannot be given with --${design}, ${why}. Leave one out.`,
      );
    }
});

test('what the tables name are options', () => {
  for (const name of [...designOptions, ...Object.values(unusedBy).flatMap((unused) => Object.keys(unused))])
    assert.ok(Object.keys(spec.options).includes(name), name);
});

test('where no rate is looked for, --rate auto says nothing', async () => {
  for (const design of ['faults', 'footprint', 'distance'])
    assert.match(
      (await mistakesOf(`--${design}`, '--rate', 'auto')).join('\n'),
      new RegExp(`^--rate auto cannot be given with --${design}, .* Give a number`),
    );
});

test('all mistakes are told together, each option once', async () => {
  const found = await mistakesOf(
    ...['--footprint', '--faults', 'store-kil', '--blocks', '3', '--slo', 'p99<5ms', '--sessions', '1000'],
  );
  const starts = found.map((mistake) => mistake.split(' ', 2).join(' '));
  assert.deepEqual(starts, [
    '--faults: unknown',
    '--footprint cannot',
    '--slo cannot',
    '--blocks cannot',
    '--sessions has',
  ]);
});
