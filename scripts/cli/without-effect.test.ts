/** Whatever would change nothing is a mistake or is told, with every command and runtime. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../record/user-error.ts';
import { benchSpec } from '../bench/options.ts';
import { compareSpec } from '../compare/options.ts';
import { imagesSpec } from '../images/options.ts';
import { selftestSpec } from '../selftest/options.ts';
import { parseArguments } from './arguments.ts';
import { readEnvironment } from './environment.ts';
import { discover } from './measuring-options.ts';
import { assertImagesRun, idleVariables } from './without-effect.ts';

const { environment } = readEnvironment({});
const known = await discover(environment);
const bench = benchSpec(known);
const compare = compareSpec(known);
const selftest = selftestSpec(known);
type Words = readonly string[];
const parsers = {
  bench: (words: Words) => parseArguments(bench, words),
  compare: (words: Words) => parseArguments(compare, words),
  selftest: (words: Words) => parseArguments(selftest, words),
};
type Command = keyof typeof parsers;

/** By command: what is typed, and the options that each mistake names. */
const cases: readonly [Command, string, readonly RegExp[]][] = [
  ['bench', '--image redis=redis:7 --runtime native', [/--image .* --runtime native/]],
  ['selftest', '--image redis=redis:7 --runtime native', [/--image .* --runtime native/]],
  ['compare', '--against HEAD --image redis=redis:7 --runtime native', [/--image .* --runtime native/]],
  ['bench', '--image mysql=mysql:9 --strategy redis', [/--image mysql: nothing .*\(redis\)/]],
  ['selftest', '--image mysql=mysql:9 --strategy redis', [/--image mysql: nothing/]],
  ['bench', '--image reddis=redis:7', [/unknown kind of image "reddis"/]],
  ['bench', '--dry-run --json', [/--json .* --dry-run/]],
  ['selftest', '--dry-run --json', [/--json .* --dry-run/]],
  ['bench', '--slo p99<50ms --trials 9', [/--slo .*--capacity/, /--trials .*--capacity/]],
  ['bench', '--capacity --rate 9 --blocks 3', [/--rate .*--capacity/, /--blocks .*--capacity/]],
  ['selftest', '--slowdowns none --slowed 3', [/--slowed .*--slowdowns none/]],
  ['selftest', '--comparisons 3 --slowed 4', [/--slowed 4 .*--comparisons 3/]],
  ['compare', `${import.meta.dirname} --strategy redis`, [/--strategy .*judged whole/]],
  ['compare', `${import.meta.dirname} / --seed 3 --image redis=redis:7`, [/--seed/, /--image/]],
];

for (const [command, typed, named] of cases)
  test(`${command} ${typed}`.replace(import.meta.dirname, 'RUN'), async () => {
    const parsed = await parsers[command](typed.split(' '));
    const mistakes = parsed.status === 'mistakes' ? parsed.mistakes : assert.fail('no mistake');
    assert.equal(mistakes.length, named.length, mistakes.join('\n'));
    for (const [at, pattern] of named.entries()) assert.match(mistakes[at] ?? '', pattern);
  });

test('what has an effect is no mistake', async () => {
  for (const [command, typed] of [
    ['bench', '--image redis=redis:7 --image k6-go=golang:1'],
    ['bench', '--image haproxy=haproxy:3 --runtime docker --strategy sticky'],
    ['bench', '--capacity --trials 9 --duration 5'],
    ['selftest', '--comparisons 3 --slowed 3 --runtime native'],
    ['selftest', '--comparisons 3'],
  ] as const) {
    const words = typed.replace('k6-go', imageOfGo).split(' ');
    const parsed = await parsers[command](words);
    assert.equal(parsed.status, 'ok', JSON.stringify(parsed));
  }
});
const imageOfGo = /Kinds: .*, (\S+)$/.exec(bench.options.images.description)?.[1] ?? 'go';

test('images for a run that turns out native end it; variables are told', () => {
  assert.throws(
    () => assertImagesRun('native', ['redis=redis:7'], 'Docker cannot be used'),
    (error: unknown) => error instanceof UserError && error.kind === 'unavailable',
  );
  assertImagesRun('native', [], '');
  assertImagesRun('docker', ['redis=redis:7'], '');
  const set = readEnvironment({
    SESSION_BENCH_IMAGES: 'redis=redis:7',
    SESSION_BENCH_BUDGETS: 'store.memory=48',
  }).environment;
  assert.deepEqual(idleVariables('docker', set), []);
  assert.deepEqual(idleVariables('native', environment), []);
  assert.deepEqual(
    idleVariables('native', set).map(({ code, message }) => `${code} ${message.split(' ', 1)}`),
    ['without-effect SESSION_BENCH_IMAGES', 'without-effect SESSION_BENCH_BUDGETS'],
  );
});

test('an image of the environment that nothing runs is a mistake where images are listed, too', async () => {
  const images = new Map([['reddis', 'redis:7']]);
  const parsed = await parseArguments(imagesSpec({ ...known, environment: { ...environment, images } }), []);
  assert.match(parsed.status === 'mistakes' ? parsed.mistakes.join() : '', /"reddis"\. Did you mean "redis"/);
});
