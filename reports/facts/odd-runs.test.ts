/** Runs with little or nothing to compare: each comes to verdicts or causes, in every output, and to no number that is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summary as summarySchema } from '../../record/summary.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { mostWords } from '../document/document.ts';
import { inventedStrategies, type RunFolderOptions } from '../fixtures/run-folder.ts';
import { reportedWith } from '../fixtures/temporary.ts';
import { junit } from '../render/junit.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { countWords } from '../words/brief.ts';

const strategies = inventedStrategies.slice(0, 3);
const base: RunFolderOptions = { blocks: 3, measureSeconds: 1, rate: 60, strategies };

/** CPU time of the app for each request, in microseconds, where balancer and store take 1; null where no meter could be read. */
const costing =
  (micros: (record: TrialRecord) => number | null) =>
  (record: TrialRecord): TrialRecord => {
    const each = micros(record);
    const { balancer, app, store } = record.usage;
    assert.ok(balancer && app);
    return {
      ...record,
      usage: {
        ...record.usage,
        balancer: { ...balancer, cpuMicros: record.requests.generator },
        app: each === null ? null : { ...app, cpuMicros: each * record.requests.generator },
        store: store && { ...store, cpuMicros: record.requests.generator },
      },
    };
  };

const only =
  (name: string, change: (record: TrialRecord) => TrialRecord) =>
  (record: TrialRecord): TrialRecord =>
    record.strategy === name ? change(record) : record;

const invalid = (record: TrialRecord): TrialRecord => ({
  ...record,
  status: 'invalid',
  reasons: [{ code: 'host-steal', message: 'x', remedy: 'y' }],
});

/** Nothing is wrong with the pair; the invented noise decides what it comes to. */
const judged = 'judged';

/** With what the comparisons of CPU per request come to, each pair once. */
const cases: readonly [what: string, options: Partial<RunFolderOptions>, cpu: readonly string[]][] = [
  [
    'two strategies, far apart',
    {
      strategies: strategies.slice(0, 2),
      trial: costing(({ strategy, block }) => (strategy === 'redis' ? 900 : 200) + block),
    },
    ['DIFFERENT'],
  ],
  ['one strategy', { strategies: strategies.slice(0, 1) }, []],
  ['every trial of a strategy invalid', { trial: only('redis', invalid) }, [judged]],
  ['every trial invalid', { trial: invalid }, []],
  ['one block', { blocks: 1 }, ['too-few-blocks', 'too-few-blocks', 'too-few-blocks']],
  ['all values equal', { trial: costing(() => 300) }, ['SAME', 'SAME', 'SAME']],
  [
    'a cost of zero, which contradicts what was served',
    {
      trial: only(
        'redis',
        costing(() => 0),
      ),
    },
    [judged],
  ],
  ['no cost but zero, which leaves no trial', { trial: costing(() => 0) }, []],
  [
    'a meter that could not be read',
    {
      trial: only(
        'redis',
        costing(() => null),
      ),
    },
    ['no-pairs', judged, 'no-pairs'],
  ],
  ['meters that could never be read', { trial: costing(() => null) }, []],
  [
    'a strategy with one trial',
    { trial: (record) => (record.strategy === 'redis' && record.block > 1 ? invalid(record) : record) },
    ['too-few-blocks', judged, 'too-few-blocks'],
  ],
];

test('every odd run has verdicts or the causes of none', async (context) => {
  for (const [what, options, expected] of cases) {
    const { summary, document } = await reportedWith(context, { ...base, ...options });
    assert.deepEqual(summarySchema.parse(JSON.parse(JSON.stringify(summary))), summary, what);
    assert.ok(countWords(summary.answer) <= mostWords, `${what}: ${summary.answer}`);
    const outputs = [terminal(document, { columns: 100 }), markdown(document), junit(document)];
    for (const text of outputs) assert.doesNotMatch(text, /NaN|Infinity|undefined/, what);
    const cpu = summary.comparisons.filter(({ metric }) => metric === 'cpuPerRequest');
    assert.equal(cpu.length, expected.length, what);
    for (const [at, verdict] of cpu.entries()) {
      const found: readonly string[] =
        verdict.verdict === 'INCONCLUSIVE' ? [verdict.verdict, verdict.cause] : [verdict.verdict];
      const asked = expected[at] ?? '';
      if (asked === judged) assert.ok(verdict.p !== null, what);
      else assert.ok(found.includes(asked), `${what}: ${found.join(' ')}`);
    }
  }
});
