/** What a run does before its first server, and its dry run too. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { Machine } from '../../experiment/context.ts';
import { nothingToPrepare, type Preparation, type Prepared } from '../../experiment/preparation.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { temporaryPlace } from '../../record/testing/temporary.ts';
import { UserError } from '../../record/user-error.ts';
import { readEnvironment } from './environment.ts';
import { measureAlone } from './measure-alone.ts';

const strategies = (await discoverStrategies()).filter(({ name }) => name === 'sticky');
const [sticky = assert.fail()] = strategies;

/** @returns the exit code of a command that measures nothing, and whether it came to measuring */
async function command(
  dryRun: boolean,
  prepare: Preparation<Prepared>,
  things: readonly Strategy[] = strategies,
) {
  const { environment } = readEnvironment({ SESSION_BENCH_LOCK: `test-${process.pid}` });
  const values = { runtime: 'native', images: new Map(), dryRun, json: !dryRun } as const;
  const folder = path.join(temporaryPlace, 'results');
  const told: string[] = [];
  const describe = (able: readonly Strategy[]) => {
    told.push(...able.map(({ name }) => name));
    return 'nothing';
  };
  const intent = { describe, folder, strategies: { things, named: true } };
  let measured = false;
  const measure = async (_machine: Machine, _ready: Prepared, able: readonly Strategy[]) => {
    measured = true;
    assert.deepEqual(
      able.map(({ name }) => name),
      told,
    );
    return 7;
  };
  const ended = await measureAlone({ values, environment, commandLine: [] }, intent, { prepare, measure });
  return { ended, measured, told };
}

test('what refuses to be made ready ends a dry run as it ends the run', async () => {
  for (const dryRun of [true, false]) {
    const refused = command(dryRun, async () => {
      throw new UserError('invalid', 'no packages');
    });
    await assert.rejects(refused, /no packages/, `${dryRun}`);
  }
});

/** A strategy that no machine can run. */
const services = [{ name: 'cache', kind: 'nonesuch', count: 1, memoryMiB: 64 }];
const odd = { ...sticky, name: 'odd', topology: { ...sticky.topology, services } };

test('what was made is taken back, and strategies of another topology are asked for', async () => {
  let there = 0;
  const made = (more: Prepared['strategies']) => async () => {
    there += 1;
    return {
      strategies: more,
      remove: async () => {
        there -= 1;
      },
    };
  };
  assert.deepEqual(await command(true, made([])), { ended: 0, measured: false, told: ['sticky'] });
  assert.deepEqual(await command(true, made([sticky, odd])), {
    ended: 2,
    measured: false,
    told: ['sticky'],
  });
  assert.deepEqual(await command(false, made([])), { ended: 7, measured: true, told: ['sticky'] });
  assert.equal(there, 0);
});

test('what is described and measured is told which strategies can run here', async () => {
  for (const dryRun of [true, false]) {
    const { told } = await command(dryRun, nothingToPrepare, [odd, sticky]);
    assert.deepEqual(told, ['sticky'], `${dryRun}`);
  }
});
