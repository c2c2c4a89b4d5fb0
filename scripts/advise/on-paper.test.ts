/** What the advice has on paper agrees with what the topologies say of the same endings. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onPaper } from '../../advice/evidence/on-paper.ts';
import { isWithin, type Loss } from '../../advice/wishes/losses.ts';
import { discoverStrategies, strategiesFolder } from '../../infra/strategies.ts';
import { withVariants } from '../../infra/variants.ts';

const lossOf = { kept: 'none', 'newest-lost': 'second', lost: 'all' } as const satisfies Readonly<
  Record<string, Loss>
>;
const worseOf = (a: Loss, b: Loss): Loss => (isWithin(a, b) ? b : a);

test('every strategy and variant is known on paper, and loses through an ending what its topology says', async () => {
  const strategies = withVariants(await discoverStrategies([strategiesFolder]));
  assert.ok(strategies.length > 10);
  for (const { name, topology } of strategies) {
    const paper = onPaper(name) ?? assert.fail(`${name} is not in advice/evidence/on-paper.ts`);
    const { storeCrash = 'kept', storeRestart = 'kept', failover, appEnd = 'kept' } = topology.outlasts ?? {};
    const ofStore =
      failover === undefined ? worseOf(lossOf[storeCrash], lossOf[storeRestart]) : lossOf[failover];
    assert.equal(paper.alone['store-restart'], ofStore, `${name} through an end of its store`);
    // One app of several ends with the sessions that it had.
    const ofApp = appEnd === 'lost' ? 'node' : lossOf[appEnd];
    assert.equal(paper.alone['app-restart'], ofApp, `${name} through an end of an app`);
    assert.equal(paper.spread.kind === 'shards', failover !== undefined, `${name} has a failover`);
  }
});
