import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../machine/testing/temporary-folder.ts';
import { appMain, discoverStrategies } from '../../../strategies.ts';
import { appDockerfile, bundleApp, storeModuleIn, storesBeside } from './app.ts';

test('the app and every store are bundled; a store that cannot be says where', async (context) => {
  const strategies = await discoverStrategies();
  const bundle = await bundleApp({ main: appMain, strategies });
  assert.ok(bundle.has('app/main.mjs'));
  for (const { name } of strategies) assert.ok(bundle.has(`app/store-${name}.mjs`), name);
  const folder = temporaryFolder(context);
  writeFileSync(path.join(folder, 'store.ts'), 'export default (\n');
  await assert.rejects(
    bundleApp({ main: appMain, strategies: [{ name: 'broken', folder }] }),
    /store\.ts:2: .*/,
  );
});

test('of two checkouts’ strategies of one name, an app gets the one beside it', () => {
  const strategies = [
    { name: 'redis', folder: '/a/servers/strategies/redis' },
    { name: 'redis', folder: '/b/servers/strategies/redis' },
    { name: 'own', folder: '/elsewhere/own' },
  ];
  const foldersFor = (main: string) => storesBeside(main, strategies).map(({ folder }) => folder);
  assert.deepEqual(foldersFor('/b/servers/app/main.ts'), ['/elsewhere/own', '/b/servers/strategies/redis']);
  assert.deepEqual(foldersFor('/a/servers/app/main.ts'), ['/elsewhere/own', '/a/servers/strategies/redis']);
});

test('variants share the store of their strategy, whichever of them is measured: one image serves all runs', () => {
  const redis = { name: 'redis', folder: '/a/redis' };
  const always = { ...redis, name: 'redis@aof-always' };
  assert.equal(storeModuleIn(always.name), storeModuleIn(redis.name));
  const folders = (strategies: Parameters<typeof storesBeside>[1]) =>
    storesBeside('/a/main.ts', strategies).map(({ folder }) => folder);
  assert.deepEqual(folders([always, redis]), folders([redis]));
  const sticky = { name: 'sticky', folder: '/a/sticky' };
  assert.deepEqual(folders([sticky, redis]), folders([redis, sticky]));
});

test('the image is built on the very one that is here, whatever the registry has under its name now', () => {
  const exactName = `node:24.21-slim@sha256:${'a'.repeat(64)}`;
  assert.equal(appDockerfile({ exactName }).split('\n', 1)[0], `FROM ${exactName}`);
});
