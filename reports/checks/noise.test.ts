import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LoudUser } from '../../record/noise.ts';
import { type ReasonCode, reasonOf } from '../../record/reasons.ts';
import type { RunRecord } from '../../record/run.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { inventedStrategies } from '../fixtures/run-folder.ts';
import { reportedWith } from '../fixtures/temporary.ts';

const strategies = inventedStrategies.slice(0, 2);
const loud: LoudUser = { kind: 'process', name: 'apt-cache', pid: 12_222, cores: 0.62 };
const noise = { waitedSeconds: 0, waitedFor: [], loud: [] };

const disturbed = (record: TrialRecord, code: ReasonCode, who: readonly LoudUser[]): TrialRecord => ({
  ...record,
  status: 'invalid',
  reasons: [reasonOf(code, 'disturbed')],
  noise: { ...noise, loud: [...who] },
});

const patience = { allowedSeconds: 120, waitedSeconds: 0, waitedFor: [], repeats: 0, repeatedSeconds: 0 };

async function findings(
  t: TestContext,
  trial: (record: TrialRecord) => TrialRecord,
  run: Partial<RunRecord> = { patience },
) {
  const { summary } = await reportedWith(t, {
    strategies,
    blocks: 2,
    measureSeconds: 2,
    rate: 200,
    trial,
    run: (record) => ({ ...record, ...run }),
  });
  return (code: ReasonCode) => summary.findings.filter((each) => each.code === code);
}

test('blocks that a loud program took are told with the program, for each strategy', async (t) => {
  const found = await findings(t, (record) =>
    record.block === 2 && record.strategy === 'redis' ? disturbed(record, 'host-busy', [loud]) : record,
  );
  const [lost, ...others] = found('blocks-lost');
  assert.deepEqual(others, []);
  assert.deepEqual(found('host-busy'), [], 'it is told once');
  assert.match(
    lost?.message ?? '',
    /^Redis .* 1 of 2 blocks \(2\): .*apt-cache \(pid 12222\) 62 % of a core\.$/,
  );
  assert.equal(lost?.severity, 'warning');
  assert.deepEqual(found('machine-loud'), []);
});

const notLost: Readonly<Record<string, (record: TrialRecord) => TrialRecord>> = {
  'a fault of its own': (record) => disturbed(record, 'server-died', []),
  'nothing at all': (record) => record,
};

test('blocks that were not lost to noise are not told as such', async (t) => {
  for (const [name, trial] of Object.entries(notLost))
    assert.deepEqual((await findings(t, trial))('blocks-lost'), [], name);
});

test('where nobody is known the loss is told without a name', async (t) => {
  const found = await findings(t, (record) => ({ ...disturbed(record, 'host-steal', []), noise: null }));
  assert.deepEqual(
    found('blocks-lost').map(({ message }) => message),
    ['Sticky sessions', 'Redis'].map(
      (title) => `${title} has no valid trial in 2 of 2 blocks (1 and 2): every trial of them was disturbed.`,
    ),
  );
});

test('waits and repeats are told with who was loud; a run without any, or of before, says nothing', async (t) => {
  const waited = { ...noise, waitedSeconds: 20, waitedFor: [loud] };
  const trial = (record: TrialRecord) => (record.number === 1 ? { ...record, noise: waited } : record);
  const spent = { ...patience, waitedSeconds: 20, repeats: 2, repeatedSeconds: 12.6 };
  const [told] = (await findings(t, trial, { patience: spent }))('machine-loud');
  assert.equal(
    told?.message,
    'The run waited 20 s for a quiet machine and measured 2 disturbed trials again in 13 s, of 120 s that it had for both: apt-cache (pid 12222) 62 % of a core.',
  );
  // Who was loud before a burst is in no trial.
  const burst = await findings(t, (record) => record, { patience: { ...spent, waitedFor: [loud] } });
  assert.match(burst('machine-loud')[0]?.message ?? '', /both: apt-cache \(pid 12222\) 62 % of a core\.$/);
  for (const before of [patience, null])
    assert.deepEqual((await findings(t, trial, { patience: before }))('machine-loud'), []);
});
