/** Where proxies stand before the servers, apps are told of the proxies alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appConfig } from '../../servers/contract/app.ts';
import type { Endpoint } from '../../servers/contract/store.ts';
import { discoverStrategies } from '../strategies.ts';
import { renderCompose } from './docker/compose/render.ts';
import { renderingOf } from './docker/compose/testing/render-strategy.ts';
import type { PlannedNode, PlannedService } from './plan.ts';
import type { NetworkMode, Strategy } from './runtime.ts';

const strategies = await discoverStrategies();

interface Planned {
  readonly all: readonly PlannedService[];
  readonly network: PlannedService | undefined;
  readonly stores: readonly PlannedService[];
  /** What each app is told. */
  readonly told: readonly Readonly<Record<string, readonly Endpoint[]>>[];
}

async function planned(strategy: Strategy, mode: NetworkMode): Promise<Planned> {
  const { services } = await renderingOf(strategy, '/tmp/run/1', null, mode);
  const all = services.map(({ plan }) => plan);
  const network = all.find(({ kind }) => kind.kind === 'toxiproxy');
  const stores = all.filter((each) => each.kind.tier === 'store' && each !== network);
  const apps = all.filter(({ kind }) => kind.tier === 'app').flatMap(({ nodes }) => nodes);
  const told = apps.map((node) => appConfig.parse(JSON.parse(fileOf(node, 'app.json'))).endpoints);
  return { all, network, stores, told };
}

const fileOf = ({ plan }: PlannedNode, name: string): string =>
  plan.files.find((file) => file.name === name)?.content ?? assert.fail(`there is no ${name}`);

const addressesOf = (endpoints: readonly { readonly host: string; readonly port: number }[]) =>
  endpoints.map(({ host, port }) => `${host}:${port}`);

const withServers = strategies.filter(({ topology }) => topology.services.length > 0);

for (const strategy of withServers) {
  test(`${strategy.name}: apps know proxies alone, and each proxy leads to one server`, async () => {
    const direct = await planned(strategy, 'direct');
    assert.equal(direct.network, undefined);
    const servers = addressesOf(direct.told.slice(0, 1).flatMap((told) => Object.values(told).flat()));

    const {
      network = assert.fail('there are no proxies'),
      told,
      all,
      stores,
    } = await planned(strategy, 'proxied');
    const [node = assert.fail()] = network.nodes;
    const proxies: { readonly listen: string; readonly upstream: string }[] = JSON.parse(
      fileOf(node, 'proxies.json'),
    );
    assert.deepEqual(
      proxies.map(({ upstream }) => upstream),
      servers,
    );
    const ports = proxies.map(({ listen }) => listen.split(':').at(-1));
    assert.equal(new Set([...ports, String(node.place.ports.main)]).size, servers.length + 1);
    for (const endpoints of told) {
      const known = Object.values(endpoints).flat();
      assert.deepEqual(
        addressesOf(known),
        ports.map((port) => `${node.place.host}:${port}`),
      );
      assert.deepEqual(
        known.map(({ announcedAs }) => announcedAs),
        // In containers a server's name is its host.
        servers,
      );
      assert.ok(known.every(({ password }) => password !== undefined));
    }
    assert.ok(all.indexOf(network) > all.indexOf(stores.at(-1) ?? network), 'proxies start after stores');
    const { services } = renderCompose(await renderingOf(strategy, '/tmp/run/1', null, 'proxied'));
    assert.deepEqual(services['app-1']?.depends_on?.[node.name], { condition: 'service_healthy' });
    assert.equal(services[node.name]?.ports, undefined, 'nobody else is to give orders');
  });
}

test('nodes of a cluster name themselves to clients where proxies stand before them, and only there', async () => {
  const cluster = strategies.find(({ name }) => name === 'redis-cluster') ?? assert.fail();
  const announced = async (mode: NetworkMode) => {
    const { stores } = await planned(cluster, mode);
    return stores.flatMap(({ nodes }) =>
      nodes.map((node) => /^cluster-announce-hostname (.*)$/m.exec(fileOf(node, 'redis.conf'))?.[1]),
    );
  };
  const names = ['cluster-1', 'cluster-2', 'cluster-3', 'cluster-4', 'cluster-5', 'cluster-6'];
  assert.deepEqual(await announced('proxied'), names);
  assert.deepEqual(
    await announced('direct'),
    names.map(() => undefined),
  );
});

test('where there are no servers there is nothing to stand before', async () => {
  const sticky = strategies.find(({ name }) => name === 'sticky') ?? assert.fail();
  const [direct, proxied] = [await planned(sticky, 'direct'), await planned(sticky, 'proxied')];
  assert.equal(proxied.network, undefined);
  assert.deepEqual(proxied.told, direct.told);
});
