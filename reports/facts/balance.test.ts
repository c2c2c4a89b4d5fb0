/** How evenly apps were loaded, from their counts to the report. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Balance } from '../../record/scaling.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { inventedStrategies } from '../fixtures/run-folder.ts';
import { reported, reportedWith } from '../fixtures/temporary.ts';
import { html } from '../render/html/index.ts';
import { markdown } from '../render/markdown.ts';
import type { Report } from '../report.ts';
import { busiestOverMean, idleShare } from './balance.ts';

const strategies = inventedStrategies.filter(({ name }) => ['sticky', 'redis'].includes(name));
const small = { strategies, blocks: 3, measureSeconds: 1, rate: 400 } as const;

const ratios: readonly (readonly [requests: readonly number[] | null, ratio: number | null])[] = [
  [[500, 500], 1],
  [[750, 250], 1.5],
  [[1000, 0], 2],
  [[10, 10, 10, 50], 2.5],
  [[7], 1],
  [[0, 0], null],
  [[], null],
  [null, null],
];

for (const [requests, ratio] of ratios)
  test(`apps with ${requests?.join(', ') || 'no counts'}: ${ratio}`, () => {
    assert.equal(busiestOverMean(requests), ratio);
  });

test('the busiest has no less than the mean, and no more than all', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 16 }), (requests) => {
      const ratio = busiestOverMean(requests);
      if (requests.every((count) => count === 0)) return ratio === null;
      return ratio !== null && ratio >= 1 && ratio <= requests.length + 1e-9 && idleShare(ratio) < 1;
    }),
  );
});

/** Sticky's busiest app has this share of the requests, block by block. */
const withShares =
  (...shares: readonly number[]) =>
  (record: TrialRecord): TrialRecord => {
    const { generator } = record.requests;
    const busiest = Math.round(generator * (shares[record.block - 1] ?? 0.5));
    const apps = record.strategy === 'sticky' ? [generator - busiest, busiest] : record.requests.apps;
    return { ...record, requests: { ...record.requests, apps } };
  };

const balanceOf = ({ summary }: Report, name: string): Balance | null =>
  summary.strategies.find((each) => each.name === name)?.balance ?? null;

test('trials are taken together, with an interval of their mean that stays within what can be', async (t) => {
  const report = await reportedWith(t, { ...small, trial: withShares(0.6, 0.65, 0.7) });
  const sticky = balanceOf(report, 'sticky') ?? assert.fail('no balance');
  assert.ok(Math.abs(sticky.busiestOverMean - 1.3) < 0.01, String(sticky.busiestOverMean));
  assert.ok(Math.abs(sticky.most - 1.4) < 0.01);
  // 1.3 ± 4.303 · 0.1 / √3.
  assert.ok(sticky.interval && Math.abs(sticky.interval.low - 1.052) < 0.01);
  assert.ok(Math.abs(sticky.interval.high - 1.548) < 0.01);
  const redis = balanceOf(report, 'redis') ?? assert.fail('no balance');
  assert.ok(redis.busiestOverMean < 1.01 && redis.interval && redis.interval.low >= 1);
  for (const told of [markdown(report.document), await html(report.document)])
    for (const part of ['price', '1.05–1.55', '23 %']) assert.ok(told.includes(part), part);
});

test('a single trial has no interval, and its number is told', async (t) => {
  const report = await reportedWith(t, { ...small, blocks: 1, trial: withShares(0.75) });
  const sticky = balanceOf(report, 'sticky') ?? assert.fail('no balance');
  assert.equal(sticky.interval, null);
  assert.match(markdown(report.document), /\| Sticky sessions \| 2 \| 1\.50 \| — \| 1\.50 \| 33 % \| 1 \|/);
});

test('where no app told its counts nothing is said, and trials without counts are no even ones', async (t) => {
  const silent = (record: TrialRecord): TrialRecord => ({
    ...record,
    requests: { ...record.requests, apps: null },
  });
  const none = await reportedWith(t, { ...small, trial: silent });
  assert.equal(balanceOf(none, 'sticky'), null);
  assert.ok(!markdown(none.document).includes('How evenly the apps'));
  const some = await reportedWith(t, {
    ...small,
    trial: (record) => (record.block === 1 ? silent(record) : withShares(0, 0.75, 0.75)(record)),
  });
  const sticky = balanceOf(some, 'sticky') ?? assert.fail('no balance');
  assert.equal(sticky.trials, 2);
  assert.ok(sticky.busiestOverMean > 1.49);
});

test('faults that were done to apps show how uneven they were before and after', async () => {
  const { summary, document } = await reported('faults');
  assert.ok(summary.design.kind === 'faults');
  const find = (strategy: string, fault: string) =>
    summary.design.kind === 'faults' &&
    summary.design.results.find((each) => each.strategy === strategy && each.fault === fault);
  const sticky = find('sticky', 'app-kill');
  assert.ok(sticky && sticky.balance !== null);
  assert.equal(sticky.balance.after, 1.8);
  assert.ok(Math.abs((sticky.balance.before ?? 0) - 1.002) < 1e-3);
  const text = markdown(document);
  assert.match(text, /\| Sticky sessions \| app killed \| 1\.00 \| 1\.80 \| 44 % \|/);
  assert.match(text, /\| Redis \| app killed \| 1\.00 \| 1\.00 \| 0 % \|/);
  const [, part = ''] = text.split("## The affinity's price");
  assert.ok(!part.split('\n## ')[0]?.includes('store killed'), 'faults of stores unbalance nobody');
});
