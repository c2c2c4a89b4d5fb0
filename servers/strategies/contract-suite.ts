/**
 * What every store must do, run against its real servers. A strategy's `store.live.test.ts` calls {@link testStore} and
 * adds tests of what is its own.
 */
import { after, before, describe } from 'node:test';
import { testBadLines } from './testing/bad-lines.ts';
import { testCommands } from './testing/commands.ts';
import { testData } from './testing/data.ts';
import { type Bench, StoreBench, type StoreKit } from './testing/kit.ts';
import { testLife } from './testing/life.ts';
import { testOutages } from './testing/outages.ts';

export type { StoreKit } from './testing/kit.ts';

/** @param lack why the servers cannot be had on this machine, where that is no fault; the tests are then skipped */
export function testStore(kit: StoreKit, lack: string | null = null): void {
  describe(`the store of ${kit.name}`, { skip: lack ?? false }, () => {
    const bench: Bench = { current: undefined };
    before(async () => {
      bench.current = await StoreBench.start(kit);
    });
    after(async () => {
      await bench.current?.stop();
    });
    testData(kit, bench);
    testLife(kit, bench);
    testCommands(kit, bench);
    const [service, ...others] = kit.topology.services;
    // Nodes of a cluster tell clients each other's addresses, which no network of ours lies before.
    if (service?.count === 1 && others.length === 0) testBadLines(bench);
    // Last, because sessions of other tests may not outlast an outage.
    if (kit.topology.services.length > 0) testOutages(kit, bench);
  });
}
