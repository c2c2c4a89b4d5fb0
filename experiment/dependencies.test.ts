import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkDependencies, wrongInWords } from './dependencies.ts';
import { repository } from './repository.ts';
import { temporaryFolder } from './testing/fake-run.ts';

interface Project {
  readonly asked?: Record<string, string>;
  readonly askedWhenLocked?: Record<string, string>;
  readonly locked: Record<string, object>;
  /** Name and version by folder, and what npm noted of them. */
  readonly installed: Record<string, { readonly name: string; readonly version: string }>;
  readonly noted?: Record<string, object>;
}

async function projectOf(t: TestContext, { asked = {}, askedWhenLocked, ...project }: Project) {
  const folder = await temporaryFolder(t);
  const write = async (file: string, content: object) => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), JSON.stringify(content));
  };
  await write('package.json', { dependencies: asked });
  const packages = { '': { dependencies: askedWhenLocked ?? asked }, ...project.locked };
  await write('package-lock.json', { lockfileVersion: 3, packages });
  for (const [name, content] of Object.entries(project.installed))
    await write(`${name}/package.json`, content);
  if (project.noted) await write('node_modules/.package-lock.json', { packages: project.noted });
  return folder;
}

const client = { 'node_modules/client': { version: '5.0.0', integrity: 'sha512-a' } };
const installed = (version: string, name = 'client') => ({ 'node_modules/client': { name, version } });

const cases: readonly (readonly [what: string, project: Project, expected: string | null])[] = [
  ['as locked', { locked: client, installed: installed('5.0.0') }, null],
  ['another version', { locked: client, installed: installed('6.0.0') }, 'client 6.0.0 instead of 5.0.0'],
  ['not installed', { locked: client, installed: {} }, 'client 5.0.0 is missing'],
  [
    'another package under its name',
    { locked: client, installed: installed('5.0.0', 'fork') },
    'client fork 5.0.0 instead of 5.0.0',
  ],
  [
    'an alias',
    {
      locked: { 'node_modules/client': { name: 'fork', version: '5.0.0' } },
      installed: installed('5.0.0', 'fork'),
    },
    null,
  ],
  [
    'the same version from elsewhere',
    {
      locked: client,
      installed: installed('5.0.0'),
      noted: { 'node_modules/client': { version: '5.0.0', integrity: 'sha512-b' } },
    },
    'client 5.0.0 of another origin instead of 5.0.0',
  ],
  [
    'npm noted what it did not install, and that is locked',
    {
      locked: client,
      installed: installed('6.0.0'),
      noted: { 'node_modules/client': { version: '5.0.0', integrity: 'sha512-a' } },
    },
    'client 6.0.0 instead of 5.0.0',
  ],
  [
    'npm noted what it did not install, and what is installed is locked',
    {
      locked: client,
      installed: installed('5.0.0'),
      noted: { 'node_modules/client': { version: '6.0.0', integrity: 'sha512-b' } },
    },
    null,
  ],
  [
    'a package of a package',
    {
      locked: { ...client, 'node_modules/client/node_modules/@a/b': { version: '2.0.0' } },
      installed: {
        ...installed('5.0.0'),
        'node_modules/client/node_modules/@a/b': { name: '@a/b', version: '1.0.0' },
      },
    },
    '@a/b 1.0.0 instead of 2.0.0',
  ],
  [
    'for development alone',
    { locked: { 'node_modules/tool': { version: '1.0.0', dev: true } }, installed: {} },
    null,
  ],
  [
    'for another system',
    { locked: { 'node_modules/tool': { version: '1.0.0', optional: true } }, installed: {} },
    null,
  ],
  [
    'a wish that is not locked',
    {
      asked: { client: '^6' },
      askedWhenLocked: { client: '^5' },
      locked: client,
      installed: installed('5.0.0'),
    },
    'package.json asks for other packages than package-lock.json was made for',
  ],
];

test('what is installed is held to the lock file', async (t) => {
  for (const [what, project, expected] of cases) {
    const check = await checkDependencies(await projectOf(t, project));
    const said =
      check.status === 'differ' ? wrongInWords(check.wrong) : check.status === 'unusable' ? check.why : null;
    assert.equal(said, expected, what);
    if (expected === null) assert.equal(check.status, 'as-locked', what);
  }
});

test('no lock file, and one that cannot be read', async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal((await checkDependencies(folder)).status, 'no-lock-file');
  await writeFile(path.join(folder, 'package-lock.json'), '{ "lockfileVersion": 3,');
  assert.equal((await checkDependencies(folder)).status, 'unusable');
});

test('of this very checkout it says something', async () => {
  assert.ok(['as-locked', 'differ'].includes((await checkDependencies(repository)).status));
});
