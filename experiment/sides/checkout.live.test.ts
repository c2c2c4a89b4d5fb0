/** Refs of a small repository, found and checked out. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { runOrThrow } from '../../infra/machine/run.ts';
import { UserError } from '../../record/user-error.ts';
import { temporaryFolder } from '../testing/fake-run.ts';
import { type Checkout, checkOut, checkOutWorkingTree } from './checkout.ts';
import { findReference, type Reference } from './reference.ts';

const topology = (title: string) => `export const topology = {
  title: '${title}', description: 'A test.', services: [], balancer: { affinity: 'none' },
  commandsPerOperation: { login: {}, read: {}, write: {}, logout: {}, probe: {} },
};\n`;

/** Of one package, which no registry has. */
const lockFile = (version: string, dependencies = {}): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: { '': { dependencies }, 'node_modules/client': { version, resolved: 'file:client.tgz' } },
  });

interface Repository {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
  remove(file: string): Promise<void>;
  commit(): Promise<string>;
}

async function smallRepository(t: TestContext): Promise<Repository> {
  const folder = await temporaryFolder(t);
  const me = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgsign=false'];
  const git = async (...args: readonly string[]): Promise<string> =>
    (await runOrThrow('git', ['-C', folder, ...me, ...args])).stdout;
  const repository = {
    folder,
    async write(file: string, text: string) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    },
    remove: (file: string) => rm(path.join(folder, file), { recursive: true }),
    async commit() {
      await git('add', '--all');
      await git('commit', '--quiet', '--message', 'a change');
      return git('rev-parse', 'HEAD');
    },
  };
  await git('init', '--quiet', '--initial-branch', 'main');
  await repository.write('.gitignore', 'node_modules\n');
  await repository.write('package-lock.json', lockFile('1.0.0'));
  await repository.write('node_modules/client/package.json', '{ "name": "client", "version": "1.0.0" }');
  await repository.write('servers/app/main.ts', '// the app\n');
  for (const name of ['redis', 'sticky']) {
    await repository.write(`servers/strategies/${name}/topology.ts`, topology(name));
    await repository.write(`servers/strategies/${name}/store.ts`, '');
  }
  await repository.commit();
  return repository;
}

async function found(ref: string, { folder }: Repository): Promise<Reference> {
  const result = await findReference(ref, folder);
  return result.status === 'found' ? result.reference : assert.fail(result.mistake);
}

async function mistake(ref: string, { folder }: Repository): Promise<string> {
  const result = await findReference(ref, folder);
  return result.status === 'mistake' ? result.mistake : assert.fail(`${ref} was found`);
}

const around = ({ folder }: Repository, said: string[] = []) => ({
  repository: folder,
  signal: new AbortController().signal,
  progress: (line: string) => said.push(line),
});
const checked = (reference: Reference, repository: Repository) => checkOut(reference, around(repository));

test('a ref is found with its strategies, and its files are those of the commit', async (t) => {
  const repository = await smallRepository(t);
  const reference = await found('main', repository);
  assert.deepEqual(reference.strategies, ['redis', 'sticky']);
  await repository.write('servers/strategies/redis/topology.ts', topology('changed'));
  await repository.remove('servers/strategies/sticky');
  const checkout = await checked(reference, repository);
  assert.deepEqual(
    checkout.strategies.map(({ name, topology: { title } }) => [name, title]),
    [
      ['redis', 'redis'],
      ['sticky', 'sticky'],
    ],
  );
  assert.equal(await readFile(checkout.appMain, 'utf8'), '// the app\n');
  await checkout.remove();
  assert.ok(!existsSync(checkout.appMain));
});

test('with the same lock file the ref has the dependencies of the working tree', async (t) => {
  const repository = await smallRepository(t);
  const checkout = await checked(await found('main', repository), repository);
  assert.equal(checkout.dependencies, 'shared');
  const folder = path.resolve(path.dirname(checkout.appMain), '../..');
  assert.equal(
    await realpath(path.join(folder, 'node_modules')),
    await realpath(path.join(repository.folder, 'node_modules')),
  );
  await checkout.remove();
  assert.ok(existsSync(path.join(repository.folder, 'node_modules/client')), 'what was linked to stays');
});

test('a side runs with the packages that its own lock file says, whatever is installed here', async (t) => {
  const repository = await smallRepository(t);
  const before = await found('main', repository);
  const made = path.join(await temporaryFolder(t), 'package');
  await mkdir(made);
  await writeFile(path.join(made, 'package.json'), '{ "name": "client", "version": "2.0.0" }');
  await runOrThrow('tar', [
    '-czf',
    path.join(repository.folder, 'client.tgz'),
    '-C',
    path.dirname(made),
    'package',
  ]);
  await repository.write(
    'package.json',
    '{ "type": "module", "dependencies": { "client": "file:client.tgz" } }',
  );
  await repository.write('package-lock.json', lockFile('2.0.0', { client: 'file:client.tgz' }));
  const said: string[] = [];
  const candidate = await checkOutWorkingTree(around(repository, said));
  const baseline = await checked(before, repository);
  const installed = async ({ folder }: Checkout) =>
    JSON.parse(await readFile(path.join(folder, 'node_modules/client/package.json'), 'utf8')).version;
  assert.deepEqual([await installed(baseline), await installed(candidate)], ['1.0.0', '2.0.0']);
  assert.deepEqual([baseline.dependencies, candidate.dependencies], ['shared', 'installed']);
  assert.notEqual(baseline.code.digest, candidate.code.digest, 'other packages are other code');
  assert.deepEqual(said, [
    'Installing the dependencies of the working tree: its package-lock.json says others than are installed here (client 1.0.0 instead of 2.0.0)',
  ]);
  for (const checkout of [baseline, candidate]) await checkout.remove();
});

test('the working tree is copied as it is: changed, staged, new and removed files, none that are ignored', async (t) => {
  const repository = await smallRepository(t);
  const git = (...args: readonly string[]) => runOrThrow('git', ['-C', repository.folder, ...args]);
  const clean = await checkOutWorkingTree(around(repository));
  const reference = await checked(await found('main', repository), repository);
  assert.equal(clean.code.dirty, false);
  assert.equal(clean.code.commit, reference.code.commit);
  assert.equal(clean.code.digest, reference.code.digest, 'the same code has one name');

  await repository.write('.gitignore', 'node_modules\nignored.ts\n');
  await repository.write('servers/app/ignored.ts', '');
  await repository.write('servers/app/main.ts', '// changed\n');
  await repository.write('servers/app/new.ts', '// new\n');
  await repository.write('servers/app/staged.ts', '// staged\n');
  await git('add', 'servers/app/staged.ts');
  await git('add', '--force', 'servers/app/ignored.ts');
  await repository.remove('servers/strategies/sticky');
  // A flag by which git takes a changed file for unchanged.
  await git('update-index', '--assume-unchanged', 'servers/strategies/redis/store.ts');
  await repository.write('servers/strategies/redis/store.ts', '// changed unseen\n');
  const status = (await git('status', '--porcelain')).stdout;
  const objects = (await git('count-objects')).stdout;
  const copy = await checkOutWorkingTree(around(repository));
  assert.equal(copy.code.dirty, true);
  assert.equal(copy.code.label, 'the working tree');
  assert.notEqual(copy.code.digest, clean.code.digest);
  // From here on the working tree may become what it likes.
  await repository.write('servers/app/main.ts', '// edited while it runs\n');
  await git('checkout', '--quiet', '--force', 'main');
  assert.deepEqual((await readdir(path.dirname(copy.appMain))).sort(), [
    'ignored.ts',
    'main.ts',
    'new.ts',
    'staged.ts',
  ]);
  assert.equal(await readFile(copy.appMain, 'utf8'), '// changed\n');
  assert.deepEqual(
    copy.strategies.map(({ name }) => name),
    ['redis'],
  );
  assert.match(await readFile(path.join(copy.strategies[0]?.folder ?? '', 'store.ts'), 'utf8'), /unseen/);
  assert.match(status, /staged\.ts/);
  assert.equal((await git('count-objects')).stdout, objects, 'nothing is left in the repository');
  for (const checkout of [clean, reference, copy]) await checkout.remove();
  assert.ok(!existsSync(copy.folder));
});

test('refs that name nothing, or nothing that can be measured, are mistakes', async (t) => {
  const repository = await smallRepository(t);
  assert.match(
    await mistake('mian', repository),
    /^git knows no commit "mian" here\. Did you mean "main"\?$/,
  );
  await repository.remove('servers/app');
  const withoutApp = await repository.commit();
  assert.match(
    await mistake(withoutApp, repository),
    /has no servers\/app\/main\.ts, so there is no app to measure/,
  );
  await repository.remove('.git');
  assert.match(await mistake('main', repository), /is no git repository that git can read/);
});

test('a strategy without a store is none', async (t) => {
  const repository = await smallRepository(t);
  await repository.remove('servers/strategies/redis/store.ts');
  const reference = await found(await repository.commit(), repository);
  assert.deepEqual(reference.strategies, ['sticky']);
});

test('a ref that cannot be made ready says what failed, and leaves nothing', async (t) => {
  const repository = await smallRepository(t);
  const temporary = await temporaryFolder(t);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = temporary;
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
  const failing = async (reference: Reference, expected: RegExp) => {
    await assert.rejects(
      checked(reference, repository),
      (error: unknown) => error instanceof UserError && expected.test(error.message),
    );
  };
  await repository.write('package-lock.json', '{ "lockfileVersion": 3,');
  const notInstallable = await found(await repository.commit(), repository);
  await repository.write('package-lock.json', lockFile('1.0.0'));
  await failing(
    notInstallable,
    /could not be installed \(npm ci\): .+Check that this commit installs by itself/s,
  );

  await repository.write('servers/strategies/redis/topology.ts', 'export const topology = 7;\n');
  const ofAnotherTime = await found(await repository.commit(), repository);
  await failing(
    ofAnotherTime,
    /The strategies of ".+" cannot be read by this version: .+Name a newer commit/s,
  );

  await failing(
    { label: 'lost', typed: 'lost', commit: '0'.repeat(40), strategies: [] },
    /"lost" could not be unpacked: /,
  );
  assert.deepEqual(await readdir(temporary), []);
});
