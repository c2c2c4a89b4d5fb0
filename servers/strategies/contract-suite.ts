/**
 * What every store must do, run against its real servers. A strategy's `store.live.test.ts` calls {@link testStore} and
 * adds tests of what is its own.
 */
import { after, before, describe } from 'node:test';
import { testBulk } from './testing/bulk.ts';
import { testCommands } from './testing/commands.ts';
import { testContents } from './testing/contents.ts';
import { testData } from './testing/data.ts';
import { StoreBench, type StoreKit } from './testing/kit.ts';
import { testLife } from './testing/life.ts';
import { testLines } from './testing/lines.ts';
import { testOutages } from './testing/outages.ts';
import { testPromptConnections } from './testing/prompt-connections.ts';
import { testRoundTripsOfApp } from './testing/round-trips.ts';
import { testUserIndex } from './testing/user-index.ts';

export interface SuiteOptions {
  /** Why the servers cannot be had on this machine, where that is no fault: the tests are then skipped. */
  readonly lack?: string | null;
  /** Adds tests of the strategy's own, on the same servers. They come last. */
  readonly ownTests?: (bench: StoreBench) => void;
}

export function testStore(kit: StoreKit, { lack = null, ownTests }: SuiteOptions = {}): void {
  describe(`the store of ${kit.name}`, { skip: lack ?? false }, () => {
    const bench = new StoreBench(kit);
    before(() => bench.start());
    after(() => bench.stop());
    testData(kit, bench);
    testLife(kit, bench);
    testCommands(kit, bench);
    testBulk(kit, bench);
    testUserIndex(kit, bench);
    if (kit.topology.services.length > 0) testContents(bench);
    const [service, ...others] = kit.topology.services;
    if (service) testPromptConnections(bench);
    // The nodes of a cluster tell clients each other's addresses, past any network of ours.
    if (service?.count === 1 && others.length === 0) {
      testRoundTripsOfApp(kit, bench);
      testLines(kit, bench);
    }
    // After the others: sessions may not outlast an outage.
    if (kit.topology.services.length > 0) testOutages(kit, bench);
    ownTests?.(bench);
  });
}
