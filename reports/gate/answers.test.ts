/** Wrong answers and errors of stored runs, held to the table in docs/gate-outcomes.md and to what stands here. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, test } from 'node:test';
import {
  type AnswerClass,
  noErrors,
  noViolations,
  type OperationName,
  operationNames,
  sumOf,
} from '../../record/common.ts';
import { type Comparison, comparison as schema } from '../../record/gate.ts';
import { type ReadRun, readRun } from '../../record/read/run.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { inventedStrategies, writeRunFolder } from '../fixtures/run-folder.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { html } from '../render/html/index.ts';
import { junit } from '../render/junit.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { operationsShowing } from './exposure.ts';
import {
  countsAfter,
  fiveThousand,
  mixes,
  outcomeFor,
  outcomeOfMix,
  outcomesFile,
  outcomesPage,
  type Seen,
} from './outcomes-page.ts';
import { comparisonPage } from './page.ts';
import { compareRuns } from './two-runs.ts';

const budgets = [{ metric: 'read.p50', share: 0.05 }] as const;

/** What a trial counts; the requests are those of `steady`, times `size`. */
interface Counted {
  readonly classes?: Partial<Record<AnswerClass, number>>;
  readonly size?: number;
  readonly status?: TrialRecord['status'];
}

/** Each class in reads where these can show it. */
function operationsOf({ classes = {}, size = 1 }: Counted): TrialRecord['operations'] {
  const countOf = (name: AnswerClass, operation: OperationName): number => {
    const showing = operationsShowing(name);
    return operation === (showing.includes('read') ? 'read' : showing[0]) ? (classes[name] ?? 0) : 0;
  };
  const counts = <Name extends AnswerClass>(none: Readonly<Record<Name, number>>, operation: OperationName) =>
    // The names are those of `none`.
    Object.fromEntries(
      (Object.keys(none) as Name[]).map((name) => [name, countOf(name, operation)]),
    ) as Record<Name, number>;
  return Object.fromEntries(
    operationNames.map((operation) => {
      const [violations, errors] = [counts(noViolations, operation), counts(noErrors, operation)];
      const asked = Math.round(fiveThousand[operation] * size);
      return [operation, { count: Math.max(asked, sumOf({ ...violations, ...errors })), errors, violations }];
    }),
  );
}

const folder = await temporaryFolder({ after });
const strategies = inventedStrategies.filter(({ name }) => name === 'redis' || name === 'memcached');
const stored = await readRun(
  await writeRunFolder(path.join(folder, 'run'), { strategies, blocks: 12, measureSeconds: 1, rate: 300 }),
);

/** The stored run with other counts: those of the first trials of each strategy; the others count nothing wrong. */
function runOf(id: string, counted: Partial<Record<string, readonly Counted[]>>): ReadRun {
  const used = new Map<string, number>();
  const trials = stored.trials.map((trial) => {
    if (trial.kind !== 'valid') return trial;
    const index = used.get(trial.strategy) ?? 0;
    used.set(trial.strategy, index + 1);
    const counts = counted[trial.strategy]?.[index] ?? { size: 0 };
    const record = { ...trial.record, operations: operationsOf(counts), status: counts.status ?? 'valid' };
    return counts.status === 'invalid'
      ? { ...trial, kind: 'invalid' as const, record }
      : { ...trial, record };
  });
  return { ...stored, record: { ...stored.record, runId: id }, trials };
}

const compare = (
  a: readonly Counted[],
  b: readonly Counted[],
  others: { readonly a?: readonly Counted[]; readonly b?: readonly Counted[] } = {},
): Comparison =>
  schema.parse(
    compareRuns(
      runOf('run-a', { redis: a, memcached: others.a ?? [{}] }),
      runOf('run-b', { redis: b, memcached: others.b ?? [{}] }),
      budgets,
    ),
  );
const answersOf = ({ answers }: Comparison, strategy = 'redis') => {
  const found = answers.find((each) => each.strategy === strategy);
  return found ?? assert.fail(strategy);
};

test('docs/gate-outcomes.md is what the code says', async () => {
  assert.equal(
    await readFile(outcomesFile, 'utf8'),
    outcomesPage(),
    'write it again with "node reports/gate/outcomes-page.ts"',
  );
});

/** In the order of `countsAfter`: ok, regression, inconclusive. */
const signed: readonly (readonly [kind: 'wrong' | 'error', before: number, outcomes: string])[] = [
  ['wrong', 0, 'o r r r r'],
  ['wrong', 1, 'o o o r r'],
  ['wrong', 2, 'o o o i r'],
  ['error', 0, 'o o o r r'],
  ['error', 1, 'o o o r r'],
  ['error', 2, 'o o o i r'],
];

test('from 0, 1 and 2 of each class to 0, 1, 3, 10 and 400, in 5,000 requests of stored runs', () => {
  const kinds = {
    wrong: ['lost', 'stale', 'resurrected', 'crossed'],
    error: ['timeout', 'connection', 'server', 'protocol'],
  } as const;
  for (const [kind, count, outcomes] of signed)
    for (const name of kinds[kind])
      for (const [index, later] of countsAfter.entries()) {
        const expected = { o: 'ok', r: 'regression', i: 'inconclusive' }[outcomes.split(' ')[index] ?? ''];
        const half = Math.floor(later / 2);
        const comparison = compare(
          [{ classes: { [name]: count } }],
          // In two trials, so that errors are no accident of one; the second adds no requests to speak of.
          [{ classes: { [name]: later - half } }, { classes: { [name]: half }, size: half > 0 ? 0.01 : 0 }],
        );
        const what = `${count} ${name} to ${later}`;
        assert.equal(answersOf(comparison).outcome, expected, what);
        const documented = outcomeFor(name, { before: count, after: later });
        assert.ok(documented === null || documented === expected, what);
        assert.equal(comparison.outcome === 'regression', expected === 'regression', what);
        const alarmed = comparison.findings.some(
          ({ code, severity }) => code === 'violations' && severity === 'alarm',
        );
        assert.equal(alarmed, kind === 'wrong' && count + later > 0, what);
      }
});

test('classes of a kind are judged together too, as the table says: few of each may be many', () => {
  for (const [before, after] of mixes) {
    const half = (seen: Seen, round: (value: number) => number) =>
      Object.fromEntries(Object.entries(seen).map(([name, count]) => [name, round(count / 2)]));
    const comparison = compare(
      [{ classes: before }],
      [{ classes: half(after, Math.ceil) }, { classes: half(after, Math.floor), size: 0.01 }],
    );
    assert.equal(answersOf(comparison).outcome, outcomeOfMix(before, after), JSON.stringify([before, after]));
  }
  const four = compare(
    [{}],
    [{ classes: { timeout: 3, connection: 3 } }, { classes: { server: 3, protocol: 3 } }],
  );
  assert.equal(four.outcome, 'regression');
  assert.match(four.answer, /12 without a usable answer in all of/);
});

test('a class not seen before is a regression whatever other class was', () => {
  const comparison = compare([{ classes: { lost: 1 } }], [{ classes: { lost: 1, crossed: 400 } }]);
  assert.equal(comparison.outcome, 'regression');
  assert.match(comparison.answer, /^Regression: redis: run run-b gives wrong answers: 400 crossed of/);
});

test('a regression of answers is told by every output', async () => {
  const comparison = compare([{ classes: { lost: 1 } }], [{ classes: { lost: 400 } }]);
  const page = comparisonPage(comparison);
  for (const [name, text] of [
    ['terminal', terminal(page, { columns: 300 })],
    ['markdown', markdown(page)],
    ['html', await html(page)],
    ['junit', junit(page)],
  ] as const) {
    assert.match(text, /wrong answers more often: 400 lost of 4,804 \(run run-a: 1 of 4,804\)/, name);
    if (name !== 'junit') assert.match(text, /REGRESSION/, name);
  }
  assert.match(junit(page), /name="answers"[^>]*>\s*<failure message="redis: run run-b gives wrong answers/);
  const [lost] = answersOf(comparison).classes;
  assert.deepEqual(
    [lost?.class, lost?.outcome, lost?.baseline, lost?.candidate],
    [
      'lost',
      'regression',
      { count: 1, exposure: 4804, trials: 1 },
      { count: 400, exposure: 4804, trials: 1 },
    ],
  );
});

test('wrong answers of both that are no more frequent are no regression, and the answer says so', () => {
  const comparison = compare([{ classes: { lost: 2 } }], [{ classes: { lost: 3 } }]);
  assert.notEqual(comparison.outcome, 'regression');
  assert.match(answersOf(comparison).message, /gives wrong answers, not surely more often than run run-a/);
});

test('one strategy of several, and more strategies make the level stricter', () => {
  const clean = compare([{}], [{}], { a: [{ classes: { stale: 1 } }], b: [{ classes: { stale: 10 } }] });
  assert.deepEqual([answersOf(clean).outcome, answersOf(clean, 'memcached').outcome], ['ok', 'regression']);
  const both = compare([{ classes: { stale: 1 } }], [{ classes: { stale: 10 } }], {
    a: [{ classes: { stale: 1 } }],
    b: [{ classes: { stale: 10 } }],
  });
  assert.deepEqual(
    [answersOf(both).outcome, answersOf(both, 'memcached').outcome],
    ['inconclusive', 'inconclusive'],
  );
  // A class that could not be significant anyhow makes nothing stricter.
  const rare = compare([{ classes: { stale: 1 } }], [{ classes: { stale: 10, lost: 1 } }], {
    a: [{ classes: { stale: 1 } }],
    b: [{ classes: { stale: 1 } }],
  });
  assert.equal(answersOf(rare).classes.find((each) => each.class === 'stale')?.outcome, 'regression');
});

test('counts are weighed by the requests that could have shown them', () => {
  const outcome = (a: Counted, b: Counted) => answersOf(compare([a], [b])).outcome;
  assert.equal(outcome({ classes: { lost: 1 } }, { classes: { lost: 10 }, size: 10 }), 'ok');
  assert.equal(outcome({ classes: { lost: 10 }, size: 10 }, { classes: { lost: 10 } }), 'regression');
  // Where most reads fail, as many wrong answers weigh more.
  const failing: Counted = { classes: { lost: 10, server: 4000 } };
  const [lost] = answersOf(compare([failing], [failing])).classes;
  assert.equal(lost?.candidate.exposure, 804);
});

test('counts of invalid trials excuse nothing in valid ones', () => {
  const excused = compare(
    [{ classes: { lost: 400 }, status: 'invalid' }, {}],
    [{ classes: { lost: 3 } }, {}],
  );
  assert.equal(answersOf(excused).outcome, 'regression');
  assert.match(answersOf(excused).message, /in valid trials: 3 lost/);
  // And a wrong answer of an invalid trial is not left out.
  const candidate = compare([{}], [{ classes: { crossed: 1 }, status: 'invalid' }]);
  assert.equal(answersOf(candidate).outcome, 'regression');
});

test('few errors of one trial may be an accident, and the same of several trials are none', () => {
  const size = 20;
  const one = compare([{ size }], [{ size, classes: { timeout: 30 } }]);
  assert.equal(answersOf(one).outcome, 'inconclusive');
  const two = compare(
    [{ size }],
    [
      { size: size / 2, classes: { timeout: 15 } },
      { size: size / 2, classes: { timeout: 15 } },
    ],
  );
  assert.equal(answersOf(two).outcome, 'regression');
  const many = compare([{ size }], [{ size, classes: { timeout: 300 } }]);
  assert.equal(answersOf(many).outcome, 'regression');
});

test('what was never asked is neither right nor new', () => {
  const unseen = compare([{}], []);
  assert.equal(answersOf(unseen).outcome, 'invalid');
  assert.match(answersOf(unseen).message, /no answer of run run-b was seen/);
  const nothingBefore = compare([], [{ classes: { lost: 3 } }]);
  assert.equal(answersOf(nothingBefore).outcome, 'invalid');
  assert.match(answersOf(nothingBefore).message, /whether that is new cannot be told/);
  assert.ok(nothingBefore.findings.some(({ code }) => code === 'violations'));
  const failing: Counted = { classes: { timeout: 98 }, size: 0 };
  const unusable = answersOf(compare([failing], [failing]));
  assert.equal(unusable.candidate.answered, 0);
  assert.equal(unusable.outcome, 'invalid');
});
