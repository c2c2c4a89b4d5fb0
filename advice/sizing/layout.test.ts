import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bound, layoutFor, type ServerSize, type TierLoad, type TierRules } from './layout.ts';

const size = (vcpus: number, memoryGiB: number, perHour: number): ServerSize => ({
  label: `${vcpus} vCPU, ${memoryGiB} GiB`,
  vcpus,
  steadyShare: 1,
  memoryGiB,
  usableBytes: memoryGiB * 2 ** 30,
  perHour,
  entries: [],
});

const rules: TierRules = {
  fewest: 1,
  most: Number.POSITIVE_INFINITY,
  coresUsed: null,
  utilisation: 0.6,
  coreFactor: 1,
  away: 'none',
  fixedBytes: () => 1e6,
  testedRate: () => Number.POSITIVE_INFINITY,
  testedSessions: () => Number.POSITIVE_INFINITY,
};

const carries = (each: ServerSize, servers: number, load: TierLoad): boolean =>
  servers * each.vcpus * 0.6 >= load.cores - 1e-6 && servers * (each.usableBytes - 1e6) >= load.bytes - 1;

test('no cheaper servers of any size carry the load, and those that are named do', () => {
  const sizes = fc.array(
    fc
      .record({
        vcpus: fc.integer({ min: 1, max: 16 }),
        gib: fc.integer({ min: 1, max: 64 }),
        price: fc.integer({ min: 1, max: 100 }),
      })
      .map(({ vcpus, gib, price }) => size(vcpus, gib, price / 100)),
    { minLength: 1, maxLength: 6 },
  );
  const loads = fc.record({
    cores: fc.double({ min: 0.01, max: 50, noNaN: true }),
    bytes: fc.double({ min: 0, max: 5e11, noNaN: true }),
    rate: fc.constant(1),
    sessions: fc.constant(1),
  });
  fc.assert(
    fc.property(sizes, loads, (all, load) => {
      const found = layoutFor(load, all, rules);
      assert.ok(found.kind === 'layout' && carries(found.size, found.servers, load));
      for (const each of all)
        for (let servers = 1; servers * each.perHour < found.perHour - 1e-9; servers += 1)
          assert.ok(!carries(each, servers, load), `${servers} x ${each.label}`);
    }),
  );
});

const sizes = [size(1, 2, 0.04), size(2, 16, 0.1)];
const bounds: readonly (readonly [
  what: string,
  load: TierLoad,
  changes: Partial<TierRules>,
  bound: Bound,
])[] = [
  ['little', { cores: 0.1, bytes: 1e6, rate: 1, sessions: 1 }, {}, 'fewest'],
  ['much CPU time', { cores: 5, bytes: 1e6, rate: 1, sessions: 1 }, {}, 'cpu'],
  ['many bytes', { cores: 0.1, bytes: 1e11, rate: 1, sessions: 1 }, {}, 'memory'],
  [
    'more than was tested',
    { cores: 0.1, bytes: 1e6, rate: 20, sessions: 1 },
    { testedRate: () => 10 },
    'tested',
  ],
  ['too much CPU time for one server', { cores: 5, bytes: 1e6, rate: 1, sessions: 1 }, { most: 1 }, 'cpu'],
  ['too many bytes for one server', { cores: 0.1, bytes: 1e11, rate: 1, sessions: 1 }, { most: 1 }, 'memory'],
  [
    'more sessions than were tested',
    { cores: 0.1, bytes: 1e6, rate: 1, sessions: 20 },
    { testedSessions: () => 10 },
    'tested',
  ],
  [
    'more than the one core that is used',
    { cores: 0.7, bytes: 1e6, rate: 1, sessions: 1 },
    { most: 1, coresUsed: 1 },
    'cpu',
  ],
];
for (const [what, load, changes, bound] of bounds)
  test(`${what} is bound by ${bound}`, () => {
    const found = layoutFor(load, sizes, { ...rules, ...changes });
    assert.equal(found.kind, changes.most === 1 ? 'overflow' : 'layout');
    if (found.kind === 'layout') assert.equal(found.bound, bound);
    else assert.ok(bound !== 'fewest' && found.by[bound] > 1);
  });

test('without a size to be had there is none', () => {
  const found = layoutFor({ cores: 1, bytes: 1, rate: 1, sessions: 1 }, [], rules);
  assert.equal(found.kind === 'overflow' && found.largest, null);
});

const serversFor = (
  load: TierLoad,
  changes: Partial<TierRules>,
  sizesToHave = [size(1, 2, 0.04)],
): number => {
  const found = layoutFor(load, sizesToHave, { ...rules, ...changes });
  return found.kind === 'layout' ? found.servers : assert.fail('no layout');
};

test('what is left carries all while one server, or one of two zones, is away', () => {
  const load: TierLoad = { cores: 1.16, bytes: 1, rate: 1, sessions: 1 };
  // 1.16 / 0.6 are 2 servers; of 2 with one away, one would be 116 % busy.
  assert.equal(serversFor(load, { fewest: 2 }), 2);
  assert.equal(serversFor(load, { fewest: 2, away: 'server' }), 3);
  assert.equal(serversFor(load, { fewest: 2, away: 'zone' }), 4);
  assert.equal(serversFor({ ...load, cores: 0.1 }, { fewest: 2, away: 'zone' }), 2);
});

test('of a server that is lent more than it may use all the time, what it may use counts', () => {
  const lent = { ...size(2, 2, 0.03), steadyShare: 0.2 };
  const load: TierLoad = { cores: 0.5, bytes: 1, rate: 1, sessions: 1 };
  assert.equal(serversFor(load, {}, [size(2, 2, 0.03)]), 1);
  assert.equal(serversFor(load, {}, [lent]), 2);
  // One thread may use what both of its vCPUs may.
  assert.equal(serversFor({ ...load, cores: 0.39 }, { coresUsed: 1 }, [lent]), 1);
});

test('servers are not many times as many for the only reason that no more was tested', () => {
  const load: TierLoad = { cores: 0.1, bytes: 1e6, rate: 100, sessions: 1 };
  const found = layoutFor(load, sizes, { ...rules, testedRate: () => 10 });
  assert.ok(found.kind === 'layout');
  assert.deepEqual([found.inReach, found.servers, found.least], [false, 1, 1]);
  // Ten are in reach where memory wants six.
  const large = layoutFor({ ...load, bytes: 6 * (2 * 2 ** 30 - 1e6) }, [size(1, 2, 0.04)], {
    ...rules,
    testedRate: () => 10,
  });
  assert.ok(large.kind === 'layout');
  assert.deepEqual([large.inReach, large.servers, large.bound], [true, 10, 'tested']);
});
