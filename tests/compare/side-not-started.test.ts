/** A side whose servers do not start: what is measured of the others, and what the gate says of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sideOf, sidesPlan } from '../../experiment/sides/plan.ts';
import { fakeRun, settingFor, strategyNamed } from '../../experiment/testing/fake-run.ts';
import { withLog } from '../../record/log-lines.ts';
import { compareWithin } from '../../reports/gate/one-run.ts';

test('there is no verdict on its strategy, with the reason; the others are judged', async (t) => {
  const code = { label: 'main', commit: null, dirty: null, digest: null };
  const app = { appMain: '/nowhere/servers/app/main.ts', slowdown: null };
  const plan = sidesPlan(
    settingFor(),
    {
      command: 'compare',
      baseline: code,
      candidate: { ...code, label: 'the working tree' },
      blocks: 12,
      rate: { mode: 'given', value: 500 },
      blocksPerDeployment: 12,
    },
    ['redis', 'sticky'].map((name) => ({
      strategy: name,
      baseline: sideOf(strategyNamed(name), 'baseline', 'main', app),
      candidate: sideOf(strategyNamed(name), 'candidate', 'the working tree', app),
      addedMicros: 0,
    })),
  );
  const { read } = await fakeRun(t, plan, {
    script: {
      before(step) {
        if (step === 'deploy redis-baseline')
          throw new Error(withLog('this store is broken on purpose', ['the disk is on fire']));
      },
    },
  });
  const { outcome, answer, results } = compareWithin(read, [{ metric: 'read.p50', share: 0.05 }]);
  assert.equal(outcome, 'invalid');
  assert.match(answer, /^No verdict: redis-baseline did not start: this store is broken on purpose/);
  assert.doesNotMatch(answer, /on fire/);
  assert.deepEqual(
    results.map((each) => [each.strategy, each.outcome]),
    [
      ['redis', 'invalid'],
      ['sticky', 'ok'],
    ],
  );
});
