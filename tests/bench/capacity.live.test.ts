/**
 * A search for capacity on real servers, of a strategy whose capacity is known however busy the machine is. What else a
 * search makes of what it sees is tested in experiment/search.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { type CapacityAnswer, type CapacityRecord, capacityRecord } from '../../record/search.ts';
import { type Results, readResults, repository, run, temporaryFolder } from '../command.ts';

const environment = { SESSION_BENCH_STRATEGIES: path.join(repository, 'tests/strategies') };
const short = ['--preset', 'smoke', '--duration', '1', '--sessions', '100'];

const capacityFile = async (folder: string): Promise<CapacityRecord> =>
  capacityRecord.parse(JSON.parse(await readFile(path.join(folder, 'capacity.json'), 'utf8')));

function answersOf({ summary: { design } }: Results): readonly (CapacityAnswer & { strategy: string })[] {
  return design.kind === 'search' ? design.answers : assert.fail(`the design is ${design.kind}`);
}

/** What two apps with a store that takes 10 ms for each call can carry at most. */
const KNOWN_LIMIT = 200;

async function checkKept(results: Results): Promise<void> {
  const { folder, record, trials } = results;
  const { strategies } = await capacityFile(folder);
  const steps = strategies.flatMap(({ history }) => history);
  assert.equal(steps.length, trials.length);
  for (const { number, offeredRate, promise } of trials) {
    const step = steps.find((each) => each.trial === number);
    assert.deepEqual([step?.rate, step?.outcome], [offeredRate, promise?.outcome]);
  }
  assert.equal(record.plan.order.flat().length, trials.length);
  assert.deepEqual(
    answersOf(results).map((answer) => [answer.strategy, answer.trials]),
    strategies.map(({ name, history }) => [name, history.length]),
  );
}

test('a search finds a capacity that is known beforehand', async (context) => {
  const out = await temporaryFolder(context);
  const of = ['--strategy', 'one-at-a-time', '--out', out];
  const { exitCode, stdout, stderr } = await run(
    'bench',
    ['--capacity', '--slo', 'errors<5%', '--trials', '5', ...short, ...of],
    environment,
  );
  assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
  const results = await readResults(out);
  await checkKept(results);
  const [answer = assert.fail(stdout)] = answersOf(results);
  assert.equal(answer.limit, 'strategy', stdout);
  assert.ok(answer.low !== null && answer.low < KNOWN_LIMIT, JSON.stringify(answer));
  assert.ok(answer.outcomes.kept > 0 && answer.outcomes.broken > 0, JSON.stringify(answer));
  assert.match(stdout, /^Under errors < 5 %, One at a time carried /m);
  assert.match(stdout, /SESSION_BENCH_NOISE=tolerate: .* no number here can be relied on/);

  const again = await run('report', [results.folder, '--json']);
  assert.equal(again.exitCode, 0, again.stderr);
  assert.deepEqual(JSON.parse(again.stdout), results.summary);
});
