/** What could not be read is said to be unknown; nothing good is said of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noShares, placed } from '../fixtures/blind-host.ts';
import { inventedStrategies } from '../fixtures/run-folder.ts';
import { reportedWith } from '../fixtures/temporary.ts';
import { terminal } from '../render/terminal.ts';

const small = {
  ...{ blocks: 1, measureSeconds: 1, rate: 100 },
  strategies: inventedStrategies.filter(({ name }) => name === 'redis'),
} as const;

test('tiers with cores of their own share none as far as siblings are known', async (context) => {
  const codesOn = async (siblings: number[][] | null): Promise<string[]> => {
    const { summary } = await reportedWith(context, { ...small, run: placed(siblings) });
    return summary.findings.map(({ code }) => code).filter((code) => /shared|siblings/.test(code));
  };
  assert.deepEqual(await codesOn(null), ['siblings-unknown']);
  assert.deepEqual(await codesOn([[0], [1], [2], [3]]), []);
});

test('what others took of the CPU time is said to be unknown where a valid trial does not hold it', async (context) => {
  for (const [field, whose] of [
    ['stealShare', 'the hypervisor'],
    ['foreignShare', 'other processes'],
  ] as const) {
    const { summary, document } = await reportedWith(context, { ...small, trial: noShares(field) });
    const found = summary.findings.filter(({ code }) => code === 'host-unknown');
    assert.equal(found.length, 1, field);
    assert.ok(found[0]?.message.includes(whose));
    assert.doesNotMatch(terminal(document), /Nothing out of the ordinary/);
    assert.doesNotMatch(terminal(document), /Nothing out of the ordinary/);
  }
});
