/** A real Redis behind a real proxy: what is added to a round trip shows in its medians as often as it says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRan, readResults, run, temporaryFolder } from '../command.ts';

/** Far more than a busy machine adds to a median. */
const ADDED_MS = 50;

/** Of others a trial this short has a handful, whose median one slow start moves. */
const often: ReadonlySet<string> = new Set(['read', 'write']);

test('a read of Redis waits for one round trip, and a write for two', async (context) => {
  const out = await temporaryFolder(context);
  const finished = await run('bench', [
    ...['--distance', `0,${ADDED_MS}`, '--strategy', 'redis', '--preset', 'smoke', '--out', out],
    ...['--duration', '1', '--sessions', '100'],
  ]);
  assertRan(finished);
  const { summary } = await readResults(out);
  const { design, versions, strategies } = summary;
  if (design.kind !== 'distance') assert.fail(`the design is ${design.kind}`);
  const products = [...versions, ...strategies.flatMap((each) => each.versions)].map(
    ({ product }) => product,
  );
  assert.ok(products.includes('Toxiproxy'), products.join());
  // On a machine that is too busy for the load, there are no medians.
  const fitted = design.results.filter(({ line }) => line.status === 'fitted');
  for (const { operation, line, expected } of fitted) {
    if (line.status !== 'fitted' || expected === null || !often.has(operation)) continue;
    context.diagnostic(`${operation}: ${line.roundTrips.toFixed(2)} round trips, ${expected} expected`);
    assert.equal(Math.round(line.roundTrips), expected, operation);
  }
  assert.ok(finished.exitCode === 2 || fitted.some(({ operation }) => operation === 'read'));
});
