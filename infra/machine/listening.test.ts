import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { parseSockets, placesOfTree, type Reach, reachOf } from './listening.ts';

const reaches: readonly (readonly [string, Reach])[] = [
  ['127.0.0.1', 'loopback'],
  ['127.9.9.9', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['10.1.2.3', 'private'],
  ['172.18.0.2', 'private'],
  ['192.168.1.1', 'private'],
  ['169.254.1.1', 'private'],
  ['fd00::1', 'private'],
  ['fe80::1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['0.0.0.0', 'anywhere'],
  ['::', 'anywhere'],
  ['172.32.0.1', 'anywhere'],
  ['8.8.8.8', 'anywhere'],
  ['2001:db8::1', 'anywhere'],
  ['::ffff:8.8.8.8', 'anywhere'],
];

for (const [address, reach] of reaches)
  test(`${address} is reached from: ${reach}`, () => assert.equal(reachOf(address), reach));

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const row = (local: string, state: string, inode: number): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`;

test('addresses of the tables are read, of both families, and sockets in other states left out', () => {
  const table = [
    head,
    row('0100007F:1F90', '0A', 11),
    row('00000000:0050', '0A', 12),
    row('0100007F:C350', '01', 13),
    row('00000000000000000000000001000000:1F91', '0A', 14),
    row('00000000000000000000000000000000:1F92', '0A', 15),
    row('0000000000000000FFFF00000100007F:1F93', '0A', 16),
    '',
  ].join('\n');
  const found = parseSockets(table, '0A').map(({ inode, address, port }) => [inode, address, port]);
  assert.deepEqual(found, [
    ['11', '127.0.0.1', 8080],
    ['12', '0.0.0.0', 80],
    ['14', '::1', 8081],
    ['15', '::', 8082],
    ['16', '::ffff:7f00:1', 8083],
  ]);
  assert.equal(reachOf('::ffff:7f00:1'), 'loopback');
});

test('this process listens where it said, for all or for itself', async (t) => {
  for (const [host, reach] of [
    ['127.0.0.1', 'loopback'],
    ['0.0.0.0', 'anywhere'],
  ] as const) {
    const server = createServer();
    t.after(() => server.close());
    await once(server.listen(0, host), 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const own = placesOfTree(process.pid).filter(({ port }) => port === address.port);
    assert.deepEqual(own, [{ address: host, port: address.port, reach }]);
  }
});
