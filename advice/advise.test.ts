import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecurityCheckId } from '../record/security-checks.ts';
import type { CheckOutcome } from '../record/verification.ts';
import { type Advice, advise } from './advise.ts';
import type { Evidence } from './evidence/evidence.ts';
import { firstBroken, type Option } from './options.ts';
import {
  footprintOf,
  inventedEvidence,
  measured,
  missingPart,
  modestWishes,
  operation,
  RUN,
  roundPrices,
  withStrategy,
} from './testing/evidence.ts';
import type { Loss } from './wishes/losses.ts';
import type { Wishes } from './wishes/wishes.ts';

const advised = (wishes: Partial<Wishes> = {}, evidence: Evidence = inventedEvidence): Advice =>
  advise({ evidence, wishes: { ...modestWishes, ...wishes }, prices: roundPrices });

function optionOf({ options }: Advice, name: string): Option {
  return options.find((each) => each.name === name) ?? assert.fail(`no option ${name}`);
}

const survives: Wishes['survives'] = ['app-restart', 'store-restart'];

test('the lines of the cheapest option add up by hand', () => {
  const advice = advised({ survives, mayLose: 'none', hosting: 'own' });
  assert.equal(advice.choice, 'postgres');
  const { cost, sizing } = optionOf(advice, 'postgres');
  // Apps: 1,200/s x 1,100 µs / 0.6 = 2.2 vCPU: 3 servers of 1 vCPU and 2 GiB, at 0.03 + 2 x 0.005 an hour.
  // Store: 0.44 vCPU and 610 MB: one server of 1 vCPU and 2 GiB. Balancer: 0.3 vCPU. Disk: 20 GB at least.
  assert.deepEqual(
    cost?.lines.map(({ part, monthly }) => [part, monthly]),
    [
      ['apps', 87.6],
      ['store', 29.2],
      ['balancer', 29.2],
      ['disk', 2],
    ],
  );
  assert.equal(cost?.monthly, 148);
  assert.equal(sizing.kind === 'sized' && sizing.processes, 3);
  // 148 / (1,000/s x 730 h x 3,600 s) x 10^6, and 148 / 200.
  assert.ok(Math.abs((cost?.perMillionRequests ?? 0) - 0.0563166) < 1e-6);
  assert.ok(Math.abs((cost?.perThousandSessions ?? 0) - 0.74) < 1e-9);
});

test('an option that breaks a wish is out, with the first wish that it breaks and what shows it', () => {
  const advice = advised({
    survives,
    mayLose: 'second',
    slo: {
      text: 'read.p99<5.5ms',
      terms: [{ kind: 'latency', operation: 'read', percentile: 99, limitMicros: 5500 }],
    },
  });
  const wishOf = (name: string) => firstBroken(optionOf(advice, name))?.wish ?? null;
  assert.equal(wishOf('sticky'), 'losses');
  assert.equal(wishOf('memcached'), 'losses');
  assert.equal(wishOf('postgres'), 'promise');
  assert.match(firstBroken(optionOf(advice, 'postgres'))?.shows ?? '', /read p99 6 ms at 1,000 requests\/s/);
  assert.equal(wishOf('redis-cluster'), 'promise');
});

test('a store that loses all alone gets a second copy where that is enough, and it costs', () => {
  const advice = advised({ survives, mayLose: 'second', hosting: 'own' });
  const redis = optionOf(advice, 'redis');
  assert.equal(redis.status, 'meets');
  assert.equal(redis.candidate.copies, 2);
  assert.ok(redis.cost?.lines.some(({ part }) => part === 'replicas'));
  assert.equal(optionOf(advised({ hosting: 'own' }), 'redis').candidate.copies, 1);
  assert.equal(firstBroken(optionOf(advised({ survives, mayLose: 'none' }), 'redis'))?.wish, 'losses');
});

test('what a run of faults saw counts for more than the paper', () => {
  const seen = (loses: Loss | null) =>
    withStrategy(inventedEvidence, 'postgres', (strategy) => ({
      ...strategy,
      survival: measured([
        { run: RUN, fault: 'store-kill', event: 'store-restart', loses, seen: '3 of 1,000 were lost' },
      ]),
    }));
  const judgedWith = (loses: Loss | null, mayLose: Loss) =>
    optionOf(advised({ survives, mayLose }, seen(loses)), 'postgres')
      .judged.filter(({ wish }) => wish === 'losses')
      .map(({ verdict, basis }) => `${verdict} ${basis.kind}`);
  assert.deepEqual(judgedWith('second', 'none'), ['met on-paper', 'broken measured']);
  assert.deepEqual(judgedWith('second', 'second'), ['met on-paper', 'met measured']);
  assert.deepEqual(judgedWith('none', 'none'), ['met on-paper', 'met measured']);
  // Less than on paper, in one trial: no promise.
  const cluster = withStrategy(inventedEvidence, 'redis-cluster', (strategy) => ({
    ...strategy,
    survival: measured([
      { run: RUN, fault: 'master-kill', event: 'store-restart', loses: 'none', seen: 'none was lost' },
    ]),
  }));
  assert.equal(
    firstBroken(optionOf(advised({ survives, mayLose: 'none' }, cluster), 'redis-cluster'))?.basis.kind,
    'on-paper',
  );
  // Not known: the paper counts.
  assert.deepEqual(judgedWith(null, 'none'), ['met on-paper', 'met on-paper']);
});

test('what was not measured is open, with the command that would add it, and nothing is guessed', () => {
  const evidence = withStrategy(inventedEvidence, 'redis', (strategy) => ({
    ...strategy,
    footprint: missingPart('bytes of a session', 'npm run bench -- --footprint --strategy redis'),
  }));
  // 5,000 sessions were measured: 20,000 are four times as many.
  const within = optionOf(advised({ sessions: { kind: 'alive', count: 19_000 } }, evidence), 'redis');
  assert.equal(within.sizing.kind === 'sized' && within.sizing.basis.memory.kind, 'extrapolated');
  const advice = advised({ sessions: { kind: 'alive', count: 21_000 } }, evidence);
  const beyond = optionOf(advice, 'redis');
  assert.equal(beyond.status, 'open');
  assert.equal(beyond.cost, null);
  assert.ok(advice.missing.some(({ command }) => command.includes('--footprint')));
});

test('up to twice what was tested is scaled, to four times extrapolated, beyond it there is no number', () => {
  const kinds = [900, 1900, 3900, 4100].map((high) => {
    const { sizing } = optionOf(
      advised({ rate: { low: high, likely: high, high }, hosting: 'own' }),
      'redis',
    );
    return sizing.kind === 'sized' ? sizing.basis.store?.kind : sizing.why;
  });
  assert.deepEqual(kinds, ['measured', 'scaled', 'extrapolated', 'unknown']);
});

test('a cluster has as many servers as CPU time and memory want; copies are priced', () => {
  // 3,900/s x 140 µs / 0.6 = 0.91 of a core: the three masters that it has at least do, and three replicas.
  const { sizing, cost } = optionOf(
    advised({ rate: { low: 1, likely: 1, high: 3900 }, hosting: 'own' }),
    'redis-cluster',
  );
  assert.ok(sizing.kind === 'sized' && sizing.store);
  assert.deepEqual([sizing.store.servers, sizing.store.bound], [3, 'fewest']);
  const lines = cost?.lines.filter(({ part }) => part === 'store' || part === 'replicas') ?? [];
  assert.equal(new Set(lines.map(({ monthly }) => monthly)).size, 1);
  // 4 million sessions of 2,200 B of a master: 8.8 GB of memory of which 80 % is usable.
  const many = optionOf(
    advised({ sessions: { kind: 'alive', count: 4e6 }, hosting: 'own' }),
    'redis-cluster',
  ).sizing;
  assert.ok(many.kind === 'sized' && many.store);
  assert.equal(many.store.bound, 'memory');
});

test('apps are so many that no process carries more than four times what one was seen to, if that is no more than twice what they need', () => {
  const evidence = withStrategy(inventedEvidence, 'sticky', (strategy) => {
    if (strategy.load.kind !== 'measured' || strategy.load.value.status !== 'answered') return assert.fail();
    return { ...strategy, load: { ...strategy.load, value: { ...strategy.load.value, rate: 100 } } };
  });
  const sizingAt = (high: number) => {
    const rate = { low: 1, likely: 1, high };
    return optionOf(advised({ rate, hosting: 'own' }, evidence), 'sticky').sizing;
  };
  // Two had 100/s: 200/s each at most, and two there are at least.
  const within = sizingAt(800);
  assert.ok(within.kind === 'sized');
  assert.deepEqual([within.processes, within.apps.bound], [4, 'tested']);
  assert.equal(sizingAt(2000).kind, 'unsized');
});

test('connections that a server does not take are a limit too', () => {
  const evidence = withStrategy(inventedEvidence, 'postgres', (strategy) => ({
    ...strategy,
    capacity: measured([
      {
        run: RUN,
        promise: { text: 'p99<50ms', terms: [] },
        answer: { limit: 'all-passed' as const, low: 20_000, high: null },
      },
    ]),
  }));
  const postgres = optionOf(advised({ rate: { low: 1, likely: 1, high: 18_000 } }, evidence), 'postgres');
  assert.equal(firstBroken(postgres)?.wish, 'size');
  assert.match(firstBroken(postgres)?.shows ?? '', /connections/);
});

test('where nothing is left, the wish that excludes the last option and the nearest that would do are told', () => {
  const advice = advised({ budget: 20 });
  assert.equal(advice.kind, 'none');
  assert.equal(advice.excluding?.wish, 'budget');
  const [nearest] = advice.nearest;
  assert.match(nearest?.instead ?? '', /^a budget of \d+ USD/);
  assert.equal(advised({ budget: Math.ceil(nearest?.monthly ?? 0) }).kind, 'firm');
});

test('a strategy that was not measured is no option, and its measurement is missing', () => {
  const unmeasured = (name: string, evidence = inventedEvidence) =>
    withStrategy(evidence, name, (strategy) => ({
      ...strategy,
      load: missingPart('it was not measured at a rate', `npm run bench -- --strategy ${name}`),
    }));
  const advice = advised({ budget: 20 }, unmeasured('redis'));
  assert.equal(advice.kind, 'none');
  assert.ok(advice.missing.some(({ command }) => command === 'npm run bench -- --strategy redis'));
  const none = inventedEvidence.strategies.reduce(
    (evidence, { name }) => unmeasured(name, evidence),
    inventedEvidence,
  );
  assert.deepEqual([advised({}, none).kind, advised({}, none).choice], ['open', null]);
});

test('wrong answers and failures put a strategy out, whatever is wished', () => {
  const wrong = withStrategy(inventedEvidence, 'sticky', (strategy) => {
    if (strategy.load.kind !== 'measured' || strategy.load.value.status !== 'answered') return assert.fail();
    const violations = { lost: 0, stale: 0, resurrected: 1, crossed: 0 };
    return { ...strategy, load: { ...strategy.load, value: { ...strategy.load.value, violations } } };
  });
  assert.equal(firstBroken(optionOf(advised({}, wrong), 'sticky'))?.wish, 'right answers');
  const failed = withStrategy(inventedEvidence, 'sticky', (strategy) => ({
    ...strategy,
    load: { kind: 'measured', value: { status: 'failed', why: '12 % got no answer' }, run: 'r' },
  }));
  assert.equal(firstBroken(optionOf(advised({}, failed), 'sticky'))?.wish, 'right answers');
});

test('servers that are there already cost their share', () => {
  const bought = optionOf(advised({ hosting: 'own' }), 'postgres').cost;
  const shared = optionOf(advised({ hosting: 'own', has: ['postgres'] }), 'postgres').cost;
  assert.ok(bought && shared && shared.monthly < bought.monthly);
  assert.equal(shared.lines.find(({ part }) => part === 'store')?.basis.kind, 'assumed');
});

test('a flip is where the choice is no longer chosen nor level with what is, and short of it it is', () => {
  const wishes = { survives, mayLose: 'second' } as const;
  const advice = advised(wishes);
  assert.equal(advice.kind, 'firm');
  const flip =
    advice.flips.find(({ lever, times }) => lever === 'rate' && times > 1) ?? assert.fail('no flip');
  const at = (times: number): readonly string[] => {
    const { low, likely, high } = modestWishes.rate;
    const there = advised({
      ...wishes,
      rate: { low: low * times, likely: likely * times, high: high * times },
    });
    return there.kind === 'firm' ? [there.choice ?? '', ...there.level] : [];
  };
  const choice = advice.choice ?? assert.fail('no choice');
  const beyond = at(flip.times);
  assert.ok(!beyond.includes(choice) && flip.choices.every((name) => beyond.includes(name)));
  assert.ok(at(flip.times / 1.02).includes(choice));
});

test('a promise that percentiles cannot settle is open', () => {
  const evidence = withStrategy(inventedEvidence, 'redis', (strategy) => {
    if (strategy.load.kind !== 'measured' || strategy.load.value.status !== 'answered') return assert.fail();
    return {
      ...strategy,
      load: { ...strategy.load, value: { ...strategy.load.value, operations: { read: operation(1) } } },
    };
  });
  // p90 is 2 ms and p99 is 4 ms: where p95 lies between is not known.
  const slo = (limitMicros: number): Wishes['slo'] => ({
    text: 'read.p95',
    terms: [{ kind: 'latency', operation: 'read', percentile: 95, limitMicros }],
  });
  const verdictAt = (micros: number) =>
    optionOf(advised({ slo: slo(micros) }, evidence), 'redis').judged.find(({ wish }) => wish === 'promise')
      ?.verdict;
  assert.deepEqual([1900, 3000, 4100].map(verdictAt), ['broken', 'open', 'met']);
});

const alive = (count: number): Wishes['sessions'] => ({ kind: 'alive', count });
const rateOf = (high: number): Wishes['rate'] => ({ low: high, likely: high, high });

test('of a cluster what was tested is held against each of its servers, and more of them stay within it', () => {
  const sizingAt = (wishes: Partial<Wishes>) => {
    const { sizing } = optionOf(advised({ hosting: 'own', ...wishes }), 'redis-cluster');
    return sizing.kind === 'sized' && sizing.store ? sizing : assert.fail(JSON.stringify(sizing));
  };
  // Three masters had 1,000/s and a million sessions together.
  const fast = sizingAt({ rate: rateOf(8000) });
  assert.deepEqual(
    [fast.store?.servers, fast.store?.bound, fast.basis.store?.kind],
    [6, 'tested', 'extrapolated'],
  );
  const many = sizingAt({ sessions: alive(2e7) });
  assert.equal(many.basis.memory.kind, 'extrapolated');
  assert.ok((many.store?.servers ?? 0) >= 15);
  // One Redis is no other for servers beside it.
  assert.equal(optionOf(advised({ rate: rateOf(8000), hosting: 'own' }), 'redis').status, 'open');
});

test('sessions in apps are held against each process', () => {
  const { sizing } = optionOf(advised({ sessions: alive(2e7), hosting: 'own' }), 'sticky');
  // Two had a million: 2 million each at most, and the busiest has 1.25 times the mean.
  assert.ok(sizing.kind === 'sized' && sizing.processes >= 13);
});

const withLine = (name: string, heldOutError: number): Evidence =>
  withStrategy(inventedEvidence, name, (strategy) => ({
    ...strategy,
    footprint: measured([{ ...footprintOf(2100, false), heldOutError, heldOutTimes: 10 }]),
  }));

test('a line of bytes carries as many times as far as it foretold, and says so', () => {
  const memoryAt = (count: number, error: number) => {
    const { sizing } = optionOf(
      advised({ sessions: alive(count), hosting: 'own' }, withLine('redis', error)),
      'redis',
    );
    return sizing.kind === 'sized' ? sizing.basis.memory.kind : sizing.why;
  };
  const kinds = [9e5, 3e6, 9e6, 11e6].map((count) => memoryAt(count, 0.05));
  assert.deepEqual(kinds, ['measured', 'extrapolated', 'line', 'unknown']);
  assert.equal(memoryAt(9e6, 0.15), 'unknown');
});

test('what does not fit by what is known is out, whatever else is not known', () => {
  // 9 million sessions of 2,100 B fit; at a rate that was not tested that is not known. 50 million of a kilobyte more do not fit.
  const at80k = (count: number, payloadBytes: number) =>
    optionOf(
      advised(
        { sessions: alive(count), payloadBytes, rate: rateOf(80_000), hosting: 'own' },
        withLine('redis', 0.01),
      ),
      'redis',
    );
  assert.equal(at80k(9e6, 1700).status, 'open');
  assert.match(firstBroken(at80k(9e6, 6500))?.shows ?? '', /memory of \d servers of the largest size/);
});

test('where nothing can be priced it is told what is out, what is left, and which command decides on which machine', () => {
  const advice = advised({
    survives,
    mayLose: 'second',
    rate: rateOf(9000),
    sessions: alive(9e6),
    hosting: 'own',
  });
  const text = advice.sentences.join('\n');
  // A cluster can be priced; without it nothing can.
  assert.equal(advice.choice, 'redis-cluster');
  const evidence = {
    ...inventedEvidence,
    strategies: inventedEvidence.strategies.filter(({ name }) => name !== 'redis-cluster'),
  };
  const unknown = advised(
    { survives, mayLose: 'second', rate: rateOf(9000), sessions: alive(9e6), hosting: 'own' },
    evidence,
  );
  assert.deepEqual([unknown.kind, unknown.choice], ['open', null]);
  const told = unknown.sentences.join('\n');
  for (const part of [
    'No wish excludes postgres and redis',
    'sticky and memcached are out for sure (losses)',
    '--footprint --sessions 1000,10000,100000,1000000,3000000 --payload 200 --strategy postgres --strategy redis',
    'GiB free for the sessions',
    '--rate 3000 --strategy postgres --strategy redis',
  ])
    assert.ok(told.includes(part), `${part}\n${told}\n${text}`);
  const fast = advised({ survives, mayLose: 'second', rate: rateOf(9000), hosting: 'own' }, evidence);
  const rate = fast.missing.find(({ command }) => command.includes('--rate'));
  assert.equal(rate?.command, 'npm run bench -- --rate 3000 --strategy postgres --strategy redis');
  // 3,000/s x 1,470 µs of PostgreSQL are 4.4 cores, / 0.6 and one for the generator.
  assert.match(rate?.on?.words ?? '', /on 9 cores or more/);
});

test('a verification counts for more than the paper, and its failed check is named', () => {
  const verified = (checks: Readonly<Partial<Record<SecurityCheckId, CheckOutcome>>>) =>
    withStrategy(inventedEvidence, 'redis', (strategy) => ({
      ...strategy,
      security: measured(
        Object.entries(checks).map(([check, outcome]) => ({
          run: 'v',
          // Object.entries forgets which keys there are.
          check: check as SecurityCheckId,
          title: `title of ${check}`,
          outcome,
          detail: 'This was seen.',
        })),
      ),
    }));
  const judged = (evidence: Evidence, wishes: Partial<Wishes>, wish: string) => {
    const found = optionOf(advised(wishes, evidence), 'redis').judged.filter((each) => each.wish === wish);
    return found.map(({ verdict, basis }) => `${verdict} ${basis.kind}`);
  };
  const [atOnce, all] = [{ endsAtOnce: true }, { endsAllOfAUser: true }];
  assert.deepEqual(judged(inventedEvidence, atOnce, 'ends at once'), ['met on-paper']);
  assert.deepEqual(judged(verified({ logout: 'holds', 'logout-race': 'holds' }), atOnce, 'ends at once'), [
    'met measured',
  ]);
  // Half of what was to be asked.
  assert.deepEqual(judged(verified({ logout: 'holds' }), atOnce, 'ends at once'), ['met on-paper']);
  assert.deepEqual(judged(verified({ 'logout-race': 'broken' }), atOnce, 'ends at once'), [
    'broken measured',
  ]);
  assert.deepEqual(judged(verified({ 'end-user': 'holds' }), all, 'ends all of a user'), ['met measured']);
  assert.deepEqual(judged(verified({ 'end-user': 'limit' }), all, 'ends all of a user'), ['broken measured']);
  assert.deepEqual(judged(verified({ 'end-user': 'unknown' }), all, 'ends all of a user'), ['met on-paper']);
  const leaking = advised({}, verified({ 'own-session': 'broken', 'ids-in-logs': 'broken' }));
  assert.deepEqual(
    [firstBroken(optionOf(leaking, 'redis'))?.wish, firstBroken(optionOf(leaking, 'redis'))?.shows],
    ['right answers', 'the check "title of own-session" (own-session) is broken: This was seen'],
  );
});

test('sessions that go with their app are told where a part of them may go', () => {
  const advice = advised({ survives, mayLose: 'node' });
  assert.equal(advice.choice?.startsWith('sticky'), true);
  assert.ok(advice.sentences.some((each) => each.includes('a deployment that ends all apps')));
  assert.ok(!advised().sentences.some((each) => each.includes('a deployment that ends all apps')));
});

test('what is written goes to a copy in another zone too', () => {
  const trafficOf = (name: string) =>
    optionOf(advised({ survives: ['zone'], mayLose: 'second', hosting: 'own' }), name).cost?.lines.find(
      ({ part }) => part === 'traffic',
    )?.monthly;
  // 1,000/s x 1,700 B x 2,628,000 s: half of 1.124 moves, and 0.144 to the copy, at 0.02 a GiB.
  const gib = (1000 * 1700 * 2_628_000 * (1.124 / 2 + 0.144)) / 2 ** 30;
  assert.ok(Math.abs((trafficOf('redis') ?? 0) - gib * 0.02) < 0.01);
});

test('what is named to decide does decide', () => {
  const evidence = {
    ...inventedEvidence,
    strategies: inventedEvidence.strategies.filter(({ name }) => name === 'redis' || name === 'postgres'),
  };
  const wishes = { rate: rateOf(9000), sessions: alive(9e6), hosting: 'own' } as const;
  const before = advised(wishes, evidence);
  assert.deepEqual([before.kind, before.choice], ['open', null]);
  const commands = before.missing.map(({ command }) => command);
  const numberAfter = (option: RegExp): number =>
    Number(commands.flatMap((command) => option.exec(command)?.[1] ?? [])[0] ?? Number.NaN);
  const [rate, testedTo] = [numberAfter(/--rate (\d+)/), numberAfter(/--sessions [\d,]*?(\d+) /)];
  const measuredThen = evidence.strategies.reduce(
    (all, { name }) =>
      withStrategy(all, name, (strategy) => ({
        ...strategy,
        highest: { rate, run: RUN },
        footprint: measured([{ ...footprintOf(2100, false), testedTo }]),
      })),
    evidence as Evidence,
  );
  assert.equal(advised(wishes, measuredThen).kind, 'firm');
});

/** As runs would have it that weighed no sessions. */
const unweighed: Evidence = inventedEvidence.strategies.reduce(
  (evidence, { name }) =>
    withStrategy(evidence, name, (strategy) => ({
      ...strategy,
      footprint: missingPart('bytes of a session', `npm run bench -- --footprint --strategy ${name}`),
    })),
  inventedEvidence,
);

/** As if the commands that would decide had been run: `--sessions 1000,…,N --payload P --strategy …`. */
function weighedAs({ missing }: Advice, evidence: Evidence): Evidence {
  const told = missing.filter(({ command }) => command.includes('--footprint --sessions'));
  assert.ok(told.length > 0);
  return told.reduce((all, { command }) => {
    const most = Number(/--sessions (?:\d+,)*(\d+)/.exec(command)?.[1]);
    const payload = Number(/--payload (\d+)/.exec(command)?.[1]);
    const named = [...command.matchAll(/--strategy (\S+)/g)].map(([, name = '']) => name);
    return named.reduce(
      (each, name) =>
        withStrategy(each, name, (strategy) => ({
          ...strategy,
          footprint: measured([
            { ...footprintOf(payload + 400, name === 'sticky', payload), testedTo: most },
          ]),
        })),
      all,
    );
  }, evidence);
}

test('what the advice says to weigh decides, in one go', () => {
  for (const payloadBytes of [200, 1000, 1700, 6000])
    for (const count of [50_000, 200_000, 1_000_000]) {
      const wishes = { payloadBytes, sessions: { kind: 'alive', count } } as const;
      const asked = (evidence: Evidence): Advice =>
        advise({ evidence, wishes: { ...modestWishes, ...wishes }, prices: roundPrices }, 'brief');
      const before = asked(unweighed);
      assert.equal(before.kind, 'open', `${payloadBytes} B, ${count}`);
      const after = asked(weighedAs(before, unweighed));
      assert.equal(after.kind, 'firm', `${payloadBytes} B, ${count}: ${after.sentences.join(' ')}`);
    }
});

test('servers that are counted by too much memory are no answer, and put nothing over the budget', () => {
  const alone: Evidence = {
    ...unweighed,
    strategies: unweighed.strategies.filter(({ name }) => name === 'sticky'),
  };
  const wishes = { sessions: { kind: 'alive', count: 200_000 }, budget: 100 } as const;
  const advice = advised(wishes, alone);
  assert.equal(advice.kind, 'open');
  assert.equal(advice.choice, null);
  assert.ok(advice.options.every(({ status }) => status === 'open'));
  // What the least there is carries is counted by nothing that is too much.
  assert.equal(advised({ sessions: { kind: 'alive', count: 1000 } }, alone).kind, 'firm');
});
