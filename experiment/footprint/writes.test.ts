/** What requests add to a log is told; the balancer is reached where the harness reaches it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { nothingTold } from '../../infra/services/definition.ts';
import { loggedPerWrite } from './writes.ts';

const growth: Readonly<Record<string, number>> = { POST: 900, PATCH: 500, DELETE: 100 };
const statuses: Readonly<Record<string, number>> = { POST: 201, PATCH: 200, DELETE: 204 };

const unasked = async (): Promise<never> => assert.fail('nobody asks for it');

/** Something that answers as an app does, before a log that grows. */
async function deploymentFor(t: TestContext, logs: boolean) {
  let logBytes = 5_000;
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    const method = request.method ?? '';
    seen.add(`${method} ${request.headers.cookie ?? 'no cookie'}`);
    logBytes += growth[method] ?? 0;
    response.writeHead(statuses[method] ?? 405, { 'set-cookie': 'session=x; Path=/' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const population = {
    ...{ fill: unasked, members: unasked, difference: unasked, entries: unasked, tidy: unasked },
    holding: async () => ({ ...nothingTold, logBytes: logs ? logBytes : null }),
  };
  // Where the generator reaches the balancer is nobody's matter here: beside it, which may be another machine.
  return { balancerUrl: `http://127.0.0.1:${port}`, population, seen, server };
}

test('what a login and a write add to the log is told, and the sessions end again', async (t) => {
  const deployment = await deploymentFor(t, true);
  assert.deepEqual(await loggedPerWrite(deployment, 200), { login: 900, write: 500 });
  assert.deepEqual([...deployment.seen], ['POST no cookie', 'PATCH session=x', 'DELETE session=x']);
});

test('where no log is told of, nobody logs in', async (t) => {
  const deployment = await deploymentFor(t, false);
  assert.equal(await loggedPerWrite(deployment, 200), null);
  assert.equal(deployment.seen.size, 0);
});

test('a balancer that cannot be reached is told with the cause', async (t) => {
  const deployment = await deploymentFor(t, true);
  deployment.server.close();
  await assert.rejects(loggedPerWrite(deployment, 200), /^Error: a POST got no answer .*ECONNREFUSED/);
});
