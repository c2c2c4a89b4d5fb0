/** A search with several numbers of apps: names, and what each deployment gets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appsOf, numbersOfApps, strategyBehind } from '../../record/deployed-as.ts';
import type { Plan, SearchDesign } from '../plan.ts';
import { fakeRun, settingFor, strategyNamed } from '../testing/fake-run.ts';
import { searchDesign } from './plan.ts';
import { amongThese, overNumbersOfApps } from './scaled.ts';
import { parseSlo } from './slo.ts';

const both = [strategyNamed('redis'), strategyNamed('sticky')];

function plan(...moreApps: readonly number[]): Plan<SearchDesign> {
  const parsed = parseSlo('p99<50ms');
  if (parsed.status === 'invalid') assert.fail(parsed.mistakes.join());
  const { strategies, scaled } = overNumbersOfApps(both, moreApps);
  return { ...settingFor(), strategies, design: { ...searchDesign(parsed.slo, 4), scaled } };
}

test('each strategy stands once with each number of apps, and with the fewest under its own name', () => {
  const { strategies, design } = plan(4, 8);
  assert.deepEqual(
    strategies.map(({ name }) => name),
    ['redis', 'redis-4-apps', 'redis-8-apps', 'sticky', 'sticky-4-apps', 'sticky-8-apps'],
  );
  assert.match(strategies[1]?.topology.title ?? '', / 4 apps$/);
  assert.deepEqual(design.scaled[3], { strategy: 'sticky-8-apps', of: 'sticky', apps: 8 });
});

test('without more numbers all is as it was', () => {
  const { strategies, design } = plan();
  assert.deepEqual([strategies, design.scaled], [both, []]);
});

test('a strategy that cannot run here takes its likes with it', () => {
  const left = amongThese(plan(4), both.slice(1));
  assert.deepEqual(
    left.map(({ name }) => name),
    ['sticky', 'sticky-4-apps'],
  );
});

test('every deployment gets its number of apps, and the record says what stands behind a name', async (t) => {
  const deployed: string[] = [];
  const { record } = await fakeRun(t, plan(4), {
    script: { deployed: ({ name }, { apps }) => deployed.push(`${name}: ${apps}`) },
  });
  assert.deepEqual(deployed.sort(), ['redis-4-apps: 4', 'redis: 2', 'sticky-4-apps: 4', 'sticky: 2']);
  assert.deepEqual(numbersOfApps(record), [2, 4]);
  assert.deepEqual(
    ['redis', 'redis-4-apps'].map((name) => [strategyBehind(record, name), appsOf(record, name)]),
    [
      ['redis', 2],
      ['redis', 4],
    ],
  );
});
