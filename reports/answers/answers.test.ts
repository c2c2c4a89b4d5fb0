import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withLog } from '../../record/log-lines.ts';
import { reasonOf } from '../../record/reasons.ts';
import type { Summary } from '../../record/summary.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { mostWords } from '../document/document.ts';
import { type FixtureName, fixtures } from '../fixtures/index.ts';
import { inventedStrategies } from '../fixtures/run-folder.ts';
import { madeRun, reported, reportedWith } from '../fixtures/temporary.ts';
import { writeReports } from '../index.ts';
import { html } from '../render/html/index.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { brief, clause, countWords, sentenceOf } from '../words/brief.ts';

const answerOf = async (...given: Parameters<typeof reported>): Promise<Summary> =>
  (await reported(...given)).summary;

test('an answer has at most 40 words, and every output gives the same', async () => {
  // Object.keys gives string[]; these are the fixtures' own names. `large` differs from `good` in size only.
  const names = (Object.keys(fixtures) as FixtureName[]).filter((name) => name !== 'large');
  for (const name of names) {
    const { summary, document } = await reported(name);
    assert.ok(countWords(summary.answer) <= mostWords, `${name}: ${summary.answer}`);
    assert.ok(summary.details.every((sentence) => !summary.answer.includes(sentence)));
    assert.equal(document.answer.text, summary.answer);
    if (name === 'hostile') continue;
    assert.ok(terminal(document).startsWith(summary.answer), name);
    // The head of the page is made of nothing that stands below it, where charts take most of the time.
    const page = await html({ ...document, sections: [] });
    const heading = /<h1[^>]*>(.*?)<\/h1>/.exec(page)?.[1]?.replaceAll('\u00a0', ' ');
    assert.equal(heading?.replaceAll('&lt;', '<'), summary.answer);
    assert.ok(markdown(document).includes(`**${summary.answer.replaceAll('<', '&lt;')}**`), name);
  }
});

const claims = /less than|takes the least|least CPU|uses .* (less|more)|is used by/;

test('no difference is claimed that no verdict carries', async (context) => {
  const oneBlock = { blocks: 1, measureSeconds: 1, rate: 200 };
  for (const [{ answer, details, comparisons }, told] of [
    [await answerOf('killed'), /no difference is certain: CPU per request was \d+ µs \(Sticky/],
    [(await reportedWith(context, oneBlock)).summary, /no verdict yet \(1 block of at least 2\): CPU per/],
  ] as const) {
    assert.ok(comparisons.every(({ verdict }) => verdict === 'INCONCLUSIVE'));
    assert.match(answer, told);
    assert.doesNotMatch([answer, ...details].join(' '), claims);
  }
  const [redis] = inventedStrategies.slice(1);
  assert.ok(redis);
  const { summary } = await reportedWith(context, {
    blocks: 12,
    measureSeconds: 2,
    rate: 200,
    strategies: [redis, { ...redis, name: 'twin', title: 'Twin' }],
  });
  assert.ok(summary.comparisons.every(({ verdict }) => verdict !== 'DIFFERENT'));
  const all = [summary.answer, ...summary.details].join(' ');
  assert.doesNotMatch(all, claims);
  assert.match(
    all,
    /CPU per request is (inconclusive: this run could only have seen [\d.]+ %|the same for both to within [\d.]+ %)/,
  );
});

test('each certain difference is said with its size, and what the run could not see', async () => {
  const { answer, details } = await answerOf('verdicts');
  assert.match(
    answer,
    /^At 300 requests\/s, the least CPU per request is used by Sticky sessions, \d+–\d+ % less than Memcached; a typical read takes the least time with Sticky sessions; a slow read \(p99\) is inconclusive\. All six kept every session\.$/,
  );
  assert.match(details[0] ?? '', /\d+–\d+ % less than Memcached and \d+–\d+ % less than PostgreSQL\.$/);
  assert.match(
    details[1] ?? '',
    /^A typical read takes the least time with Sticky sessions, .* less than with/,
  );
  assert.match(
    details[2] ?? '',
    /^A slow read \(p99\) is inconclusive: this run could only have seen a factor/,
  );
});

test('leaders that no verdict separates are not told apart, and held against the last', async (context) => {
  const { summary } = await reportedWith(context, {
    blocks: 12,
    measureSeconds: 1,
    rate: 200,
    strategies: inventedStrategies.filter(({ name }) => ['redis', 'memcached', 'mysql'].includes(name)),
  });
  const who = '(Redis or Memcached|Memcached or Redis)';
  assert.match(
    summary.answer,
    new RegExp(
      `least CPU per request is used by ${who}, not told apart \\((Redis|Memcached) \\d+–\\d+ % less than MySQL\\)`,
    ),
  );
  assert.match(
    summary.details[0] ?? '',
    new RegExp(
      `by ${who}, which this run does not tell apart \\((Redis|Memcached) \\d+–\\d+ % less than MySQL`,
    ),
  );
});

test('every kind of run has an answer', async () => {
  const expected: [FixtureName, RegExp][] = [
    [
      'good',
      /^At 1,800 requests\/s, the least CPU per request is used by Sticky sessions, \d+–\d+ % less than Memcached; /,
    ],
    ['single', /^At 900 requests\/s, Redis used \d+ µs of CPU time per request and answered half .* kept\.$/],
    ['nothing', /^This run answers nothing: no strategy has a valid trial\.$/],
    [
      'killed',
      /^In a run that did not end, at 900 requests\/s, no difference is certain: CPU per request was /,
    ],
    [
      'violations',
      /^Wrong answers came from Redis Cluster \(8 lost and 1 stale\); at 900 requests\/s, the least/,
    ],
    [
      'failed',
      /^Sticky sessions failed: too many requests got no right answer; at 200 requests\/s, the least/,
    ],
    ['failed-alone', /^Redis failed: too many requests got no right answer\.$/],
    ['invalid', /\. MySQL has no valid trial\.$/],
  ];
  for (const [name, sentence] of expected) assert.match((await answerOf(name)).answer, sentence);
  assert.match((await answerOf('nothing')).details[0] ?? '', /^The generator used 91\.2 %/);
});

test('a share of the reads is named only where some lie beyond it', async (context) => {
  const expected: [number, number, RegExp][] = [
    [1, 900, /answered half of the reads within [\d.]+ ms and 99 % within [\d.]+ ms\./],
    [1, 100, /answered half of the reads within [\d.]+ ms and all \d+ reads within [\d.]+ ms\./],
    [1, 4, /answered all \d reads within [\d.]+ ms\./],
  ];
  for (const [measureSeconds, rate, sentence] of expected) {
    const strategies = inventedStrategies.filter(({ name }) => name === 'redis');
    const told = await reportedWith(context, { blocks: 2, strategies, measureSeconds, rate });
    assert.match(told.summary.answer, sentence);
    const table = terminal(told.document);
    if (rate === 4) assert.match(table, /Redis +\d+ +~[\d.]+ +—/);
  }
});

test('what a server wrote to its log is in one place', async (context) => {
  const message = withLog('redis did not start: redis-1 ended with exit code 1', ['the disk is on fire']);
  const reason = { code: 'not-started', message, remedy: 'Read it.' } as const;
  const { document, summary } = await reportedWith(context, {
    blocks: 1,
    measureSeconds: 1,
    rate: 100,
    trial: (record) => ({ ...record, status: 'invalid', reasons: [reason] }),
  });
  assert.doesNotMatch([summary.answer, ...summary.details].join(), /on fire/);
  const shown = terminal(document);
  assert.equal(shown.split('on fire').length - 1, 1, 'once, though all strategies have the same');
});

test('two servers that died in one trial are one trial', async (context) => {
  const died = (service: string) =>
    ({ code: 'server-died', message: `${service} ended`, remedy: 'Read its log.' }) as const;
  const { summary } = await reportedWith(context, {
    blocks: 2,
    measureSeconds: 1,
    rate: 100,
    strategies: inventedStrategies.filter(({ name }) => name === 'redis'),
    trial: (record) => ({ ...record, status: 'invalid', reasons: [died('app-1'), died('app-2')] }),
  });
  const left = summary.findings.find(({ code }) => code === 'server-died');
  assert.match(left?.message ?? '', /^Redis: 2 of 2 trials left out \(trials 1, 2\)/);
});

test('one of anything is singular, in every output', async (context) => {
  const folder = await madeRun(context, 'single');
  const { document } = await writeReports(folder);
  for (const text of [markdown(document), terminal(document)]) {
    const odd = text.match(/(?<![\d.,])1 [a-z]{4,}s\b.{0,20}/g) ?? [];
    assert.deepEqual(odd, []);
  }
});

/** All arrivals are answered, and sending them takes longer. */
const answering = (record: TrialRecord, share: number): TrialRecord => {
  const lastWaitMicros = (1 / share - 1) * record.measuredSeconds * 1e6;
  const pacing = { ...record.pacing, lastWaitMicros, waitMaxMicros: lastWaitMicros };
  return { ...record, achievedRate: record.offeredRate * share, pacing };
};

test('a strategy that did not keep up is named', async (context) => {
  const { summary } = await reportedWith(context, {
    blocks: 1,
    measureSeconds: 1,
    rate: 200,
    trial: (record) =>
      record.strategy === 'mysql'
        ? { ...answering(record, 0.6), warnings: [reasonOf('overloaded', 'operations queued')] }
        : record.strategy === 'redis'
          ? answering(record, 0.96)
          : record,
  });
  assert.match(summary.answer, /\. MySQL \(120 requests\/s\) could not keep up\./);
});

test('a strategy that lost trials to faults of its own, or to kills, is not praised without that word', async (context) => {
  const losses = [
    ['server-died', 'faults of its own'],
    ['server-killed', 'kills from outside'],
  ] as const;
  for (const [code, what] of losses) {
    const { summary } = await reportedWith(context, {
      blocks: 3,
      measureSeconds: 1,
      rate: 200,
      trial: (record) =>
        record.strategy === 'redis' && record.block === 2
          ? { ...record, status: 'invalid', reasons: [reasonOf(code, 'cache-1 ended')] }
          : record,
    });
    assert.ok(summary.answer.includes(`. Redis lost 1 of 3 trials to ${what}.`), summary.answer);
  }
});

test('nothing is said of sessions that were never read', async (context) => {
  const said = async (of: Parameters<typeof reportedWith>[1]): Promise<string> => {
    const { summary } = await reportedWith(context, { blocks: 1, measureSeconds: 1, rate: 200, ...of });
    return [summary.answer, ...summary.details].join(' ');
  };
  const kept = /kept|no wrong answer/i;
  const unread = /what Redis keeps is unknown/i;
  assert.match(await said({}), kept);
  const someErrors = (record: TrialRecord): TrialRecord => {
    const { read } = record.operations;
    if (record.strategy !== 'redis' || !read) return record;
    return {
      ...record,
      operations: { ...record.operations, read: { ...read, errors: { ...read.errors, timeout: 1 } } },
    };
  };
  assert.match(await said({ trial: someErrors }), /no wrong answer was seen/i);
  assert.doesNotMatch(await said({ trial: someErrors }), /every session/);
  const unanswered = (record: TrialRecord): TrialRecord => {
    const { read, write } = record.operations;
    if (record.strategy !== 'redis' || !read || !write) return record;
    const fail = (each: typeof read) => ({ ...each, errors: { ...each.errors, timeout: each.count } });
    return { ...record, operations: { ...record.operations, read: fail(read), write: fail(write) } };
  };
  assert.match(await said({ trial: unanswered }), unread);
  assert.match(await said({ operations: ['login', 'logout'] }), /what was kept is unknown/i);
  for (const given of [{ trial: unanswered }, { operations: ['login', 'logout'] as const }])
    assert.doesNotMatch(await said(given), /every session|no wrong answer/i);
});

test('what weighs most goes in first, and what has no room is given back', () => {
  const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ');
  const { text, left } = brief('Under it, ', [
    clause(words(30)),
    sentenceOf('This matters'),
    clause(words(7)),
    clause('and this'),
    clause(''),
  ]);
  assert.equal(text, `Under it, ${words(30)}; and this. This matters.`);
  assert.deepEqual(left, [clause(words(7))]);
});
