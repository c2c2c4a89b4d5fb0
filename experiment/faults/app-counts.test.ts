/** What apps have counted around a fault, also where some do not tell or begin anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppCounts } from './app-counts.ts';

const reads = (...apps: readonly number[]) => ({
  balancer: 0,
  byBalancer: 0,
  apps: apps.map((read) => ({ login: 0, read, write: 0, logout: 0 })),
});

/** Answers of the deployment in their order; null: it gives none. */
async function around(...answers: readonly (readonly number[] | null)[]): Promise<AppCounts['around']> {
  const left = [...answers];
  const counts = new AppCounts({
    async requestCounts() {
      const next = left.shift();
      if (!next) throw new Error('app-1: no answer');
      return reads(...next);
    },
  });
  for (const moment of ['measuring', 'fault', 'healed', 'measured'] as const) await counts.look(moment);
  return counts.around;
}

test('what each app was asked before the fault, and after it was taken back', async () => {
  assert.deepEqual(await around([10, 20], [40, 50], [5, 90], [15, 190]), {
    before: [30, 30],
    after: [10, 100],
  });
});

test('an app that began to count anew in between is not known, and neither is one that does not tell', async () => {
  assert.deepEqual(await around([10, 20], [40, 50], [70, 90], [15, 190]), { before: [30, 30], after: null });
  assert.deepEqual(await around([10, 20], null, [5, 90], [15, 190]), { before: null, after: [10, 100] });
  assert.deepEqual(await around([10, 20], [40, 50], [5, 90], null), { before: [30, 30], after: null });
});

test('who is ready again only after the load has served none of it', async () => {
  const answers = [
    [10, 20],
    [40, 50],
    [45, 900],
    [45, 3],
  ];
  const counts = new AppCounts({ requestCounts: async () => reads(...(answers.shift() ?? [])) });
  for (const moment of ['measuring', 'fault', 'measured', 'healed'] as const) await counts.look(moment);
  assert.deepEqual(counts.around, { before: [30, 30], after: null });
});

test('nothing is known of a trial that ended before its fault', async () => {
  const counts = new AppCounts({ requestCounts: async () => reads(1, 1) });
  await counts.look('measuring');
  assert.deepEqual(counts.around, { before: null, after: null });
});
