import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { overview as overviewShape } from '../../record/overview.ts';
import { readRun } from '../../record/read/run.ts';
import { plain } from '../document/plain.ts';
import { writeCapacityRun } from '../fixtures/capacity.ts';
import { fixtures } from '../fixtures/index.ts';
import { writeRunFolder } from '../fixtures/run-folder.ts';
import { reportedRun, temporaryFolder } from '../fixtures/temporary.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { reportOf } from '../report.ts';
import { countWords } from '../words/brief.ts';
import { overviewOf } from './index.ts';
import {
  assertFits,
  firstScreen,
  isPublished,
  type PublishedRun,
  publishedFiles,
  publishedOverview,
} from './published.ts';

const sourceOf = async (folder: string): Promise<PublishedRun> => {
  const run = await readRun(folder);
  return { record: run.record, ...reportOf(run) };
};

const all = (): Promise<PublishedRun[]> =>
  Promise.all((['verdicts', 'capacity', 'footprint', 'faults'] as const).map(reportedRun));

const lineOf = ({ overview }: ReturnType<typeof overviewOf>, name: string) =>
  overview.strategies.find((each) => each.name === name) ?? assert.fail(name);

/** Cells of a strategy's line by the short heading of their column. */
function cellsOf({ document }: ReturnType<typeof overviewOf>, title: string): ReadonlyMap<string, string> {
  const table = document.sections.find(({ id }) => id === 'overview')?.blocks[0];
  assert.ok(table?.kind === 'table');
  const row = table.rows.find(([name]) => plain(name ?? '').startsWith(title)) ?? assert.fail(title);
  return new Map(table.columns.map(({ short }, i) => [short, plain(row[i] ?? '')]));
}

test('a strategy has one line with what each run says of it', async () => {
  const told = overviewOf(await all());
  assert.deepEqual(overviewShape.parse(told.overview), told.overview);
  const names = told.overview.strategies.map(({ name }) => name);
  assert.deepEqual(names.toSorted(), ['memcached', 'mysql', 'postgres', 'redis', 'redis-cluster', 'sticky']);
  assert.equal(names[0], 'sticky', 'the least CPU time first');
  const redis = cellsOf(told, 'Redis redis');
  assert.equal(redis.get('capacity /s'), '897–988');
  assert.equal(redis.get('store B'), '2,230');
  assert.equal(redis.get('store killed'), '1,000 of 1,000 sessions');
  assert.match(redis.get('CPU µs') ?? '', /^\d+ \w+, 1\.\d+ × \(1\.\d+–1\.\d+\)$/);
  assert.match(redis.get('Weaknesses') ?? '', /^store killed: lost 1,000 of 1,000 sessions, \d more$/);
  assert.equal(cellsOf(told, 'PostgreSQL').get('store B'), '3,400 on disk');
  assert.equal(cellsOf(told, 'PostgreSQL').get('store killed'), '0 of 1,000');
  const sticky = cellsOf(told, 'Sticky sessions');
  assert.equal(sticky.get('store killed'), 'not possible');
  assert.equal(sticky.get('app killed'), '491 of 1,000 sessions');
  assert.equal(sticky.get('capacity /s'), 'at least 1,290');
  assert.match(cellsOf(told, 'MySQL').get('store killed') ?? '', /^7 writes and 2 of 120 logouts undone$/);
});

test('a run of so few blocks that nothing is bounded leaves all open, without numbers', async (context) => {
  const folder = path.join(await temporaryFolder(context), 'run');
  const told = overviewOf([await sourceOf(await writeRunFolder(folder, { blocks: 1, measureSeconds: 2 }))]);
  assert.match(cellsOf(told, 'Redis redis').get('CPU µs') ?? '', /^\d+( \w+)?, open$/);
});

test('a weakness that one run has on paper and another saw is told once, as seen', async () => {
  const [blocks, faults] = [await reportedRun('verdicts'), await reportedRun('faults')];
  const told = (runs: readonly PublishedRun[]) =>
    (lineOf(overviewOf(runs), 'redis').weaknesses ?? []).map(
      ({ code, text, basis }) => `${basis.kind} ${code}: ${text}`,
    );
  const ofAll = 'on-paper loses-all: all sessions are lost by a restart';
  assert.equal(told([blocks])[0], `${ofAll}, a crash, a power cut, and the loss of its zone`);
  assert.deepEqual(told([blocks, faults]).slice(0, 2), [
    'measured harmed: store killed: lost 1,000 of 1,000 sessions',
    `${ofAll}, a power cut, and the loss of its zone`,
  ]);
  const table = terminal(overviewOf([blocks]).document, { columns: 200 });
  assert.match(table, /Weaknesses/);
});

test('a strategy of which nothing is known has a dash, and who lost updates in pages lost them in fact', async () => {
  const blocks = await reportedRun('verdicts');
  const without = blocks.record.strategies.map((each) => ({ ...each, onPaper: null }));
  const strategies = blocks.summary.strategies.map((each) => ({ ...each, weaknesses: [] }));
  const unknown = {
    ...blocks,
    record: { ...blocks.record, strategies: without },
    summary: { ...blocks.summary, strategies },
  };
  assert.equal(lineOf(overviewOf([unknown]), 'redis').weaknesses, null);
  const concurrency = {
    ...{ pages: 9, failed: 0, writes: 40, lostUpdates: 4, lostShare: null, takenVersions: 0 },
    ...{ logouts: 0, undoneLogouts: 0, undoneShare: null, logins: 0, survivedLogins: 0, p50Ms: 2, p99Ms: 5 },
  };
  const lost = { code: 'lost-updates', short: 'lost', text: 'lost', basis: { kind: 'measured' } } as const;
  const seen = blocks.summary.strategies.map((each) => ({ ...each, concurrency, weaknesses: [lost] }));
  const pages = overviewOf([{ ...blocks, summary: { ...blocks.summary, strategies: seen } }]);
  const updates = (lineOf(pages, 'redis').weaknesses ?? []).filter(({ code }) => code === 'lost-updates');
  assert.deepEqual(updates, [lost]);
});

test('what is not measured is a dash, with one command for all that lack it', async () => {
  const told = overviewOf([await reportedRun('verdicts'), await reportedRun('footprint')]);
  const memcached = cellsOf(told, 'Memcached');
  for (const column of ['capacity /s', 'store B', 'apps B']) assert.equal(memcached.get(column), '—', column);
  assert.match(memcached.get('Weaknesses') ?? '', /^on paper: /);
  const commands = told.overview.missing.map(({ command }) => command);
  assert.ok(
    commands.some((command) =>
      command.startsWith('npm run bench -- --capacity --strategy sticky --strategy'),
    ),
  );
  const unweighed = told.overview.missing.find(({ what }) => what === 'bytes per session');
  assert.deepEqual(unweighed?.strategies.toSorted(), ['memcached', 'mysql', 'redis-cluster']);
  assert.ok(commands.some((command) => command.startsWith('npm run bench -- --faults ')));
  const printed = terminal(told.document, { columns: 80 });
  for (const command of commands) assert.ok(printed.includes(command), command);
  const [first] = told.overview.strategies;
  assert.equal(first?.capacity.kind, 'missing');
});

/** Enough blocks for differences, and too few for any. */
for (const blocks of [12, 1])
  test(`a ratio stands for itself only where a verdict carries it: ${blocks} blocks`, async (context) => {
    const place = path.join(await temporaryFolder(context), 'few');
    const few = { blocks, measureSeconds: 1, rate: 200 };
    const run = blocks > 1 ? await reportedRun('verdicts') : await sourceOf(await writeRunFolder(place, few));
    const told = overviewOf([run]);
    const { comparisons, rankings } = run.summary;
    for (const [metric, column] of [
      ['cpuPerRequest', 'CPU µs'],
      ['read.p50', 'p50 ms'],
    ] as const) {
      const first = rankings.find((each) => each.metric === metric)?.ranked[0]?.strategy;
      for (const { name, title, load } of told.overview.strategies) {
        assert.ok(load.kind === 'measured');
        const against = load.standings.find((each) => each.metric === metric)?.against ?? null;
        const cell = cellsOf(told, `${title} ${name}`).get(column) ?? '';
        const kept = comparisons.find(
          (each) =>
            each.metric === metric &&
            [each.baseline, each.candidate].toSorted().join() === [name, first].toSorted().join(),
        );
        assert.equal(against?.verdict, kept?.verdict, `${name} ${metric}`);
        if (name === first) assert.doesNotMatch(cell, /×|same|open/);
        else assert.equal(/ × /.test(cell), kept?.verdict === 'DIFFERENT', cell);
      }
    }
  });

test('runs give the same overview in whatever order they are named', async () => {
  const runs = await all();
  assert.deepEqual(overviewOf(runs.toReversed()), overviewOf(runs));
});

test('the answer has at most 40 words, and says nothing that verdicts and intervals do not carry', async (context) => {
  const { overview } = overviewOf(await all());
  assert.ok(countWords(overview.answer) <= 40, overview.answer);
  assert.match(overview.answer, /^At 300 requests\/s, /);
  const carried = overviewOf([await reportedRun('capacity')]).overview.answer;
  assert.match(
    carried,
    /^Sticky sessions carried the most, at least 1,290 requests\/s under p99 < 50 ms and errors < 0\.1 %\.$/,
  );
  const folder = path.join(await temporaryFolder(context), 'three');
  const three = await sourceOf(await writeCapacityRun(folder, ['redis', 'memcached', 'postgres']));
  assert.match(
    overviewOf([three]).overview.answer,
    /^Memcached and Redis carried the most, not told apart \(/,
  );
  const kept = overviewOf([await reportedRun('faults')]).overview.answer;
  assert.match(kept, /PostgreSQL kept every session \(store killed\)/);
  assert.doesNotMatch(kept, /Redis|MySQL|Sticky/);
});

test('wrong answers come first, and who fails has no number', async () => {
  const wrong = overviewOf([await reportedRun('violations')]);
  assert.match(wrong.overview.answer, /^Wrong answers came from Redis Cluster/);
  assert.equal(wrong.document.answer.tone, 'bad');
  assert.match(cellsOf(wrong, 'Redis Cluster').get('Weaknesses') ?? '', /wrong answer/);
  const failed = overviewOf([await reportedRun('failed')]);
  const sticky = cellsOf(failed, 'Sticky sessions');
  assert.deepEqual([sticky.get('CPU µs'), sticky.get('p50 ms')], ['failed', 'failed']);
  assert.equal(lineOf(failed, 'sticky').load.kind, 'failed');
});

test('what faults did is no wrong answer, and one lucky trial no promise', async () => {
  const run = await reportedRun('faults');
  const { design } = run.summary;
  assert.ok(design.kind === 'faults');
  const strategies = run.summary.strategies.map((each) => ({
    ...each,
    violations: { lost: 9, stale: 0, resurrected: 0, crossed: 0 },
  }));
  const results = design.results.map((each) =>
    each.strategy === 'postgres' && each.fault === 'store-kill'
      ? { ...each, expected: 'newest-lost' as const }
      : each,
  );
  const told = overviewOf([
    { ...run, summary: { ...run.summary, strategies, design: { ...design, results } } },
  ]);
  assert.match(told.overview.answer, /^PostgreSQL kept every session/);
  const weaknesses = lineOf(told, 'postgres').weaknesses ?? assert.fail('it is on paper');
  assert.ok(weaknesses.every(({ basis }) => basis.kind === 'on-paper'));
});

test('where only the newest may be lost, losses are told as seconds of changes', async () => {
  const run = await reportedRun('faults');
  const { design } = run.summary;
  assert.ok(design.kind === 'faults');
  const results = design.results.map((each) =>
    each.strategy === 'mysql' && each.fault === 'store-kill'
      ? { ...each, expected: 'newest-lost' as const }
      : each,
  );
  const changed = { ...run, summary: { ...run.summary, design: { ...design, results } } };
  const found = lineOf(overviewOf([changed]), 'mysql').faults['store-kill'];
  // 7 writes at 300 operations/s, 19 % of them logins and writes.
  assert.ok(found?.kind === 'measured' && Math.abs((found.newestLostSeconds ?? 0) - 7 / 57) < 1e-9);
  assert.match(cellsOf(overviewOf([changed]), 'MySQL').get('store killed') ?? '', /about 0\.12 s of changes/);
  assert.doesNotMatch(cellsOf(overviewOf([run]), 'MySQL').get('store killed') ?? '', /of changes/);
});

test('the newest run that knows something of a strategy gives it', async (context) => {
  const folder = await temporaryFolder(context);
  const older = await sourceOf(await writeCapacityRun(path.join(folder, 'older'), ['redis', 'mysql']));
  const newer = await sourceOf(await writeCapacityRun(path.join(folder, 'newer'), ['redis']));
  const dated = { ...newer, record: { ...newer.record, startedAt: '2026-11-21T00:00:00.000Z' } };
  const told = overviewOf([older, dated]);
  const runs = ['redis', 'mysql'].map((name) => {
    const { capacity } = lineOf(told, name);
    return capacity.kind === 'measured' ? capacity.run : 'none';
  });
  assert.deepEqual(runs, ['newer', 'older']);
});

test('what is published is the same for the same runs, and fits into a repository', async () => {
  const runs = await all();
  const files = await publishedFiles(overviewOf(runs), runs);
  const others = runs.slice(1, 2);
  for (const [name, text] of await publishedFiles(overviewOf(others), others))
    if (name.includes('/')) assert.equal(text, files.get(name), name);
  assert.deepEqual(
    [...files.keys()].filter((name) => !name.includes('/')),
    ['README.md', 'overview.json', 'picture.svg'],
  );
  for (const { record } of runs)
    for (const name of ['report.html', 'report.md', 'summary.json'])
      assert.ok(files.has(`${record.runId}/${name}`));
  assertFits(files);
  const kept = publishedOverview(files.get('overview.json') ?? '') ?? assert.fail('it is read again');
  for (const name of files.keys()) assert.ok(isPublished(kept, name), name);
  assert.ok(!isPublished(kept, 'mine.txt') && !isPublished(kept, 'verdicts/trials'));
  const page = files.get('README.md') ?? '';
  for (const [, link = ''] of page.matchAll(/\]\(([^)]+)\)/g)) assert.ok(files.has(link), link);
  const picture = files.get('picture.svg') ?? '';
  assert.match(picture, /^<svg role="img" aria-label="[^"<>]+" [^>]*xmlns=/);
  assert.ok(picture.includes('prefers-color-scheme: dark') && picture.endsWith('</svg>\n'));
  for (const title of ['Redis Cluster', '897–988', 'Sticky sessions'])
    assert.ok(`${picture}${page}`.includes(title), title);
});

test('pages that are published need no scripts for their charts', async () => {
  const runs = [await reportedRun('capacity')];
  const files = await publishedFiles(overviewOf(runs), runs);
  const page = files.get('capacity/report.html') ?? '';
  assert.ok(page.includes('<svg'), 'drawn');
  assert.ok(page.length < 300_000, `${page.length}`);
});

test('what is too large is refused with the largest of it', () => {
  const files = new Map([
    ['small.md', 'x'],
    ['large.html', 'x'.repeat(90)],
  ]);
  assertFits(files, 91);
  assert.throws(
    () => assertFits(files, 90),
    /take 91 B together, and 90 B is the most\. The largest: large\.html 90 B/,
  );
});

test('a first screen has the answer, the picture and where the rest is', async () => {
  const { overview } = overviewOf(await all());
  const screen = firstScreen(overview, 'docs/results/');
  assert.ok(screen.startsWith('**At 300 requests/s, '), screen);
  assert.match(screen, /carried the most/, 'a long promise is told below');
  assert.match(screen, /!\[CPU per request at 300\/s, [^\]]+\]\(docs\/results\/picture\.svg\)/);
  assert.ok(screen.includes('](docs/results/README.md)'));
});

test('text from outside breaks out of nothing', async (context) => {
  const folder = await temporaryFolder(context);
  const run = await sourceOf(await fixtures.hostile(path.join(folder, 'hostile')));
  const files = await publishedFiles(overviewOf([run]), [run]);
  for (const [name, text] of files)
    if (!name.endsWith('.json'))
      assert.ok(!text.includes('<script>document.title') && !text.includes('<img'), name);
  assert.ok(markdown(overviewOf([run]).document).length > 0);
});
