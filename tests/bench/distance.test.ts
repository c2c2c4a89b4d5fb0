/** What a run of distances does, and what is told of it: on the fake runtime, as `bench` would tell it. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { distanceDesign } from '../../experiment/distance/plan.ts';
import { type FakeRun, fakeRun, settingFor, strategyNamed } from '../../experiment/testing/fake-run.ts';
import type { FakeTrial } from '../../experiment/testing/fake-runtime.ts';
import type { DeployOptions, Strategy } from '../../infra/runtimes/runtime.ts';
import { type OperationName, operationNames } from '../../record/common.ts';
import type { DistanceResult } from '../../record/distance.ts';
import { type Summary, summary as summarySchema } from '../../record/summary.ts';
import { mostWords } from '../../reports/document/document.ts';
import { outcomeOf } from '../../reports/outcome.ts';
import { html } from '../../reports/render/html/index.ts';
import { junit } from '../../reports/render/junit.ts';
import { markdown } from '../../reports/render/markdown.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { type Report, reportOf } from '../../reports/report.ts';
import { countWords } from '../../reports/words/brief.ts';
import { codeOf } from '../../scripts/cli/exit-codes.ts';

type Trips = Readonly<Record<OperationName, number>>;

/** As stores on one server are. */
const usual: Trips = { login: 1, read: 1, write: 2, logout: 2, probe: 1 };
const none: Trips = { login: 0, read: 0, write: 0, logout: 0, probe: 0 };
const OWN_MICROS = 800;

/** A strategy that says so many round trips of itself. */
const saying = (name: string, roundTripsPerOperation: Trips): Strategy => {
  const strategy = strategyNamed(name);
  return { ...strategy, topology: { ...strategy.topology, roundTripsPerOperation } };
};

const latencies = (trips: Trips, addedMs: number): FakeTrial => ({
  latencyMicros: {
    login: OWN_MICROS + trips.login * addedMs * 1000,
    read: OWN_MICROS + trips.read * addedMs * 1000,
    write: OWN_MICROS + trips.write * addedMs * 1000,
    logout: OWN_MICROS + trips.logout * addedMs * 1000,
    probe: OWN_MICROS + trips.probe * addedMs * 1000,
  },
});

interface Told extends Report {
  readonly fake: FakeRun;
  readonly results: readonly DistanceResult[];
  readonly deployed: readonly DeployOptions[];
  of(strategy: string, operation: OperationName): DistanceResult;
}

interface Measured {
  readonly strategies: readonly Strategy[];
  readonly addedMs?: readonly number[];
  readonly passes?: number;
  trial(strategy: string, addedMs: number, number: number): FakeTrial;
}

async function measured(
  t: TestContext,
  { strategies, addedMs = [0, 1, 5, 20], passes = 2, trial }: Measured,
): Promise<Told> {
  const setting = { ...settingFor(), strategies };
  const design = distanceDesign({ addedMs, passes, rate: { mode: 'auto' } }, strategies, setting.seed);
  const deployed: DeployOptions[] = [];
  const fake = await fakeRun(
    t,
    { ...setting, design },
    {
      script: {
        trial: ({ strategy, addedMs: added, number }) => trial(strategy, added, number),
        deployed: (_strategy, options) => deployed.push(options),
      },
    },
  );
  const report = reportOf(fake.read);
  const results = distanceOf(report.summary).results;
  const of = (strategy: string, operation: OperationName) =>
    results.find((each) => each.strategy === strategy && each.operation === operation) ??
    assert.fail(`nothing was found of a ${operation} with ${strategy}`);
  return { ...report, fake, results, deployed, of };
}

const distanceOf = ({ design }: Summary) =>
  design.kind === 'distance' ? design : assert.fail(`the design is ${design.kind}`);

const tripsOf = ({ line }: DistanceResult): number =>
  line.status === 'fitted' ? line.roundTrips : assert.fail(line.why);

const about = (actual: number, expected: number, by = 0.02) =>
  assert.ok(Math.abs(actual - expected) <= by, `${actual}, not ${expected}`);

test('each block is at one distance, which is set before its sessions log in', async (t) => {
  const { fake, deployed, summary } = await measured(t, {
    strategies: [saying('redis', usual), saying('sticky', none)],
    trial: (strategy, added) => latencies(strategy === 'sticky' ? none : usual, added),
  });
  assert.deepEqual(
    deployed.map(({ network }) => network),
    ['proxied', 'proxied'],
  );
  const { addedMs } = distanceOf(summary);
  assert.deepEqual(
    addedMs.toSorted((a, b) => a - b),
    [0, 0, 1, 1, 5, 5, 20, 20],
  );
  // All distances once before any of them comes again.
  assert.deepEqual(
    addedMs.slice(0, 4).toSorted((a, b) => a - b),
    [0, 1, 5, 20],
  );
  const steps = fake.runtime.steps.filter((step) => /^(redis: |seed redis)/.test(step));
  assert.deepEqual(
    steps,
    addedMs.flatMap((each) => [`redis: slow by ${each} ms`, 'seed redis']),
  );
  for (const trial of fake.read.trials)
    assert.equal(trial.kind === 'valid' && trial.record.offeredRate, distanceOf(summary).rate.value);
});

test('the slope is the number of round trips, for every operation, and none where there is no server', async (t) => {
  const { of, results, summary, document, fake } = await measured(t, {
    strategies: [saying('redis', usual), saying('sticky', none)],
    trial: (strategy, added) => latencies(strategy === 'sticky' ? none : usual, added),
  });
  for (const operation of operationNames) {
    about(tripsOf(of('redis', operation)), usual[operation]);
    about(tripsOf(of('sticky', operation)), 0);
  }
  assert.ok(results.every(({ verdict }) => verdict === 'as-expected'));
  assert.ok(!summary.findings.some(({ code }) => code.startsWith('round-trips')));
  assert.equal(codeOf[outcomeOf(summary, true)], 0);
  assert.deepEqual(summarySchema.parse(JSON.parse(JSON.stringify(summary))), summary);
  assert.ok(countWords(summary.answer) <= mostWords, summary.answer);
  assert.match(summary.answer, /a read 1 ms and a write 2 ms with REDIS, and nothing with STICKY/);
  assert.deepEqual(fake.read.problems, []);

  const [zone, near, far] = of('redis', 'write').computed;
  assert.deepEqual(
    [zone, near, far].map((each) => each?.addedMs),
    [0.5, 1, 2],
  );
  about(zone?.p50Ms ?? 0, 0.8 + 2 * 0.5);
  about(far?.p50Ms ?? 0, 0.8 + 2 * 2, 0.05);

  const screen = terminal(document);
  for (const words of ['Network distance', 'On other networks', 'one zone', 'across zones', '2.00'])
    assert.ok(screen.includes(words), `"${words}" is not in:\n${screen}`);
  assert.match(markdown(document), /not measured/);
  assert.match(junit(document), /as-expected: a write waits for 2\.00 round trips/);
  const page = await html(document);
  for (const id of ['distance-read', 'distance-write']) assert.ok(page.includes(id), id);
});

test('a strategy that waits for more than it says is found, and no other; it fails nothing', async (t) => {
  const { of, summary, document } = await measured(t, {
    strategies: [saying('chatty', usual), saying('redis', usual)],
    trial: (strategy, added) => latencies(strategy === 'chatty' ? { ...usual, write: 3 } : usual, added),
  });
  const differing = summary.findings.filter(({ code }) => code === 'round-trips-differ');
  assert.deepEqual(
    differing.map(({ severity }) => severity),
    ['warning'],
  );
  assert.match(differing[0]?.message ?? '', /^CHATTY: a write waits for .* and should wait for 2\.$/);
  assert.deepEqual(
    operationNames.map((operation) => of('chatty', operation).verdict),
    operationNames.map((operation) => (operation === 'write' ? 'different' : 'as-expected')),
  );
  assert.match(summary.answer, /One strategy waits for other round trips than it says/);
  assert.match(terminal(document), /not 2/);
  assert.equal(codeOf[outcomeOf(summary, true)], 0);
});

test('a trial that a busy machine made slow moves no line', async (t) => {
  const { of } = await measured(t, {
    strategies: [saying('redis', usual)],
    passes: 4,
    trial: (_strategy, added, number) => {
      const slow = number === 3 ? 30_000 : 0;
      return { latencyMicros: { ...latencies(usual, added), read: OWN_MICROS + added * 1000 + slow } };
    },
  });
  about(tripsOf(of('redis', 'read')), 1, 0.05);
  assert.equal(of('redis', 'read').verdict, 'as-expected');
});

test('a trial whose operations waited for each other is no point of a line', async (t) => {
  const { of } = await measured(t, {
    strategies: [saying('redis', usual)],
    trial: (_strategy, added, number) =>
      number === 3 || number === 6
        ? { latencyMicros: 400_000, lastWaitMicros: 300_000 }
        : latencies(usual, added),
  });
  about(tripsOf(of('redis', 'read')), 1);
  assert.equal(of('redis', 'write').verdict, 'as-expected');
});

test('what noise or too few trials leave open is said, and is no difference', async (t) => {
  const few = await measured(t, {
    strategies: [saying('redis', usual)],
    addedMs: [0, 5],
    passes: 1,
    trial: (_strategy, added) => latencies(usual, added),
  });
  about(tripsOf(few.of('redis', 'read')), 1);
  assert.ok(few.results.every(({ verdict }) => verdict === 'open'));
  const codes = few.summary.findings.map(({ code }) => code);
  assert.ok(codes.includes('round-trips-open') && !codes.includes('round-trips-differ'), codes.join());

  const noise = [9, 0, 14, 3, 22, 1, 6, 17];
  const noisy = await measured(t, {
    strategies: [saying('redis', usual)],
    trial: (_strategy, added, number) => ({
      latencyMicros: OWN_MICROS + added * 1000 + (noise[number - 1] ?? 0) * 1000,
    }),
  });
  assert.equal(noisy.of('redis', 'read').verdict, 'open');
});

test('invalid trials stand behind no line, and without two distances there is none', async (t) => {
  const { of, summary } = await measured(t, {
    strategies: [saying('redis', usual)],
    addedMs: [0, 20],
    passes: 1,
    trial: (_strategy, added) => ({ ...latencies(usual, added), ...(added > 0 && { lagP99Micros: 1e6 }) }),
  });
  assert.equal(of('redis', 'read').line.status, 'unknown');
  assert.deepEqual(of('redis', 'read').computed, []);
  assert.ok(summary.findings.some(({ code }) => code === 'round-trips-open'));
});
