import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Evidence, StrategyEvidence } from '../../advice/evidence/evidence.ts';
import { pricesOf } from '../../advice/prices/prices.ts';
import { usualBook } from '../../advice/prices/usual.ts';
import { inventedEvidence, modestWishes, withStrategy } from '../../advice/testing/evidence.ts';
import { type WishPreset, wishPresets } from '../../advice/wishes/presets.ts';
import { type AgreementRow, agreementsOf, agreementTable } from './agreement.ts';

const prices = pricesOf(usualBook);

/** As another run would have it: all CPU times so many times as long. */
const times = (factor: number, evidence: Evidence): Evidence => ({
  ...evidence,
  strategies: evidence.strategies.map((strategy): StrategyEvidence => {
    if (strategy.load.kind !== 'measured' || strategy.load.value.status !== 'answered') return strategy;
    const { cpuMicros } = strategy.load.value;
    const { app, balancer, store } = cpuMicros;
    const value = {
      ...strategy.load.value,
      cpuMicros: { app: app * factor, balancer: balancer * factor, store: store && store * factor },
    };
    return { ...strategy, load: { ...strategy.load, value } };
  }),
});

/** A run of one strategy alone. */
const alone = (name: string): Evidence => ({
  ...inventedEvidence,
  strategies: inventedEvidence.strategies.filter((each) => each.name === name),
});

const small = (sets: readonly Evidence[]): AgreementRow =>
  agreementsOf(sets, prices).find(({ preset }) => preset.name === 'small') ?? assert.fail();

test('two sets of measurements that differ by noise choose the same', () => {
  const rows = agreementsOf([inventedEvidence, times(1.1, inventedEvidence)], prices);
  assert.equal(rows.length, 8);
  assert.ok(rows.every(({ agreement }) => agreement !== 'different'));
  assert.equal(small([inventedEvidence, times(0.9, inventedEvidence)]).agreement, 'same');
});

test('sets that choose differently are told, and so is one that does not reach the question', () => {
  const { agreement } = small([inventedEvidence, alone('sticky')]);
  assert.equal(agreement, 'different');
  const far = agreementsOf([inventedEvidence, alone('redis')], prices);
  const table = agreementTable(far, ['all', 'Redis alone']);
  assert.match(table, /\| workload \| all \| Redis alone \| the same \|/);
  assert.match(table, /nothing will do \| \*\*no\*\*/);
  const unanswered = agreementsOf([alone('redis'), alone('redis')], prices).filter(
    (row) => row.agreement === 'unanswered',
  );
  assert.ok(unanswered.length > 0);
});

const keycloak = wishPresets.filter(({ name }) => name === 'keycloak');

test('a set that leaves open what another chooses does not contradict it', () => {
  const [row] = agreementsOf([inventedEvidence], prices, keycloak);
  const chosen = row?.advices[0]?.options.find(({ name }) => name === row.advices[0]?.choice);
  const { name } = chosen?.candidate.strategy ?? assert.fail();
  // At so low a rate that nothing is known of the one that is asked for.
  const slow = withStrategy(inventedEvidence, name, (strategy) =>
    strategy.load.kind === 'measured' && strategy.load.value.status === 'answered'
      ? { ...strategy, load: { ...strategy.load, value: { ...strategy.load.value, rate: 20 } } }
      : assert.fail(),
  );
  const [both] = agreementsOf([inventedEvidence, slow], prices, keycloak);
  assert.notEqual(both?.advices[1]?.choice, row?.advices[0]?.choice);
  assert.equal(both?.agreement, 'unanswered');
});

/** A strategy's app takes so many µs for a request. */
const withApp = (evidence: Evidence, name: string, app: number): Evidence =>
  withStrategy(evidence, name, (strategy) =>
    strategy.load.kind === 'measured' && strategy.load.value.status === 'answered'
      ? {
          ...strategy,
          load: {
            ...strategy.load,
            value: { ...strategy.load.value, cpuMicros: { ...strategy.load.value.cpuMicros, app } },
          },
        }
      : assert.fail(name),
  );

test('sets that choose differently, each of which tells the choice of the other as level, agree', () => {
  const rate = 940;
  const asked: WishPreset = {
    name: 'near',
    title: 'near',
    source: '',
    assumed: '',
    wishes: { ...modestWishes, hosting: 'own', rate: { low: rate, likely: rate, high: rate } },
  };
  const pair: Evidence = {
    ...inventedEvidence,
    strategies: inventedEvidence.strategies.filter(({ name }) => ['redis', 'memcached'].includes(name)),
  };
  const [first, second] = [withApp(pair, 'memcached', 1030), withApp(pair, 'redis', 1030)];
  const [row] = agreementsOf([first, second], prices, [asked]);
  assert.notEqual(row?.advices[0]?.choice, row?.advices[1]?.choice);
  assert.equal(row?.agreement, 'level');
  const [far] = agreementsOf([withApp(pair, 'memcached', 3000), withApp(pair, 'redis', 3000)], prices, [
    asked,
  ]);
  assert.equal(far?.agreement, 'different');
});

// Evidence is plain data; it was written from what the type says.
const golden = async (name: string): Promise<Evidence> =>
  JSON.parse(
    await readFile(new URL(`../../advice/testing/golden/${name}.json`, import.meta.url), 'utf8'),
  ) as Evidence;

test('real runs of two machines, of which one takes 1.4 times the CPU time, agree on every published workload', async () => {
  const sets = [await golden('evidence'), await golden('evidence-of-a-slower-machine')];
  const rows = agreementsOf(sets, prices);
  assert.deepEqual(
    rows
      .filter(({ agreement }) => agreement !== 'same')
      .map(({ preset, agreement }) => [preset.name, agreement]),
    [['wikimedia', 'level']],
  );
});
