import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultRule } from '../../record/rule.ts';
import type { SelftestRecord } from '../../record/selftest.ts';
import { comparisonOf as comparison, madeSelftest as made } from '../fixtures/selftest.ts';
import { markdown } from '../render/markdown.ts';
import { belonging, differencesOf, otherQuestion } from './added.ts';
import { selftestPage } from './page.ts';
import { tallies } from './tally.ts';

test('self-tests of the same code, machine and question make one sum, whatever differs besides', () => {
  const now = made('now');
  const alike = [
    made('rate', { rate: 1000, baselineMicros: 400, seed: 2, startedAt: '2026-11-25T10:00:00.000Z' }),
    made('interrupted', { status: 'interrupted' }),
    made('kernel', { host: { ...now.host, kernel: '7', memoryBytes: 2 } }),
  ];
  const others: readonly SelftestRecord[] = [
    made('now'),
    made('empty', { comparisons: [] }),
    made('commit', { tool: { ...now.tool, commit: 'fedcba9876543210' } }),
    made('changes', { tool: { ...now.tool, dirty: true } }),
    made('no commit', { tool: { ...now.tool, commit: null } }),
    made('runtime', { runtime: 'docker' }),
    made('machine', { host: { ...now.host, cpuModel: 'another CPU' } }),
    made('cores', { host: { ...now.host, cores: 4 } }),
    made('turns', { pairing: 'turns' }),
    made('strategy', { strategy: 'sticky' }),
    made('scenario', { scenario: 'spiky' }),
    made('blocks', { blocks: 13 }),
    made('duration', { measureSeconds: 2 }),
    made('budgets', { budgets: [{ metric: 'cpuPerRequest', share: 0.02 }] }),
    made('rule', { rule: { ...defaultRule, level: 0.05 } }),
    made('placement', {
      placement: { ...now.placement, cores: { ...now.placement.cores, app: [0, 1] } },
    }),
  ];
  assert.deepEqual(
    belonging(now, [...alike, ...others]).map(({ id }) => id),
    ['rate', 'interrupted', 'kernel'],
  );
  const changes = made('changes', { tool: { ...now.tool, dirty: true } });
  assert.deepEqual(belonging(changes, [changes, made('other', { tool: changes.tool })]), []);
});

test('differences are named, and budgets are the same in whatever order', () => {
  const now = made('now');
  assert.deepEqual(differencesOf(now, made('x', { blocks: 3, runtime: 'docker' })), [
    'pairs of trials',
    'runtime',
  ]);
  const budgets: SelftestRecord['budgets'] = [
    { metric: 'read.p50', share: 0.05 },
    { metric: 'cpuPerRequest', share: 0.05 },
  ];
  assert.deepEqual(otherQuestion(made('a', { budgets }), made('b', { budgets: budgets.toReversed() })), []);
});

test('the table counts all, and then this self-test alone', () => {
  const now = made('now', {
    comparisons: [
      comparison('latency', 0.1, 'regression'),
      comparison('cpu', 0.1, 'inconclusive'),
      comparison('cpu', 0, 'ok'),
    ],
  });
  const before = made('before', {
    startedAt: '2026-11-23T10:00:00.000Z',
    comparisons: [comparison('cpu', 0.1, 'regression'), comparison('cpu', 0, 'ok')],
  });
  assert.deepEqual(
    tallies(now).map(({ slow, addedShare }) => [addedShare === 0 ? '' : slow, addedShare]),
    [
      ['', 0],
      ['cpu', 0.1],
      ['latency', 0.1],
    ],
  );
  const page = markdown(selftestPage(now, [before]));
  assert.match(page, /different in 0 of 2 comparisons; \+10 % CPU per request was found in 1 of 2/);
  assert.match(page, /adds up 2 self-tests of 2 days: before, now\./);
  assert.equal([...page.matchAll(/^\| nothing \(A\/A\) \| 2 \|/gm)].length, 1);
  assert.equal([...page.matchAll(/^\| nothing \(A\/A\) \| 1 \|/gm)].length, 1);
  assert.match(page, /\| \+10 % read latency \| 1 \| 1 \|/);
  const other = made('other', { tool: { ...now.tool, commit: 'fedcba9876543210' } });
  assert.match(markdown(selftestPage(now, [other])), /of commits fedcba9, 0123456: other, now\./);
  assert.doesNotMatch(markdown(selftestPage(now)), /adds up|alone/);
});

test('a self-test without all of its comparisons says so first, of those that it made itself', () => {
  const earlier = made('earlier', {
    comparisons: Array.from({ length: 9 }, () => comparison('cpu', 0, 'ok')),
  });
  const one = [comparison('cpu', 0, 'ok')];
  const answers = [
    [
      made('x', { status: 'interrupted', planned: 2, comparisons: one }),
      'Interrupted after 1 of 2 comparisons. Equal',
    ],
    [
      made('x', { status: 'interrupted', planned: 2, comparisons: [] }),
      'Interrupted after 0 of 2 comparisons. Equal',
    ],
    [
      made('x', { status: 'failed', planned: 2, comparisons: one }),
      'Ended by a fault after 1 of 2 comparisons. Equal',
    ],
    [
      made('x', { status: 'running', planned: 1, comparisons: [] }),
      'Still running, or killed, after 0 of 1 comparison. Equal',
    ],
    [made('x', { status: 'interrupted', comparisons: one }), 'Interrupted after 1 comparison. Equal'],
    [made('x', { status: 'finished', planned: 1, comparisons: one }), 'Equal'],
  ] as const;
  for (const [record, start] of answers) {
    const { text } = selftestPage(record, [earlier]).answer;
    assert.ok(text.startsWith(start), text);
  }
  const { text } = selftestPage(made('x', { status: 'interrupted', planned: 2, comparisons: [] })).answer;
  assert.equal(text, 'Interrupted after 0 of 2 comparisons. No comparison ended.');
});
