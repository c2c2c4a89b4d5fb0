/** What a verification does with deployments, on a runtime without servers: nothing answers there, so nothing is known. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { securityCheckIds } from '../../record/security-checks.ts';
import { verificationRecord } from '../../record/verification.ts';
import { usualLimits } from '../limits.ts';
import { silentProgress } from '../progress.ts';
import { strategyNamed, temporaryFolder } from '../testing/fake-run.ts';
import { FakeRuntime, type FakeScript } from '../testing/fake-runtime.ts';
import { runVerification, shortLives } from './run.ts';

async function verify(t: TestContext, script: FakeScript, interruption = new AbortController()) {
  const runtime = new FakeRuntime(script);
  const folder = await temporaryFolder(t);
  const told: string[] = [];
  const { record } = await runVerification(
    {
      strategies: ['one', 'two', 'three'].map(strategyNamed),
      id: 'id',
      badRequests: { seed: 1, count: 100 },
      machine: {
        command: ['npm', 'test'],
        limits: usualLimits,
        progress: silentProgress,
        signal: interruption.signal,
        runtime: 'native',
        createRuntime: async () => runtime,
      },
      onStrategy: ({ name }) => told.push(name),
    },
    folder,
  );
  const file = await readFile(path.join(folder, 'verification.json'), 'utf8');
  assert.deepEqual(verificationRecord.parse(JSON.parse(file)), record);
  for (const { strategy, state } of runtime.deployments) assert.equal(state, 'stopped', strategy.name);
  return { record, told };
}

test('deployments that do not answer leave every check unknown; one has short lives', async (t) => {
  const lives: (number | undefined)[] = [];
  const { record, told } = await verify(t, {
    deployed: (_strategy, options) => lives.push(options.sessionLifetimeSeconds),
  });
  assert.equal(record.status, 'finished');
  assert.deepEqual(told.toSorted(), ['one', 'three', 'two']);
  for (const { checks } of record.strategies) {
    assert.deepEqual(
      checks.map(({ id }) => id),
      securityCheckIds,
    );
    assert.ok(checks.every(({ outcome }) => outcome === 'unknown'));
  }
  assert.equal(lives.filter((each) => each === shortLives.absoluteSeconds).length, 3);
});

test('a strategy whose servers are not here is told with the remedy, and hinders no other', async (t) => {
  const lack = { what: 'one-server', why: 'it is not here', remedy: 'Install it.' };
  const { record } = await verify(t, { lacks: { one: [lack] } });
  assert.deepEqual(
    record.strategies.map(({ status, reasons }) => [status, reasons.length]),
    [
      ['not-verified', 1],
      ['verified', 0],
      ['verified', 0],
    ],
  );
});

test('a deployment that does not start says why in each of its cells', async (t) => {
  const { record } = await verify(t, {
    before(step) {
      if (step === 'deploy one') throw new Error('it burns');
    },
  });
  const [one] = record.strategies;
  assert.equal(one?.status, 'verified');
  assert.ok(one.checks.every(({ outcome, detail }) => outcome === 'unknown' && detail.includes('it burns')));
});

test('an interruption ends it, and all that was started is stopped', async (t) => {
  const interruption = new AbortController();
  const { record, told } = await verify(
    t,
    {
      before(step) {
        if (step === 'deploy three') interruption.abort(new Error('SIGINT'));
      },
    },
    interruption,
  );
  assert.equal(record.status, 'interrupted');
  assert.ok(told.includes('one') || told.includes('two'), told.join());
  assert.ok(!told.includes('three'));
});
