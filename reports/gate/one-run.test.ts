import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { type Comparison, comparison as schema } from '../../record/gate.ts';
import { withLog } from '../../record/log-lines.ts';
import { readRun } from '../../record/read/run.ts';
import { type Reason, reasonOf } from '../../record/reasons.ts';
import type { RunRecord } from '../../record/run.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { UserError } from '../../record/user-error.ts';
import { writeComparedRun } from '../fixtures/compared-run.ts';
import { madeRun, temporaryFolder } from '../fixtures/temporary.ts';
import { junit } from '../render/junit.ts';
import { terminal } from '../render/terminal.ts';
import type { Budget } from './budgets.ts';
import { writeComparison } from './index.ts';
import { compareWithin } from './one-run.ts';
import { comparisonPage } from './page.ts';
import { settingOf } from './words.ts';

const budgets: readonly Budget[] = [
  { metric: 'read.p50', share: 0.05 },
  { metric: 'cpuPerRequest', share: 0.05 },
];

const outcomes = (results: readonly { readonly metric: string; readonly outcome: string }[]): object =>
  Object.fromEntries(results.map(({ metric, outcome }) => [metric, outcome]));

test('a candidate that needs more CPU is a regression, named with its size', async (t) => {
  const folder = await writeComparedRun(path.join(await temporaryFolder(t), 'run'), { cpu: 1.25 });
  const comparison = schema.parse(compareWithin(await readRun(folder), budgets));
  assert.equal(comparison.outcome, 'regression');
  assert.deepEqual(outcomes(comparison.results), { 'read.p50': 'ok', cpuPerRequest: 'regression' });
  assert.match(
    comparison.answer,
    /^Regression: redis: the working tree uses \d+–\d+ % more CPU per request than main \(budget 5 %\)\.$/,
  );
  const [, cpu] = comparison.results;
  assert.ok(Math.abs(Number(cpu?.values.candidate) / Number(cpu?.values.baseline) - 1.25) < 0.05);
  assert.ok(comparison.findings.some(({ code }) => code === 'dirty-tree'));
});

test('how sides were driven is said, and what the machine did to both', async (t) => {
  const parent = await temporaryFolder(t);
  const made = async (name: string, pairing: 'duet' | 'turns'): Promise<Comparison> => {
    const folder = await writeComparedRun(
      path.join(parent, name),
      {},
      {
        run: (record) =>
          record.design.kind === 'sides' ? { ...record, design: { ...record.design, pairing } } : record,
        trial: (record) =>
          record.block === 2
            ? { ...record, warnings: [reasonOf('host-busy', 'other processes used 60.0 % of it')] }
            : record,
      },
    );
    return schema.parse(compareWithin(await readRun(folder), budgets));
  };
  const duet = await made('duet', 'duet');
  assert.equal(duet.pairing, 'duet');
  assert.match(settingOf(duet), /12 blocks of 1 s trials, both sides at the same time\./);
  assert.match(
    duet.findings.find(({ code }) => code === 'pairs-disturbed')?.message ?? '',
    /not quiet in 2 of 24 valid trials: other processes used 60\.0 %/,
  );
  assert.match(settingOf(await made('turns', 'turns')), /trials, the sides in turns\./);
});

test('equal sides are no regression, and a faster one is better', async (t) => {
  const parent = await temporaryFolder(t);
  const same = compareWithin(await readRun(await writeComparedRun(path.join(parent, 'same'))), budgets);
  assert.equal(same.outcome, 'ok');
  assert.match(same.answer, /^No regression: the working tree stays within all 2 budgets against main\.$/);
  const better = compareWithin(
    await readRun(await writeComparedRun(path.join(parent, 'better'), { latency: 0.7 })),
    budgets,
  );
  assert.equal(better.outcome, 'ok');
  assert.deepEqual(
    better.results.map(({ improved }) => improved),
    [true, false],
  );
  assert.match(
    better.answer,
    /^No regression, and redis: the working tree's read p50 is \d+–\d+ % lower than main's\.$/,
  );
  const narrow = terminal(comparisonPage(better), { columns: 60 }).split('\n');
  assert.ok(narrow.includes('redis, read p50, better'), narrow.join('\n'));
  assert.match(terminal(comparisonPage(better), { columns: 200 }), /read p50 .*better .*−[23]\d\.\d %/);
});

test('wrong answers of the candidate alone are a regression, whatever its speed', async (t) => {
  const wrong = (record: TrialRecord): TrialRecord => {
    const { read } = record.operations;
    if (record.strategy !== 'redis-candidate' || record.block !== 2 || !read) return record;
    return {
      ...record,
      operations: { ...record.operations, read: { ...read, violations: { ...read.violations, stale: 3 } } },
    };
  };
  const folder = await writeComparedRun(path.join(await temporaryFolder(t), 'run'), {}, { trial: wrong });
  const comparison = compareWithin(await readRun(folder), budgets);
  assert.equal(comparison.outcome, 'regression');
  assert.match(
    comparison.answer,
    /redis: the working tree gives wrong answers: 3 stale of [\d,]+ \(main: none of [\d,]+\)/,
  );
});

test('sides that hardly answer are compared in nothing', async (t) => {
  const parent = await temporaryFolder(t);
  const judged = async (name: string, ...sides: readonly string[]) => {
    const silent = (record: TrialRecord): TrialRecord => {
      const { read } = record.operations;
      if (!sides.includes(record.strategy) || !read) return record;
      const errors = { ...read.errors, server: Math.round(read.count / 2) };
      return { ...record, operations: { ...record.operations, read: { ...read, errors } } };
    };
    const folder = await writeComparedRun(path.join(parent, name), { cpu: 0.5 }, { trial: silent });
    return schema.parse(compareWithin(await readRun(folder), budgets));
  };
  const candidate = await judged('candidate', 'redis-candidate');
  assert.equal(candidate.outcome, 'regression');
  const baseline = await judged('baseline', 'redis-baseline');
  assert.equal(baseline.outcome, 'invalid');
  assert.match(baseline.answer, /^No verdict: redis of main failed, so that nothing of it is compared/);
  const both = await judged('both', 'redis-baseline', 'redis-candidate');
  assert.equal(both.outcome, 'invalid');
  for (const each of [baseline, both]) assert.match(junit(comparisonPage(each)), /errors="1"/);
  for (const { results, findings } of [candidate, baseline, both]) {
    assert.deepEqual(results, []);
    assert.ok(findings.some(({ code, severity }) => code === 'strategy-failed' && severity === 'alarm'));
  }
});

test('a candidate that loses trials to faults of its own is not judged by the rest; a baseline may', async (t) => {
  const parent = await temporaryFolder(t);
  const judged = async (name: string, ...sides: readonly string[]) => {
    const dying = (record: TrialRecord): TrialRecord =>
      sides.includes(record.strategy) && record.block % 4 === 0
        ? { ...record, status: 'invalid', reasons: [reasonOf('server-died', 'app-1 ended: exit code 1')] }
        : record;
    const folder = await writeComparedRun(path.join(parent, name), {}, { blocks: 24, trial: dying });
    return compareWithin(await readRun(folder), budgets);
  };
  const candidate = await judged('candidate', 'redis-candidate');
  assert.equal(candidate.outcome, 'invalid');
  assert.match(
    candidate.answer,
    /^No verdict: redis of the working tree lost 6 trials to faults of its own, main 0: app-1 ended/,
  );
  assert.match(junit(comparisonPage(candidate)), /errors="1"/);
  for (const sides of [['redis-baseline'], ['redis-baseline', 'redis-candidate']])
    assert.equal((await judged(sides.join(), ...sides)).outcome, 'ok');
});

test('what a server wrote to its log is with its finding, and in neither the answer nor a list of reasons', async (t) => {
  const parent = await temporaryFolder(t);
  const reason = reasonOf('server-died', withLog('app-1 ended: exit code 1', ['the disk is on fire']));
  for (const dying of [['redis-candidate'], ['redis-baseline', 'redis-candidate']]) {
    const folder = await writeComparedRun(
      path.join(parent, dying.join()),
      {},
      {
        blocks: 2,
        trial: (record) =>
          dying.includes(record.strategy) ? { ...record, status: 'invalid', reasons: [reason] } : record,
      },
    );
    const { answer, findings, outcome } = compareWithin(await readRun(folder), budgets);
    assert.equal(outcome, 'invalid');
    assert.match(answer, /^No verdict: /);
    const told = findings.filter(({ message }) => message.includes('on fire')).map(({ code }) => code);
    assert.deepEqual([/on fire/.test(answer), told.length <= 1], [false, true], `${answer} ${told}`);
  }
});

test('too few blocks are inconclusive with what would help; none that are valid, invalid', async (t) => {
  const parent = await temporaryFolder(t);
  const few = await writeComparedRun(path.join(parent, 'few'), { cpu: 1.5 }, { blocks: 4 });
  const short = compareWithin(await readRun(few), budgets);
  assert.equal(short.outcome, 'inconclusive');
  assert.match(short.answer, /4 blocks are too few/);
  const busy: Reason = { code: 'host-busy', message: 'other processes were busy', remedy: 'Wait.' };
  const none = await writeComparedRun(
    path.join(parent, 'none'),
    {},
    { blocks: 2, trial: (record) => ({ ...record, status: 'invalid', reasons: [busy] }) },
  );
  const invalid = compareWithin(await readRun(none), budgets);
  assert.equal(invalid.outcome, 'invalid');
  assert.match(invalid.answer, /^No verdict: .*no block has a valid trial/);
  assert.ok(
    invalid.findings.some(({ message }) => /4 trials .* invalid .*: other processes were busy/.test(message)),
  );
  assert.match(terminal(comparisonPage(invalid)), /invalid/);
});

test('a damaged trial is told and left out, and the rest is judged', async (t) => {
  const folder = await writeComparedRun(path.join(await temporaryFolder(t), 'run'), { cpu: 1.3 });
  await writeFile(path.join(folder, 'trials/001-redis-baseline/trial.json'), '{"schemaVersion": 1, "num');
  const comparison = compareWithin(await readRun(folder), budgets);
  assert.equal(comparison.outcome, 'regression');
  assert.deepEqual(
    comparison.results.map(({ verdict }) => verdict.pairs),
    [11, 11],
  );
  assert.ok(
    comparison.findings.some(({ code, message }) => code === 'unreadable-trial' && /001-redis/.test(message)),
  );
});

test('a metric of servers that neither side has is passed over', async (t) => {
  const folder = await writeComparedRun(
    path.join(await temporaryFolder(t), 'run'),
    {},
    {
      blocks: 8,
      trial: (record) => ({ ...record, usage: { ...record.usage, store: { cpuMicros: 0, memoryBytes: 0 } } }),
    },
  );
  const { results, outcome } = compareWithin(await readRun(folder), [
    ...budgets,
    { metric: 'memory.store', share: 0.1 },
  ]);
  assert.deepEqual(
    results.map(({ metric }) => metric),
    ['read.p50', 'cpuPerRequest'],
  );
  assert.notEqual(outcome, 'invalid');
});

test('a round trip more is a regression by its count, whatever the times say', async (t) => {
  const parent = await temporaryFolder(t);
  const compared = async (perRequest: number) => {
    const trial = (record: TrialRecord): TrialRecord => ({
      ...record,
      storeCommands: {
        GET: record.requests.generator * (record.strategy === 'redis-baseline' ? 1 : perRequest),
      },
    });
    const folder = path.join(parent, String(perRequest));
    const run = await readRun(await writeComparedRun(folder, {}, { trial }));
    return compareWithin(run, [{ metric: 'storeCommandsPerRequest', share: 0.05 }]);
  };
  const more = await compared(2);
  assert.equal(more.outcome, 'regression');
  assert.match(
    more.answer,
    /redis: the working tree sends 2 times as many store commands per request as main/,
  );
  assert.equal((await compared(1)).outcome, 'ok');
});

test('sides of the same code are told apart from a change that passes, in every output', async (t) => {
  const design = (change: object, candidate: object = {}) => ({
    run: (record: RunRecord): RunRecord =>
      record.design.kind === 'sides'
        ? {
            ...record,
            design: {
              ...record.design,
              baseline: { ...record.design.baseline, ...change },
              candidate: { ...record.design.candidate, ...change, ...candidate },
            },
          }
        : record,
  });
  const parent = await temporaryFolder(t);
  const compared = async (name: string, options: object) =>
    compareWithin(await readRun(await writeComparedRun(path.join(parent, name), {}, options)), budgets);
  const told = ({ findings }: Comparison) => findings.find(({ code }) => code === 'same-code')?.message;

  const digest = await compared('digest', design({ digest: 'a' }));
  assert.match(told(digest) ?? '', /Nothing that is measured differs between main and the working tree/);
  assert.equal(digest.answer, 'No regression, and no change to judge: both sides run the same code.');
  assert.match(terminal(comparisonPage(digest)), /no change was judged/);
  assert.match(junit(comparisonPage(digest)), /no change was judged/);
  // As runs of before have it: no digest.
  const old = design({ digest: null, commit: 'c', dirty: false });
  assert.match(told(await compared('commit', old)) ?? '', /main and the working tree are one commit/);
  for (const other of [{ dirty: true }, { commit: 'd' }, { digest: 'b', dirty: true }])
    assert.equal(told(await compared('other', design({ digest: null, commit: 'c' }, other))), undefined);
});

test('a run of bench compares nothing', async (t) => {
  const run = await readRun(await madeRun(t, 'good'));
  assert.throws(() => compareWithin(run, budgets), UserError);
});

test('the files: JSON by its schema, JUnit with a case for each budget, Markdown with the answer', async (t) => {
  const folder = await writeComparedRun(path.join(await temporaryFolder(t), 'run'), { cpu: 1.25 });
  const comparison = compareWithin(await readRun(folder), budgets);
  const hostile = { ...comparison, baseline: { ...comparison.baseline, label: 'a|b <img src=x> & "c"' } };
  const files = await writeComparison(hostile, folder);
  assert.deepEqual(schema.parse(JSON.parse(await readFile(files.json, 'utf8'))), hostile);
  const junit = await readFile(files.junit, 'utf8');
  assert.match(junit, /tests="3" failures="1" errors="0" skipped="0"/);
  assert.match(junit, /<failure message="redis: the working tree uses \d+–\d+ % more CPU/);
  assert.match(junit, /value="a\|b &lt;img src=x&gt; &amp; &quot;c&quot;"/);
  const markdown = await readFile(files.markdown, 'utf8');
  assert.match(markdown, /🛑 \*\*Regression: redis: the working tree uses/);
  assert.match(markdown, /a\\\|b &lt;img src=x&gt; &amp; "c"/);
});

/** Half of the reads of a side fail in one block, in which one of its servers ends. */
const dyingIn =
  (name: string, reason: Reason, violations: object = {}) =>
  (record: TrialRecord): TrialRecord => {
    const { read } = record.operations;
    if (record.strategy !== name || record.block !== 5 || !read) return record;
    const errors = { ...read.errors, server: Math.round(read.count / 2) };
    const failing = { ...read, errors, violations: { ...read.violations, ...violations } };
    return {
      ...record,
      status: 'invalid',
      reasons: [reason],
      operations: { ...record.operations, read: failing },
    };
  };

const sameDigest = (record: RunRecord): RunRecord =>
  record.design.kind === 'sides'
    ? {
        ...record,
        design: {
          ...record.design,
          baseline: { ...record.design.baseline, digest: 'a' },
          candidate: { ...record.design.candidate, digest: 'a' },
        },
      }
    : record;

const killed = reasonOf('server-killed', 'app-1 (app) ended during the trial: SIGKILL');
const crashed = reasonOf('server-died', 'app-1 (app) ended during the trial: exit code 1');
const interrupted = reasonOf('interrupted', 'the run was interrupted during this trial');

const endings = [
  ['the candidate is killed', 'redis-candidate', killed, {}, 'invalid'],
  ['the candidate loses sessions with a killed server', 'redis-candidate', killed, { lost: 9 }, 'invalid'],
  ['the candidate mixes sessions up, killed or not', 'redis-candidate', killed, { crossed: 1 }, 'regression'],
  ['the candidate crashes', 'redis-candidate', crashed, {}, 'regression'],
  ['the candidate is interrupted', 'redis-candidate', interrupted, {}, 'ok'],
  ['the baseline is killed', 'redis-baseline', killed, {}, 'ok'],
  ['the baseline crashes', 'redis-baseline', crashed, {}, 'ok'],
] as const;

for (const [what, side, reason, violations, outcome] of endings)
  test(`errors of a trial that was cut off from outside are told and not tested: ${what}`, async (t) => {
    const options = { blocks: 24, trial: dyingIn(side, reason, violations) };
    const folder = await writeComparedRun(path.join(await temporaryFolder(t), 'run'), {}, options);
    const run = await readRun(folder);
    const judged = (record: RunRecord): Comparison =>
      schema.parse(compareWithin({ ...run, record }, budgets));
    const changed = judged(run.record);
    assert.equal(changed.outcome, outcome, changed.answer);
    assert.ok(changed.findings.some(({ code }) => code === 'errors'));
    const left = changed.findings.find(({ code }) => code === 'invalid-trials');
    assert.equal(left?.remedy, reason.remedy);
    const lost = changed.findings.find(({ code }) => code === 'trials-lost');
    if (reason !== interrupted)
      assert.equal(lost?.severity, side === 'redis-candidate' ? 'alarm' : 'warning');
    const told = changed.answers[0]?.message ?? '';
    const untested = reason !== crashed && side === 'redis-candidate';
    assert.equal(told.includes('cut off from outside'), untested, told);
    if (outcome !== 'regression' && untested) assert.match(told, /every other answer/);

    const same = judged(sameDigest(run.record));
    assert.notEqual(same.outcome, 'regression');
    assert.ok(!/Regression|\.\./.test(same.answer), same.answer);
    assert.match(junit(comparisonPage(same)), /failures="0"/);
    const differs = same.findings.some(({ code }) => code === 'same-code-differs');
    assert.equal(differs, outcome === 'regression');
    if (differs) assert.equal(same.outcome, 'invalid');
  });

const stoodStill = reasonOf('machine-stood-still', 'both sides stood still for 4.0 s at the same time');
const stoodTogether = reasonOf('sides-stood-still', 'both sides stood still for 1.5 s at the same time');

interface Standstill {
  /** Of the candidate's reads in each of its trials that stood still. */
  readonly failed: number;
  readonly blocks: readonly number[];
  readonly as: 'the machine' | 'nobody knows' | 'not at all';
  readonly violations?: Readonly<Record<string, number>>;
}

/** In these blocks both sides stood still, and reads of the candidate alone failed. */
const standingStill =
  ({ failed, blocks, as, violations = {} }: Standstill) =>
  (record: TrialRecord): TrialRecord => {
    const { read } = record.operations;
    if (!read || !blocks.includes(record.block)) return record;
    const own = record.strategy === 'redis-candidate';
    const wrong = { ...read.violations, ...(own && violations) };
    const counts = { ...read, errors: { ...read.errors, server: own ? failed : 0 }, violations: wrong };
    const met = { ...record, operations: { ...record.operations, read: counts } };
    if (as === 'nobody knows') return { ...met, warnings: [stoodTogether] };
    return as === 'the machine' ? { ...met, status: 'invalid', reasons: [stoodStill] } : met;
  };

const standstills: readonly (readonly [
  string,
  Standstill,
  outcome: Comparison['outcome'],
  trials?: string,
])[] = [
  ['the machine', { failed: 123, blocks: [2], as: 'the machine' }, 'inconclusive', 'with-standstills'],
  [
    'the machine, twice',
    { failed: 123, blocks: [2, 9], as: 'the machine' },
    'inconclusive',
    'with-standstills',
  ],
  ['the machine, and nothing failed', { failed: 0, blocks: [2], as: 'the machine' }, 'ok'],
  [
    'the machine, and a wrong answer',
    { failed: 0, blocks: [2], as: 'the machine', violations: { crossed: 1 } },
    'regression',
    'all',
  ],
  ['nobody knows', { failed: 123, blocks: [2], as: 'nobody knows' }, 'inconclusive', 'all'],
  [
    'nobody knows, and it comes again',
    { failed: 123, blocks: [2, 9], as: 'nobody knows' },
    'regression',
    'all',
  ],
  ['the candidate alone', { failed: 123, blocks: [2], as: 'not at all' }, 'regression', 'all'],
];

for (const [who, standstill, outcome, trials] of standstills)
  test(`a pair that stands still is held against nobody but who did it: ${who}`, async (t) => {
    const folder = await writeComparedRun(
      path.join(await temporaryFolder(t), 'run'),
      {},
      { blocks: 24, trial: standingStill(standstill) },
    );
    const judged = schema.parse(compareWithin(await readRun(folder), budgets));
    assert.equal(judged.outcome, outcome, judged.answer);
    const [answers] = judged.answers;
    const worst = answers?.classes.find((each) => each.outcome === outcome);
    if (trials) assert.equal(worst?.trials, trials);
    if (standstill.as === 'the machine' && standstill.failed > 0)
      assert.match(answers?.message ?? '', /stood still/);
    const told = judged.findings.some(({ code }) => code === 'sides-stood-still');
    assert.equal(told, standstill.as === 'nobody knows');
    assert.ok(judged.findings.every(({ code }) => code !== 'strategy-failed' && code !== 'trials-lost'));
  });

test('errors of a standstill that was measured again are told, and tested in nothing', async (t) => {
  const folder = await writeComparedRun(
    path.join(await temporaryFolder(t), 'run'),
    {},
    { blocks: 24, trial: standingStill({ failed: 123, blocks: [2], as: 'the machine' }) },
  );
  const run = await readRun(folder);
  // The third block stands for a repeat of the second.
  const again = run.trials.map((trial) =>
    trial.kind === 'valid' && trial.record.block === 3
      ? { ...trial, record: { ...trial.record, block: 2 } }
      : trial,
  );
  const judged = schema.parse(compareWithin({ ...run, trials: again }, budgets));
  assert.equal(judged.outcome, 'ok', judged.answer);
  assert.deepEqual(judged.answers[0]?.classes, []);
  assert.match(
    judged.answers[0]?.message ?? '',
    /every other answer .* 123 requests failed in 1 trial .*stood still/,
  );
  assert.ok(judged.findings.some(({ code }) => code === 'errors'));
});

test('sides of the same code are no regression by a budget either, but a self-test that slows one down is', async (t) => {
  const parent = await temporaryFolder(t);
  const judged = async (name: string, addedMicros: number): Promise<Comparison> => {
    const run = (record: RunRecord): RunRecord => {
      const same = sameDigest(record);
      if (same.design.kind !== 'sides') return same;
      const pairs = same.design.pairs.map((pair) => ({ ...pair, addedMicros }));
      return { ...same, design: { ...same.design, pairs } };
    };
    const folder = await writeComparedRun(path.join(parent, name), { cpu: 1.25 }, { run });
    return schema.parse(compareWithin(await readRun(folder), budgets));
  };
  const same = await judged('same', 0);
  assert.equal(same.outcome, 'invalid');
  assert.deepEqual(outcomes(same.results), { 'read.p50': 'ok', cpuPerRequest: 'invalid' });
  assert.match(same.answer, /^No verdict: .* Both sides run the same code\.$/);
  assert.match(junit(comparisonPage(same)), /failures="0" errors="1"/);
  assert.equal((await judged('slowed', 60)).outcome, 'regression');
});
