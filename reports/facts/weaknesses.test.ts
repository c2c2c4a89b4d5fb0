import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { noViolations } from '../../record/common.ts';
import { completedOnPaper } from '../../record/known-on-paper.ts';
import type { OnPaper } from '../../record/on-paper.ts';
import { type ReadRun, readRun } from '../../record/read/run.ts';
import { reasonOf } from '../../record/reasons.ts';
import type { ConcurrencySummary } from '../../record/summary.ts';
import { inventedOnPaper } from '../../record/testing/on-paper.ts';
import { longestShort } from '../../record/weakness.ts';
import { writeFaultsRun } from '../fixtures/faults.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { reportOf } from '../report.ts';
import { briefly } from '../words/weaknesses.ts';
import { nothingTried, type Tried, weaknessesOf } from './weaknesses.ts';

type Seen = Parameters<typeof weaknessesOf>[1];

const seenOf = (name: string, seen: Partial<Seen> = {}): Seen => ({
  name,
  status: 'valid',
  reasons: [],
  violations: noViolations,
  concurrency: null,
  ...seen,
});

const pages: ConcurrencySummary = {
  ...{ pages: 900, failed: 0, writes: 4000, lostUpdates: 0, lostShare: null, takenVersions: 0 },
  ...{ logouts: 120, undoneLogouts: 0, undoneShare: null, logins: 100, survivedLogins: 0 },
  ...{ p50Ms: 2, p99Ms: 5 },
};

const faultsRun = temporaryFolder({ after }).then(async (folder) =>
  readRun(await writeFaultsRun(path.join(folder, 'run'))),
);

/** A stored run whose record says so of a strategy. */
async function runWith(name: string, onPaper: OnPaper | null): Promise<ReadRun> {
  const run = await faultsRun;
  const strategies = run.record.strategies.map((each) => (each.name === name ? { ...each, onPaper } : each));
  return { ...run, record: { ...run.record, strategies } };
}

/** By code, with `*` behind what is on paper alone. */
const codes = (run: ReadRun, seen: Seen, tried: Tried = nothingTried): readonly string[] =>
  weaknessesOf(run, seen, tried).map(({ code, basis }) => `${code}${basis.kind === 'on-paper' ? '*' : ''}`);

const onPaperAlone: readonly (readonly [strategy: string, expected: readonly string[]])[] = [
  ['sticky', ['loses-of-an-app*', 'loses-all*', 'lost-updates*']],
  ['redis', ['loses-all*', 'lost-updates*']],
  ['postgres', ['loses-all*', 'lost-updates*']],
  ['redis-cluster', ['loses-all*', 'loses-newest*', 'lost-updates*']],
];

test('where nothing was looked at, the paper counts', async () => {
  for (const [name, expected] of onPaperAlone)
    assert.deepEqual(codes(await runWith(name, inventedOnPaper(name)), seenOf(name)), expected, name);
  const unknown = await runWith('redis', null);
  assert.deepEqual(codes(unknown, seenOf('redis')), [], 'nobody knows');
});

test('a write of single values loses no updates, and a user who cannot be ended is a weakness', async () => {
  const paper = inventedOnPaper('redis') ?? assert.fail();
  const traits = paper.traits && { ...paper.traits, writes: 'values' as const, endsAllOfAUser: null };
  const run = await runWith('redis', { ...paper, traits });
  assert.deepEqual(codes(run, seenOf('redis')), ['loses-all*', 'cannot-end-a-user*']);
});

test('the command names the strategy and what would measure it, where something would', async () => {
  const run = await runWith('postgres', inventedOnPaper('postgres'));
  const commands = weaknessesOf(run, seenOf('postgres'), nothingTried).map(({ basis }) =>
    basis.kind === 'on-paper' ? basis.command : '',
  );
  assert.deepEqual(commands, [null, 'npm run bench -- --scenario page --strategy postgres']);
});

const measured: readonly (readonly [what: string, seen: Partial<Seen>, expected: readonly string[]])[] = [
  [
    'wrong answers',
    { violations: { ...noViolations, lost: 3, stale: 9 } },
    ['wrong-answers', 'loses-all*', 'lost-updates*'],
  ],
  ['pages that lost nothing', { concurrency: pages }, ['loses-all*']],
  ['lost updates', { concurrency: { ...pages, lostUpdates: 312 } }, ['lost-updates', 'loses-all*']],
  [
    'races of logouts and logins',
    { concurrency: { ...pages, undoneLogouts: 3, survivedLogins: 2 } },
    ['undone-logouts', 'survived-logins', 'loses-all*'],
  ],
  [
    'a strategy that hardly answers',
    { status: 'failed', reasons: [reasonOf('strategy-failed', '30 of 100 requests got no right answer')] },
    ['failing', 'loses-all*', 'lost-updates*'],
  ],
  ['counts that nobody knows', { violations: null }, ['loses-all*', 'lost-updates*']],
];

for (const [what, seen, expected] of measured)
  test(`what the run saw comes first: ${what}`, async () => {
    const run = await runWith('redis', inventedOnPaper('redis'));
    assert.deepEqual(codes(run, seenOf('redis', seen)), expected);
    for (const { short } of weaknessesOf(run, seenOf('redis', seen), nothingTried))
      assert.ok(short.length <= longestShort, short);
  });

test('a fault that harmed is a weakness, and what it ended is no longer on paper; survived or unknown', async () => {
  const run = await faultsRun;
  const { summary, document } = reportOf(run);
  const of = (name: string) =>
    summary.strategies.find((each) => each.name === name)?.weaknesses ?? assert.fail(name);
  const texts = (name: string) => of(name).map(({ text }) => text);
  assert.match(texts('redis')[0] ?? '', /^store killed: lost 1,000 of 1,000 sessions$/);
  assert.ok(
    texts('redis').some(
      (text) => text === 'all sessions are lost by a restart, a power cut, and the loss of its zone',
    ),
    texts('redis').join('\n'),
  );
  assert.deepEqual(
    of('sticky').map(({ code }) => code),
    ['harmed', 'loses-of-an-app', 'loses-all', 'lost-updates'],
  );
  assert.ok(of('postgres').every(({ code }) => code !== 'harmed'));
  const narrow = terminal(document, { columns: 80 });
  assert.match(narrow, /Weaknesses.*store killed: lost 1,000 of 1,000/s);
  const page = markdown(document);
  assert.match(page, /## Weaknesses\n/);
  assert.match(page, /<code>npm run bench -- --faults --strategy redis<\/code>/);
});

test('wrong answers that a fault brought about are told by the fault alone', async () => {
  const run = await faultsRun;
  const { design } = reportOf(run).summary;
  assert.ok(design.kind === 'faults');
  const violations = { ...noViolations, lost: 1000 };
  const of = (name: string) => codes(run, seenOf(name, { violations }), design);
  assert.ok(!of('redis').includes('wrong-answers'));
  assert.ok(of('postgres').includes('wrong-answers'), 'no fault harmed it');
});

test('a run that is older than the record of it is told by what is known today', async () => {
  const run = await faultsRun;
  const old = {
    ...run.record,
    strategies: run.record.strategies.map((each) => ({ ...each, onPaper: null })),
  };
  const known = completedOnPaper(old, (name) => (name === 'redis' ? inventedOnPaper(name) : null));
  const told = reportOf({ ...run, record: known }).summary.strategies;
  assert.ok(told.find(({ name }) => name === 'redis')?.weaknesses.some(({ code }) => code === 'loses-all'));
  assert.ok(
    told.find(({ name }) => name === 'mysql')?.weaknesses.every(({ basis }) => basis.kind === 'measured'),
  );
});

test('in a table there is what has room, and how many there are besides', () => {
  const all = (count: number, kind: 'measured' | 'on-paper') =>
    Array.from({ length: count }, (_, i) => ({
      code: 'harmed' as const,
      short: `${kind} weakness ${i + 1}`,
      text: '',
      basis: kind === 'measured' ? ({ kind } as const) : ({ kind, command: null } as const),
    }));
  assert.deepEqual(briefly([]), { measured: '', onPaper: '', more: 0 });
  assert.deepEqual(briefly([...all(1, 'measured'), ...all(5, 'on-paper')]), {
    measured: 'measured weakness 1',
    onPaper: 'on paper: on-paper weakness 1',
    more: 4,
  });
  const long = { ...all(1, 'measured')[0], short: 'x'.repeat(longestShort) };
  assert.equal(briefly([long as ReturnType<typeof all>[number]]).more, 0);
});
