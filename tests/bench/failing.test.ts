/** Strategies that hardly answer, whatever the way: none leads a table, sets a rate, or ends a command well. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Plan } from '../../experiment/plan.ts';
import { searchDesign } from '../../experiment/search/plan.ts';
import { parseSlo } from '../../experiment/search/slo.ts';
import { fakeRun, settingFor } from '../../experiment/testing/fake-run.ts';
import type { FakeScript, FakeTrial } from '../../experiment/testing/fake-runtime.ts';
import type { Summary } from '../../record/summary.ts';
import { outcomeOf } from '../../reports/outcome.ts';
import { junit } from '../../reports/render/junit.ts';
import { reportOf } from '../../reports/report.ts';
import { codeOf, exitCode } from '../../scripts/cli/exit-codes.ts';

const all = { login: 1, read: 1, write: 1, logout: 1, probe: 1 };

/** What the strategy `odd` shows in a trial; `number` counts all trials, and `odd` has every second or third. */
const odd: Readonly<Record<string, (number: number) => FakeTrial>> = {
  'answers nothing': () => ({ failing: all }),
  'lets nobody log in': () => ({ loginsFail: true }),
  'fails writes only': () => ({ failing: { write: 1 } }),
  'fails rare logouts only': () => ({ failing: { logout: 1 } }),
  'fails a tenth of the reads': () => ({ failing: { read: 0.1 } }),
  'says 401 to everything': () => ({ violations: 'all-lost' }),
  'works in its first trial only': (number) => (number > 2 ? { failing: all } : {}),
  'lets nobody log in after its first trial': (number) => (number > 2 ? { loginsFail: true } : {}),
};

/** Fails fast and cheaply. */
const scriptOf = (of: (number: number) => FakeTrial): FakeScript => ({
  trial: ({ strategy, number }) => (strategy === 'odd' ? { latencyMicros: 10, ...of(number) } : {}),
  burst: (strategy) => (strategy === 'odd' ? 200 : 4000),
  burstFails: (strategy) => (strategy === 'odd' ? 1 : 0),
});

const blocks = (...names: readonly string[]): Plan => ({
  ...settingFor(...names),
  design: { kind: 'blocks', blocks: 3, rate: { mode: 'auto' }, fewestReads: 0 },
});

function search(...names: readonly string[]): Plan {
  const parsed = parseSlo('p50<50ms');
  if (parsed.status === 'invalid') assert.fail(parsed.mistakes.join());
  return { ...settingFor(...names), design: searchDesign(parsed.slo, 6) };
}

async function told(
  t: TestContext,
  plan: Plan,
  script: FakeScript,
): Promise<{ summary: Summary; xml: string }> {
  const { read } = await fakeRun(t, plan, { script });
  const { summary, document } = reportOf(read);
  return { summary, xml: junit(document) };
}

function assertNotPraised(summary: Summary, what: string): void {
  const { answer, details, comparisons, rankings, strategies } = summary;
  const found = strategies.find(({ name }) => name === 'odd') ?? assert.fail(what);
  assert.equal(found.status, 'failed', what);
  assert.deepEqual(found.operations, {}, what);
  const ranked = rankings.flatMap((each) => [
    ...each.ranked.map(({ strategy }) => strategy),
    ...each.unranked,
  ]);
  const compared = comparisons.flatMap(({ baseline, candidate }) => [baseline, candidate]);
  assert.ok(![...ranked, ...compared].includes('odd'), what);
  assert.match(answer, /ODD failed|Wrong answers came from ODD/, what);
  assert.ok(answer.split(/\s+/).length <= 40, answer);
  assert.doesNotMatch([answer, ...details].join(' '), /every session|could not keep up/, what);
  assert.equal(codeOf[outcomeOf(summary, true)], exitCode.violations, what);
}

for (const [what, of] of Object.entries(odd)) {
  if (what.startsWith('lets nobody log in after')) continue;
  test(`a strategy that ${what}, beside another and alone`, async (t) => {
    const beside = await told(t, blocks('odd', 'sound'), scriptOf(of));
    assertNotPraised(beside.summary, what);
    const { design, strategies } = beside.summary;
    assert.ok(design.kind === 'blocks' && design.rate?.value === 2000, 'the rate is of the sound one');
    assert.deepEqual(
      strategies.map(({ name, status }) => `${name} ${status}`),
      ['odd failed', 'sound valid'],
    );
    assert.match(beside.xml, /failures="1" errors="0"/);
    const alone = await told(
      t,
      blocks('odd'),
      scriptOf((number) => of(2 * number - 1)),
    );
    assertNotPraised(alone.summary, what);
    assert.match(alone.xml, /failures="1" errors="0"/);
  });
}

test('a strategy that shut itself after its first trial is not praised for that one without the word', async (t) => {
  const of = odd['lets nobody log in after its first trial'] ?? assert.fail('it is in the table');
  const { summary } = await told(t, blocks('odd', 'sound'), scriptOf(of));
  assert.match(summary.answer, /ODD lost 2 of 3 trials to faults of its own/);
  assert.doesNotMatch([summary.answer, ...summary.details].join(' '), /every session/);
});

test('a search finds no capacity of what fails at once, and says that it failed', async (t) => {
  for (const what of ['answers nothing', 'lets nobody log in', 'fails a tenth of the reads']) {
    const of = odd[what] ?? assert.fail(what);
    const { summary, xml } = await told(t, search('odd', 'sound'), scriptOf(of));
    assertNotPraised(summary, what);
    assert.match(xml, /failures="1"/);
    assert.ok(summary.design.kind === 'search');
    const answer = summary.design.answers.find(({ strategy }) => strategy === 'odd');
    assert.deepEqual([answer?.rate, answer?.low], [null, null], what);
  }
});

test('what only the far side of the edge fails has not failed in a search', async (t) => {
  const script: FakeScript = {
    trial: ({ rate }) => (rate > 3000 ? { failing: { read: 0.5 } } : {}),
  };
  const { summary } = await told(t, search('sound'), script);
  assert.equal(summary.strategies[0]?.status, 'valid');
});
