/** What is rendered for each strategy, held to files that people have read; `docker compose` accepts it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { NodeContext } from '../../../services/definition.ts';
import { serviceKind } from '../../../services/index.ts';
import { discoverStrategies } from '../../../strategies.ts';
import { withVariants } from '../../../variants.ts';
import type { Placement } from '../../runtime.ts';
import { memoryLimitMiB } from '../budgets.ts';
import { dockerCommand } from '../engine/command.ts';

import { renderYaml } from './file.ts';
import { composeFileIn, writeDeploymentFolder } from './folder.ts';
import { type Rendering, renderCompose, renderedFolders, renderFiles } from './render.ts';
import { inside } from './site.ts';
import { renderingOf } from './testing/render-strategy.ts';

const strategies = withVariants(await discoverStrategies());
const golden = (name: string) => path.join(import.meta.dirname, 'golden', `${name}.yml`);
const rendered = (name: string) => {
  const strategy = strategies.find((each) => each.name === name);
  assert.ok(strategy);
  return renderingOf(strategy);
};

const compose = await dockerCommand(['compose', 'version']);
const needsCompose = { skip: compose.exitCode === 0 ? false : 'docker compose is not on this machine' };

for (const { name } of strategies) {
  test(`the Compose file of ${name} is as it was read and approved`, async () => {
    const text = renderYaml(renderCompose(await rendered(name)));
    // SESSION_BENCH_UPDATE_GOLDEN=1 writes the files anew; read what changed before you commit it.
    if (process.env.SESSION_BENCH_UPDATE_GOLDEN) writeFileSync(golden(name), text);
    assert.equal(text, readFileSync(golden(name), 'utf8'));
  });

  test(`docker compose accepts the file of ${name}`, needsCompose, async () => {
    const { exitCode, all } = await dockerCommand([
      ...['compose', '--profile', 'load', '--file', golden(name)],
      ...['config', '--quiet'],
    ]);
    assert.equal(exitCode, 0, all);
    assert.equal(all, '', 'and has nothing to remark');
  });
}

test('the name of a project is one that Compose takes', async () => {
  for (const { name } of strategies)
    assert.match((await rendered(name)).project, /^[a-z0-9][a-z0-9_-]*$/, name);
});

test('no secret is in a Compose file, and every file with one is its user’s alone', async (context) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sbt-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const strategy = strategies.find(({ name }) => name === 'postgres');
  assert.ok(strategy);
  const rendering = { ...(await renderingOf(strategy, folder)), user: { uid: 65_534, gid: 65_534 } };
  writeDeploymentFolder(rendering);
  const files = renderFiles(rendering);
  const secrets = new Set(files.flatMap(({ content }) => content.match(/\b[0-9a-f]{48}\b/g) ?? []));
  assert.ok(secrets.size >= 3, 'the password of the app, that of the administrator, the token of the app');
  const text = readFileSync(composeFileIn(folder), 'utf8');
  for (const secret of secrets) assert.ok(!text.includes(secret));
  for (const { path: name } of files.filter(({ content }) => /[0-9a-f]{48}/.test(content))) {
    assert.equal(statSync(path.join(folder, name)).mode & 0o077, 0, name);
  }
});

test('what containers pass through and look up is open to their user, whatever the umask', async (context) => {
  const before = process.umask(0o077);
  context.after(() => process.umask(before));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sbt-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const strategy = strategies.find(({ name }) => name === 'redis') ?? assert.fail();
  const rendering = { ...(await renderingOf(strategy, folder)), user: { uid: 65_534, gid: 65_534 } };
  writeDeploymentFolder(rendering);
  const mode = (name: string) => statSync(path.join(folder, name)).mode & 0o777;
  for (const name of renderedFolders(rendering).map((each) => path.dirname(each)))
    assert.equal(mode(name), 0o711, name);
  assert.equal(mode('passwd'), 0o644);
});

test('an app is told of the work that the self-test adds, and of none otherwise', async () => {
  const strategy = strategies.find(({ name }) => name === 'redis');
  assert.ok(strategy);
  const told = (rendering: Rendering) =>
    renderFiles(rendering)
      .filter(({ path: name }) => name.endsWith('app.json'))
      .map(({ content }) => JSON.parse(content).slowdown);
  const slowdown = { cpuMicrosPerRequest: 80 };
  assert.deepEqual(told(await renderingOf(strategy, '/tmp/run/1', slowdown)), [slowdown, slowdown]);
  assert.deepEqual(told(await renderingOf(strategy)), [undefined, undefined]);
});

test('any number of apps has its containers, and its lines in the balancer', async () => {
  const strategy = strategies.find(({ name }) => name === 'sticky');
  assert.ok(strategy);
  const rendering = await renderingOf(strategy, '/tmp/run/1', null, 'direct', 8);
  const containers = Object.keys(parse(renderYaml(renderCompose(rendering))).services);
  assert.equal(containers.filter((name) => /^app-\d$/.test(name)).length, 8, containers.join());
  const balancer = renderFiles(rendering).find(({ path: name }) => name.endsWith('haproxy.cfg'));
  const lines = balancer?.content.match(/^ {2}server app\d .* check cookie app\d$/gm) ?? [];
  assert.equal(new Set(lines).size, 8, balancer?.content);
});

test('an app is told the settings of its store, and where there are none it is told of none, as older apps want it', async () => {
  const told = async (name: string) =>
    renderFiles(await rendered(name))
      .filter(({ path: file }) => file.endsWith('app.json'))
      .map(({ content }) => JSON.parse(content).storeSettings);
  assert.deepEqual(await told('postgres@unlogged'), [{ unlogged: true }, { unlogged: true }]);
  assert.deepEqual(await told('postgres'), [undefined, undefined]);
  assert.deepEqual(await told('redis@aof-always'), [undefined, undefined]);
});

test('the app runs on a root file system that cannot be written, without rights, as no root', () => {
  const { services } = parse(readFileSync(golden('redis'), 'utf8'));
  for (const name of ['app-1', 'app-2', 'cache-1', 'balancer-1']) {
    const { read_only, cap_drop, user, security_opt } = services[name];
    assert.deepEqual(
      { read_only, cap_drop, user, security_opt },
      { read_only: true, cap_drop: ['ALL'], user: '1000:1000', security_opt: ['no-new-privileges:true'] },
    );
  }
});

test('budgets are the same rule for every strategy', () => {
  for (const { name, topology } of strategies) {
    const { services } = parse(readFileSync(golden(name), 'utf8'));
    for (const { name: service, count, memoryMiB } of topology.services) {
      for (let number = 1; number <= count; number++) {
        const { cpuset, cpus, mem_limit, memswap_limit } = services[`${service}-${number}`];
        const memory = `${memoryLimitMiB(memoryMiB)}m`;
        assert.deepEqual(
          { cpuset, cpus, mem_limit, memswap_limit },
          { cpuset: '3', cpus: 1, mem_limit: memory, memswap_limit: memory },
        );
      }
    }
    assert.equal(services.k6.network_mode, 'service:balancer-1');
    assert.equal(services['app-1'].mem_limit, services['app-2'].mem_limit);
  }
});

test('both runtimes run the same program with the same arguments, files and steps', () => {
  const native = { config: '/run/7/etc', data: '/run/7/data', run: '/run/7/run' };
  const placement: Placement['cores'] = { generator: [0], balancer: [1], app: [2], store: [3] };
  for (const { topology } of strategies) {
    for (const { kind, settings, count, memoryMiB, name } of topology.services) {
      const service = serviceKind(kind).configure(settings, count);
      const planWith = (folders: NodeContext['folders'], host: string) =>
        service.plan({
          name: `${name}-1`,
          number: 1,
          count,
          openFiles: 20_000,
          network: 'direct',
          host,
          ports: Object.fromEntries(service.ports.map((port, index) => [port, 8001 + index])),
          folders,
          memoryMiB,
          cores: placement.store.length,
          programs: Object.fromEntries(
            service.programs.map(({ name: program }) => [
              program,
              { path: `/usr/bin/${program}`, root: null, resolvedName: program, version: null },
            ]),
          ),
          secret: (secret) => secret,
          certificate: () => ({ key: 'key', certificate: 'certificate' }),
        });
      const contained = JSON.stringify(planWith(inside, '127.0.0.1'));
      const moved = JSON.stringify(planWith(native, '127.0.0.1'))
        .replaceAll(native.config, inside.config)
        .replaceAll(native.data, inside.data)
        .replaceAll(native.run, inside.run);
      assert.equal(contained, moved);
    }
  }
});
