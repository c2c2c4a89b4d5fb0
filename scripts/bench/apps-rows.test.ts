/** What is said of more apps than the machine has cores for, before anything starts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { unknownCores } from '../../infra/machine/cores.ts';
import { placeOn } from '../../infra/machine/placement.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { parseArguments } from '../cli/arguments.ts';
import { readEnvironment } from '../cli/environment.ts';
import { appsRows } from './apps-rows.ts';
import { benchSpec, planOf } from './options.ts';

const spec = benchSpec({
  strategies: await discoverStrategies(),
  scenarios: await discoverScenarios(),
  environment: readEnvironment({}).environment,
});

async function told(cores: number, ...argv: readonly string[]): Promise<string> {
  const parsed = await parseArguments(spec, [...argv, '--strategy', 'redis']);
  if (parsed.status !== 'ok') return assert.fail(JSON.stringify(parsed));
  const placement = placeOn(unknownCores(Array.from({ length: cores }, (_, core) => core)));
  return appsRows(planOf(parsed.input.values), placement)
    .map(([, text]) => text)
    .join();
}

test('apps beyond the cores are named, with whom they share', async () => {
  assert.match(
    await told(2, '--capacity', '--apps', '2,4,8'),
    /^4 and 8 apps cannot have a core each: there is 1 core for apps here, which the servers use too/,
  );
  assert.match(
    await told(4, '--apps', '4'),
    /^4 apps cannot have a core each: there is 1 core for apps here\. /,
  );
  assert.match(await told(16, '--capacity', '--apps', '2,4,8'), /^8 apps .* there are 4 cores/);
});

test('nothing is said of two, which every run has, and of what has a core each', async () => {
  assert.equal(await told(2), '');
  assert.equal(await told(2, '--capacity'), '');
  assert.equal(await told(16, '--capacity', '--apps', '2,4'), '');
});
