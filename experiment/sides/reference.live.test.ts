/** Refs in repositories as people have them: another user's, shallow, of one branch, damaged, none at all. */
import assert from 'node:assert/strict';
import { chown, mkdir, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { runOrThrow } from '../../infra/machine/run.ts';
import { temporaryFolder } from '../testing/fake-run.ts';
import { findReference } from './reference.ts';

const me = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgsign=false'];

const git = async (folder: string, ...args: readonly string[]): Promise<string> =>
  (await runOrThrow('git', ['-C', folder, ...me, ...args])).stdout;

async function commitApp(folder: string, text: string): Promise<string> {
  const app = path.join(folder, 'servers/app');
  await mkdir(app, { recursive: true });
  await writeFile(path.join(app, 'main.ts'), text);
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--message', text);
  return await git(folder, 'rev-parse', 'HEAD');
}

/** Two commits on `main`, and one on `topic`, which is checked out. */
async function origin(t: TestContext): Promise<string> {
  const folder = path.join(await temporaryFolder(t), 'origin');
  await mkdir(folder);
  await git(folder, 'init', '--quiet', '--initial-branch', 'main');
  await git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  await commitApp(folder, '// 1');
  await commitApp(folder, '// 2');
  await git(folder, 'switch', '--quiet', '--create', 'topic');
  await commitApp(folder, '// 3');
  return folder;
}

const beside = (folder: string, name: string): string => path.join(path.dirname(folder), name);

async function mistake(ref: string, folder: string): Promise<string> {
  const found = await findReference(ref, folder);
  return found.status === 'mistake' ? found.mistake : assert.fail(`${ref} was found`);
}

async function found(ref: string, folder: string) {
  const result = await findReference(ref, folder);
  return result.status === 'found' ? result.reference : assert.fail(result.mistake);
}

/** What is between quotes, as a command to be run in the folder. */
async function doAsTold(words: string, folder: string): Promise<void> {
  const [, command = assert.fail(words)] = /"git (fetch [^"]+)"/.exec(words) ?? [];
  await git(folder, ...command.split(' '));
}

/** As the checkout action makes it: no branch, one commit of a remote that is known by its address alone. */
async function actionsCheckout(from: string, depth: readonly string[]): Promise<string> {
  const clone = beside(from, 'clone');
  await mkdir(clone);
  await git(clone, 'init', '--quiet');
  await git(clone, 'remote', 'add', 'origin', `file://${from}`);
  const commit = await git(from, 'rev-parse', 'topic');
  await git(
    clone,
    'fetch',
    '--quiet',
    '--no-tags',
    ...depth,
    'origin',
    `+${commit}:refs/remotes/pull/7/merge`,
  );
  await git(clone, 'checkout', '--quiet', '--force', 'refs/remotes/pull/7/merge');
  return clone;
}

test('after a shallow checkout of a CI the way to the branch is told, and it works', async (t) => {
  const from = await origin(t);
  const clone = await actionsCheckout(from, ['--depth=1']);
  const told = await mistake('main', clone);
  assert.match(told, /git knows no commit "main" here.*shallow.*fetch-depth: 0/);
  await doAsTold(told, clone);
  const reference = await found('main', clone);
  assert.deepEqual([reference.label, reference.typed], ['origin/main', 'main']);
  assert.equal(reference.commit, await git(from, 'rev-parse', 'main'));
  assert.match(await mistake('1'.repeat(40), clone), /git knows no commit "1{40}" here/);
  assert.match(await mistake('HEAD~9', await actionsCheckoutOf(t)), /"git fetch --unshallow"/);
});

const actionsCheckoutOf = async (t: TestContext): Promise<string> =>
  actionsCheckout(await origin(t), ['--depth=1']);

test('the line of the README brings the branch into every clone', async (t) => {
  for (const depth of [['--depth=1'], []]) {
    const clone = await actionsCheckout(await origin(t), depth);
    await git(clone, 'fetch', '--quiet', 'origin', '+main:refs/remotes/origin/main');
    assert.equal((await found('main', clone)).label, 'origin/main');
  }
});

test('a branch that only a remote has is taken; where several have it they are named; a local one goes first', async (t) => {
  const from = await origin(t);
  const clone = beside(from, 'clone');
  await git(path.dirname(from), 'clone', '--quiet', from, clone);
  assert.deepEqual((await found('main', clone)).label, 'origin/main');
  await git(clone, 'remote', 'add', 'fork', from);
  await git(clone, 'fetch', '--quiet', 'fork');
  assert.match(await mistake('main', clone), /several remotes have one: name fork\/main or origin\/main/);
  await git(clone, 'branch', '--quiet', 'main', 'HEAD~1');
  const local = await found('main', clone);
  assert.deepEqual([local.label, local.commit], ['main', await git(clone, 'rev-parse', 'HEAD~1')]);
});

test('a clone of one branch is told how to get another', async (t) => {
  const from = await origin(t);
  const clone = beside(from, 'clone');
  await git(path.dirname(from), 'clone', '--quiet', '--single-branch', from, clone);
  const told = await mistake('main', clone);
  await doAsTold(told, clone);
  assert.equal((await found('main', clone)).label, 'origin/main');
});

test('a branch without a commit is told as such, and never taken for what a remote has checked out', async (t) => {
  const from = await origin(t);
  const clone = beside(from, 'clone');
  await git(path.dirname(from), 'clone', '--quiet', from, clone);
  await git(clone, 'switch', '--quiet', '--orphan', 'fresh');
  for (const ref of ['HEAD', '@', 'HEAD~1', 'HEAD^', '@{1}', 'fresh', 'refs/heads/fresh']) {
    const told = await mistake(ref, clone);
    assert.match(told, /branch "fresh", which is checked out, has no commit yet.*origin\/main/, ref);
    assert.doesNotMatch(told, /origin\/HEAD/, ref);
  }
  // Another branch may be the baseline all the same.
  assert.equal((await found('main', clone)).label, 'origin/main');
});

test('a detached HEAD, another worktree and a tag of a commit are read, and a tag of a file is not', async (t) => {
  const from = await origin(t);
  const topic = await git(from, 'rev-parse', 'topic');
  const other = beside(from, 'worktree');
  await git(from, 'worktree', 'add', '--quiet', '--detach', other, 'main');
  assert.equal((await found('HEAD', other)).commit, await git(from, 'rev-parse', 'main'));
  assert.equal((await found('topic', other)).commit, topic);
  await git(from, 'tag', '--annotate', '--message', 'x', 'v1', 'topic');
  await git(from, 'tag', 'file', 'topic:servers/app/main.ts');
  assert.equal((await found('v1', from)).commit, topic);
  assert.match(await mistake('file', from), /"file" is no commit but a blob/);
});

test('a branch is known, and fetched, by each of its names', async (t) => {
  const from = await origin(t);
  const clone = beside(from, 'clone');
  await git(path.dirname(from), 'clone', '--quiet', '--single-branch', from, clone);
  for (const ref of ['origin/main', 'refs/heads/main', 'remotes/origin/main', 'refs/remotes/origin/main']) {
    await git(clone, 'update-ref', '-d', 'refs/remotes/origin/main');
    await doAsTold(await mistake(ref, clone), clone);
    const { commit } = await found(ref, clone);
    assert.equal(commit, await git(from, 'rev-parse', 'main'), ref);
  }
  assert.doesNotMatch(await mistake('nonesuch..HEAD', clone), /git fetch/);
});

test('what is no repository, or one that git cannot read, is told by its name', async (t) => {
  const none = await temporaryFolder(t);
  assert.match(
    await mistake('main', none),
    /is no git repository that git can read, so it has no refs\. Clone it/,
  );
  const lost = await temporaryFolder(t);
  await writeFile(path.join(lost, '.git'), `gitdir: ${lost}/gone\n`);
  assert.match(await mistake('main', lost), /a \.git that leads to no repository .*worktree repair/);
  const unborn = await temporaryFolder(t);
  await git(unborn, 'init', '--quiet', '--initial-branch', 'main');
  assert.match(await mistake('main', unborn), /this repository has no commit yet/);
  const odd = await origin(t);
  await writeFile(path.join(odd, '.git/config'), '[core\n');
  assert.match(await mistake('main', odd), /git cannot read .*: bad config line 1/);
});

test('a bare repository is read, and what is no commit is not', async (t) => {
  const from = await origin(t);
  const bare = beside(from, 'bare');
  await git(path.dirname(from), 'clone', '--quiet', '--bare', from, bare);
  assert.equal((await found('main', bare)).label, 'main');
  assert.match(await mistake('main^{tree}', from), /"main\^\{tree\}" is no commit but a tree/);
});

test('a damaged repository is told as such, and not as one without the ref', async (t) => {
  const from = await origin(t);
  const commit = await git(from, 'rev-parse', 'main');
  const object = path.join(from, '.git/objects', commit.slice(0, 2), commit.slice(2));
  await rename(object, `${object}.gone`);
  assert.match(await mistake('main', from), /git cannot read "main": .*git fsck/);
  await writeFile(object, '');
  await truncate(object, 0);
  assert.match(await mistake('main', from), /git cannot read "main": .*git fsck/);
  await rm(object);
});

const isRoot = process.getuid?.() === 0;

test("another user's repository is told with git's own remedy", {
  skip: isRoot ? false : 'only root gives files away',
}, async (t) => {
  const from = await origin(t);
  for (const each of ['', ...(await readdir(from, { recursive: true }))])
    await chown(path.join(from, each), 4711, 4711);
  const told = await mistake('main', from);
  assert.match(told, /another user owns it \("dubious ownership"\)/);
  assert.ok(told.endsWith(`git config --global --add safe.directory ${from}`), told);
});
