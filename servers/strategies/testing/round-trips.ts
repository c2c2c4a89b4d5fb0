/** One operation of the app waits for as many round trips as the topology says, counted on the wire. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OperationName, operationNames, roundTripsOf } from '../../contract/topology.ts';
import { appOf } from './app.ts';
import { BadNetwork } from './bad-network.ts';
import type { StoreBench, StoreKit } from './kit.ts';

const turns = 10;

/** For strategies with one server. */
export function testRoundTripsOfApp(kit: StoreKit, bench: StoreBench): void {
  test('each operation waits for the round trips of the topology', async (t) => {
    const [service, [server]] = Object.entries(bench.endpoints)[0] ?? ['', []];
    assert.ok(server);
    const network = await BadNetwork.before(server);
    t.after(() => network.close());
    const endpoints = { [service]: [{ ...server, host: '127.0.0.1', port: network.port }] };
    const app = await appOf(kit, endpoints, t);
    const send = async (status: number, init: RequestInit): Promise<Response> => {
      const answer = await fetch(`${app.url}/session`, init);
      assert.equal(answer.status, status);
      await answer.arrayBuffer();
      return answer;
    };
    const json = { 'content-type': 'application/json' };
    let cookie = '';
    const operations: Readonly<Record<OperationName, () => Promise<unknown>>> = {
      login: async () => {
        const body = JSON.stringify({ user: 'ann', payloadBytes: 500 });
        const answer = await send(201, { method: 'POST', headers: json, body });
        cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
      },
      read: () => send(200, { headers: { cookie } }),
      write: () => send(200, { method: 'PATCH', headers: { ...json, cookie }, body: '{"part":1}' }),
      logout: () => send(204, { method: 'DELETE', headers: { cookie } }),
      probe: () => send(401, { headers: { cookie } }),
    };
    const fewest: Partial<Record<OperationName, number>> = {};
    // The first use of a connection, and a sweep that happens to run, may take trips of their own.
    for (let turn = 0; turn < turns; turn += 1) {
      for (const name of operationNames) {
        const before = network.trips;
        await operations[name]();
        fewest[name] = Math.min(fewest[name] ?? Number.POSITIVE_INFINITY, network.trips - before);
      }
    }
    assert.deepEqual(fewest, roundTripsOf(kit.topology));
  });
}
