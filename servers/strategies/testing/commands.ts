/** One operation of the app sends to the servers what the topology says, no more and no less. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CommandCounts, type OperationName, operationNames } from '../../contract/topology.ts';
import { appOf } from './app.ts';
import type { StoreBench, StoreKit } from './kit.ts';

const repeats = 5;

/** Names of the operations' commands. Others, of pings, handshakes and sweeps, are not counted. */
function watched(kit: StoreKit): ReadonlySet<string> {
  return new Set(operationNames.flatMap((name) => Object.keys(kit.topology.commandsPerOperation[name])));
}

function difference(after: CommandCounts, before: CommandCounts, names: ReadonlySet<string>): CommandCounts {
  const entries = [...names].map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const);
  return Object.fromEntries(entries.filter(([, count]) => count !== 0));
}

function times(counts: CommandCounts, factor: number): CommandCounts {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count * factor]));
}

export function testCommands(kit: StoreKit, bench: StoreBench): void {
  test('each operation sends the commands of the topology', async (t) => {
    const { services } = bench;
    const app = await appOf(kit, services.endpoints, t);
    const url = `${app.url}/session`;
    const json = { 'content-type': 'application/json' };
    const cookies: string[] = [];
    const all = async (status: number, request: (cookie: string) => RequestInit): Promise<void> => {
      for (const cookie of cookies) assert.equal((await fetch(url, request(cookie))).status, status);
    };
    const operations: Readonly<Record<OperationName, () => Promise<void>>> = {
      login: async () => {
        for (let turn = 0; turn < repeats; turn += 1) {
          const body = JSON.stringify({ user: `user ${turn}`, payloadBytes: 500 });
          const answer = await fetch(url, { method: 'POST', headers: json, body });
          assert.equal(answer.status, 201);
          cookies.push(answer.headers.get('set-cookie')?.split(';')[0] ?? '');
        }
      },
      read: () => all(200, (cookie) => ({ headers: { cookie } })),
      write: () =>
        all(200, (cookie) => ({ method: 'PATCH', headers: { ...json, cookie }, body: '{"part":1}' })),
      logout: () => all(204, (cookie) => ({ method: 'DELETE', headers: { cookie } })),
      probe: () => all(401, (cookie) => ({ headers: { cookie } })),
    };
    for (const name of operationNames) {
      const before = await services.commands();
      await operations[name]();
      const sent = difference(await services.commands(), before, watched(kit));
      assert.deepEqual(sent, times(kit.topology.commandsPerOperation[name], repeats), name);
    }
  });
}
