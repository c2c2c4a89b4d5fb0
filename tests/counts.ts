/** Three independent counts of the same requests agree, and each store sends what it says it sends: in one run of all. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { discoverStrategies } from '../infra/strategies.ts';
import { isDefault } from '../infra/variants.ts';
import { type OperationName, operationNames } from '../record/common.ts';
import { assertRan, type Results, readResults, run, temporaryFolder } from './command.ts';

/** The machine that runs the tests may be busy: such trials are no less exact in their counts. */
const disturbances = ['generator-late', 'generator-cpu', 'host-steal', 'host-busy'];

/** Statements that MySQL may count twice in a trial: those of connections that were idle since the table was emptied. */
const MOST_REPEATS = 12;

/**
 * MySQL counts a prepared statement once more when it has to prepare it anew (`Com_stmt_reprepare`), as on its first
 * use on each connection after the TRUNCATE before a trial. Nearly all are used while warming up; MariaDB counts once.
 */
function assertWithRepeats(
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): void {
  const repeats = Object.entries(actual).map(([command, count]) => count - (expected[command] ?? 0));
  const told = JSON.stringify({ actual, expected, repeats });
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), told);
  assert.ok(
    repeats.every((each) => each >= 0) && repeats.reduce((sum, each) => sum + each, 0) <= MOST_REPEATS,
    told,
  );
}

type Runtime = 'native' | 'docker';

/** A finished run of all strategies that CI made already, where it names one: folders given by `--out`, joined by colons. */
async function madeRun(runtime: Runtime): Promise<Results | null> {
  const folders = process.env.SESSION_BENCH_COUNTS_OF?.split(':') ?? [];
  const runs = await Promise.all(folders.map(readResults));
  return runs.find(({ record }) => record.runtime === runtime && record.status === 'finished') ?? null;
}

async function makeRun(context: TestContext, runtime: Runtime): Promise<Results> {
  const out = await temporaryFolder(context);
  const load = ['--preset', 'smoke', '--rate', '400', '--duration', '2', '--seed', '11'];
  const finished = await run('bench', ['--runtime', runtime, ...load, '--out', out]);
  assertRan(finished);
  return await readResults(out);
}

export async function assertCountsAgree(context: TestContext, runtime: Runtime): Promise<Results> {
  const results = (await madeRun(runtime)) ?? (await makeRun(context, runtime));
  const { record, summary, trials } = results;
  const strategies = await discoverStrategies();
  assert.deepEqual(
    summary.strategies.map(({ name }) => name).sort(),
    strategies
      .filter(isDefault)
      .map(({ name }) => name)
      .sort(),
  );

  for (const trial of trials) {
    await context.test(`trial ${trial.number}: ${trial.strategy}`, () => {
      const undisturbed = trial.reasons.filter(({ code }) => !disturbances.includes(code));
      assert.deepEqual(undisturbed, []);
      const operations = Object.values(trial.operations);
      const count = operations.reduce((sum, each) => sum + each.count, 0);
      assert.ok(count >= 800, `only ${count} operations`);
      assert.equal(trial.requests.generator, count);
      assert.equal(trial.requests.balancer, count);
      assert.equal(
        trial.requests.apps?.reduce((sum, each) => sum + each, 0),
        count,
      );
      for (const { errors, violations } of operations) {
        assert.deepEqual(violations, { lost: 0, stale: 0, resurrected: 0, crossed: 0 });
        assert.deepEqual(errors, { timeout: 0, connection: 0, server: 0, protocol: 0 });
      }
    });
    await context.test(`trial ${trial.number}: commands of ${trial.strategy}`, () => {
      const declared = strategies.find(({ name }) => name === trial.strategy)?.topology.commandsPerOperation;
      assert.ok(declared);
      const expected: Record<string, number> = {};
      const expect = (commands: Readonly<Record<string, number>>, times: number): void => {
        for (const [command, each] of Object.entries(commands))
          if (times > 0) expected[command] = (expected[command] ?? 0) + each * times;
      };
      const countOf = (operation: OperationName) => trial.operations[operation]?.count ?? 0;
      for (const operation of operationNames) expect(declared[operation], countOf(operation));
      // A login with a live session's cookie ends that session as a logout does; each ended session is probed once.
      expect(declared.logout, countOf('probe') - countOf('logout'));
      const server = record.strategies.find(({ name }) => name === trial.strategy)?.versions ?? [];
      if (server.some(({ product }) => product === 'MySQL'))
        assertWithRepeats(trial.storeCommands ?? {}, expected);
      else assert.deepEqual(trial.storeCommands, expected);
    });
  }

  for (const strategy of summary.strategies.filter(({ status }) => status === 'valid')) {
    const operations = Object.values(strategy.operations).reduce((sum, { count }) => sum + count, 0);
    assert.deepEqual(strategy.requests, {
      generator: operations,
      balancer: operations,
      byBalancer: 0,
      apps: operations,
    });
  }
  return results;
}
