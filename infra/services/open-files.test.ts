import assert from 'node:assert/strict';
import { test } from 'node:test';
import { haproxy } from './haproxy/index.ts';
import { serviceKind } from './index.ts';
import { connectionsWithin, FEWEST_OPEN_FILES, openFilesLimit } from './open-files.ts';

/** Connections of the generator, unless a script says otherwise (infra/k6). */
const GENERATOR_CONNECTIONS = 64;

test('connections follow the limit of open files, and have room for the generator at the lowest', () => {
  assert.equal(connectionsWithin(1_000_000, 2), 4096);
  assert.equal(connectionsWithin(4096, 2), 1998);
  assert.equal(connectionsWithin(4096, 1), 3996);
  assert.ok(connectionsWithin(FEWEST_OPEN_FILES, 2) > 2 * GENERATOR_CONNECTIONS);
  assert.equal(connectionsWithin(10, 2), 1);
  assert.ok((openFilesLimit() ?? Number.POSITIVE_INFINITY) > 0);
});

/** Files and arguments of a node that may open so many files. */
function planned(service: Parameters<typeof serviceKind>[0] | 'haproxy', openFiles: number): string {
  const configured =
    service === 'haproxy'
      ? haproxy.configure({ affinity: 'none', apps: [{ host: '127.0.0.1', port: 1 }] }, 1)
      : serviceKind(service).configure({}, 1);
  const plan = configured.plan({
    ...{
      name: 'n-1',
      number: 1,
      count: 1,
      host: '127.0.0.1',
      ports: { main: 8001 },
      memoryMiB: 64,
      cores: 1,
    },
    folders: { config: '/c', data: '/d', run: '/r' },
    openFiles,
    network: 'direct',
    programs: {},
    secret: () => 'secret',
    certificate: () => ({ key: 'key', certificate: 'certificate' }),
  });
  return JSON.stringify([plan.files, plan.command.args]);
}

test('no server is told to take more connections than it may open', () => {
  for (const [service, most] of [
    ['haproxy', 1998],
    ['redis', 3996],
    ['memcached', 3996],
  ] as const) {
    assert.ok(planned(service, 4096).includes(String(most)), service);
    assert.ok(!planned(service, 4096).includes('4096'), service);
    assert.ok(planned(service, 1_000_000).includes('4096'), service);
  }
});
