/** A real Toxiproxy between real apps and servers: everything that apps ask for goes through it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findGoFor } from '../../machine/programs/go-build.ts';
import { assertNothingLeft } from '../../machine/testing/traces.ts';
import { until } from '../../machine/until.ts';
import { deployForTest, strategy } from '../../runtimes/native/testing/deploy.ts';
import type { Network, Placement } from '../../runtimes/runtime.ts';
import { whyNoServices } from '../../runtimes/testing/services.ts';
import { toxiproxyProgram } from './program.ts';

const placement: Placement = {
  cores: { generator: [0], balancer: [0], app: [0], store: [0] },
  shared: true,
  siblings: null,
  kinds: null,
  description: 'for a test',
};

const RECOVERY_MS = 20_000;
const go = await findGoFor(toxiproxyProgram);

/** Somebody who has logged in at an app, past the balancer. */
async function login(app: string): Promise<() => Promise<number>> {
  const response = await fetch(`${app}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'somebody', payloadBytes: 100 }),
  });
  assert.equal(response.status, 201);
  const cookie = (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  return async () => (await fetch(`${app}/session`, { headers: { cookie } })).status;
}

const untilServed = (reads: readonly (() => Promise<number>)[]) =>
  until('sessions are served again', RECOVERY_MS, async () => {
    const statuses = await Promise.all(reads.map((read) => read()));
    assert.ok(
      statuses.every((status) => status === 200),
      statuses.join(),
    );
  });

// A cluster, whose nodes tell clients of each other; a pool, which opens connections as it likes.
for (const name of ['redis-cluster', 'postgres']) {
  const { topology } = await strategy(name);
  const skip = (await whyNoServices(topology)) ?? (go.status === 'lacking' ? go.lack.why : false);
  test(`${name}: nothing goes around the proxies`, { skip }, async (t) => {
    const { deployment, end } = await deployForTest(await strategy(name), placement, null, {
      network: 'proxied',
      storeTimeoutMs: 700,
    });
    const port = Number(new URL(deployment.url).port);
    t.after(async () => {
      assert.deepEqual(await end(), []);
      await assertNothingLeft([port]);
    });
    const network: Network = deployment.network ?? assert.fail('there is no network');
    const [app = assert.fail()] = deployment.appUrls;
    // So many that each master of a cluster has some.
    const reads = await Promise.all(Array.from({ length: 24 }, () => login(app)));
    const statuses = () => Promise.all(reads.map((read) => read()));
    const all = (status: number) => reads.map(() => status);

    await t.test('the version is that which was linked', () => {
      const proxies = deployment.versions.find(({ product }) => product === 'Toxiproxy');
      assert.match(proxies?.version ?? '', /^2\.5\.0$/);
    });

    await t.test('slow: each read takes at least the time that was added', async () => {
      const [read = assert.fail()] = reads;
      await network.slow(120);
      const began = performance.now();
      assert.equal(await read(), 200);
      assert.ok(performance.now() - began >= 119, `${performance.now() - began} ms`);
      await network.heal();
      assert.deepEqual(await statuses(), all(200));
    });

    await t.test('cut: not one session is served, and healed all are', async () => {
      await network.cut();
      assert.deepEqual(await statuses(), all(503));
      await network.heal();
      await untilServed(reads);
    });

    await t.test('reset: connections are lost, and new ones work', async () => {
      await network.reset();
      await untilServed(reads);
    });

    await t.test('a delay that no network has is refused', async () => {
      await assert.rejects(network.slow(-1), RangeError);
      await assert.rejects(network.slow(Number.NaN), RangeError);
    });

    assert.deepEqual(deployment.unexpectedExits(), []);
  });
}
