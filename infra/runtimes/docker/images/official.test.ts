import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { discoverStrategies } from '../../../strategies.ts';
import { goImage } from './go.ts';
import { imagesOf } from './names.ts';
import { officialImage, officialImages } from './official.ts';
import { officialFile, officialPage } from './official-page.ts';
import { recipeOf } from './stand-in-recipe.ts';

const linesOf = (name: string): readonly string[] => {
  const image = officialImage(name) ?? assert.fail(`nothing is known of ${name}`);
  return recipeOf(image, 'base').dockerfile.trim().split('\n');
};

test('every image that a service names was read, under this very tag', async () => {
  const named = [...imagesOf(await discoverStrategies(), new Map()), goImage].map(({ image }) => image);
  // A new kind of server may name an image of which nothing is known here.
  const known = named.filter((image) => officialImage(image) !== null);
  assert.deepEqual(
    known.toSorted(),
    officialImages.map(({ repository, tag }) => `${repository}:${tag}`).toSorted(),
    'another tag may be another image: read it, and write what was seen into official.ts',
  );
  for (const { repository, seen, assumed } of officialImages)
    assert.ok(seen.length > 0 && assumed.length > 0, repository);
});

test('no tag moves from one minor version to the next', () => {
  // A major version of PostgreSQL is what a minor version is elsewhere.
  const wide = officialImages.filter(({ tag }) => !/^\d+\.\d+/.test(tag));
  assert.deepEqual(
    wide.map(({ repository }) => repository),
    ['postgres'],
  );
});

test('docs/official-images.md shows the table', async () => {
  const written = await readFile(officialFile, 'utf8');
  const again = 'write it again with "node infra/runtimes/docker/images/official-page.ts"';
  assert.equal(written, officialPage(), again);
});

test('a stand-in has the settings of its image', () => {
  const haproxy = linesOf('haproxy:3.2');
  for (const line of ['USER haproxy', 'WORKDIR /var/lib/haproxy', 'STOPSIGNAL SIGUSR1'])
    assert.ok(haproxy.includes(line), line);
  assert.ok(haproxy.includes('ENTRYPOINT ["docker-entrypoint.sh"]'));
  assert.ok(haproxy.includes('CMD ["haproxy","-f","/usr/local/etc/haproxy/haproxy.cfg"]'));
  const postgres = linesOf('postgres:18.6');
  assert.ok(postgres.includes('VOLUME /var/lib/postgresql'));
  assert.match(
    postgres.find((line) => line.startsWith('ENV PATH=')) ?? '',
    /:\/usr\/lib\/postgresql\/18\/bin$/,
  );
});

test('a stand-in has the small programs of its image', () => {
  const { needsCoreutils, files } = recipeOf(officialImage('mysql:9.7') ?? assert.fail(), 'base');
  assert.ok(needsCoreutils);
  assert.ok(
    files.some(
      ({ target, content }) => target === '/usr/bin/sleep' && content.startsWith('#!/usr/bin/coreutils '),
    ),
  );
  for (const alpine of ['haproxy:3.2-alpine', 'memcached:alpine', 'node:24.21-alpine3.22']) {
    assert.equal(officialImage(alpine)?.tools, 'busybox', alpine);
    assert.ok(
      linesOf(alpine).some((line) => /^RUN .*busybox.*rm -f \/usr\/bin\/bash/.test(line)),
      alpine,
    );
  }
});

test('what is known of an image is known by its repository, with whatever tag or digest', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  for (const name of ['redis', 'redis:7', `redis:8.10@${digest}`, `redis@${digest}`])
    assert.equal(officialImage(name)?.repository, 'redis', name);
  for (const name of ['mine/redis:8', 'localhost:5000/redis:8', 'rediss:8'])
    assert.equal(officialImage(name), null, name);
});
