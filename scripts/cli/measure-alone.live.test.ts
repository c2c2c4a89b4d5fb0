/** What a run does before its first server, and its dry run too. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { Preparation, Prepared } from '../../experiment/preparation.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { temporaryPlace } from '../../record/testing/temporary.ts';
import { UserError } from '../../record/user-error.ts';
import { readEnvironment } from './environment.ts';
import { measureAlone } from './measure-alone.ts';

const strategies = (await discoverStrategies()).filter(({ name }) => name === 'sticky');
const [sticky = assert.fail()] = strategies;

/** @returns the exit code of a command that measures nothing, and whether it came to measuring */
async function command(dryRun: boolean, prepare: Preparation<Prepared>) {
  const { environment } = readEnvironment({ SESSION_BENCH_LOCK: `test-${process.pid}` });
  const values = { runtime: 'native', images: new Map(), dryRun, json: !dryRun } as const;
  const folder = path.join(temporaryPlace, 'results');
  const intent = { describe: () => 'nothing', folder, strategies: { things: strategies, named: true } };
  let measured = false;
  const measure = async () => {
    measured = true;
    return 7;
  };
  const ended = await measureAlone({ values, environment, commandLine: [] }, intent, { prepare, measure });
  return { ended, measured };
}

test('what refuses to be made ready ends a dry run as it ends the run', async () => {
  for (const dryRun of [true, false]) {
    const refused = command(dryRun, async () => {
      throw new UserError('invalid', 'no packages');
    });
    await assert.rejects(refused, /no packages/, `${dryRun}`);
  }
});

test('what was made is taken back, and strategies of another topology are asked for', async () => {
  let there = 0;
  const services = [{ name: 'cache', kind: 'nonesuch', count: 1, memoryMiB: 64 }];
  const odd = { ...sticky, topology: { ...sticky.topology, services } };
  const made = (more: Prepared['strategies']) => async () => {
    there += 1;
    return {
      strategies: more,
      remove: async () => {
        there -= 1;
      },
    };
  };
  assert.deepEqual(await command(true, made([])), { ended: 0, measured: false });
  assert.deepEqual(await command(true, made([sticky, { ...odd, name: 'odd' }])), {
    ended: 2,
    measured: false,
  });
  assert.deepEqual(await command(false, made([])), { ended: 7, measured: true });
  assert.equal(there, 0);
});
