/** Tables in terminals of any width: nothing is cut, nothing is wider than the terminal, and what is left out is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numbers, table, words } from '../document/build.ts';
import { tableText } from './terminal-table.ts';

const strategies = ['Sticky sessions', 'Redis Cluster, WAIT 1', 'redis-cluster@client-defaults'] as const;
const weaknesses = [
  'on paper: the end of an app loses its sessions, the loss of its zone loses all, 1 more',
  '12 wrong answers; on paper: a restart of all its servers loses all',
  '—',
] as const;

const overview = table(
  'All strategies',
  [
    words('Strategy'),
    numbers('CPU per request', { short: 'CPU µs', unit: 'µs' }),
    numbers('Read p50', { short: 'p50 ms' }),
    numbers('Read p99', { short: 'p99 ms' }),
    numbers('Memory app', { short: 'app MiB', narrow: 'drop' }),
    numbers('Memory store', { short: 'store MiB', narrow: 'drop' }),
    numbers('Wrong answers', { short: 'wrong' }),
    numbers('Errors', { short: 'errors' }),
    words('Weaknesses', { narrow: 'below' }),
  ],
  strategies.map((name, i) => [
    name,
    '1,234 abc',
    '0.523 ab ',
    '12.3 abcd',
    '180',
    '1,204',
    '0',
    '0',
    weaknesses[i] ?? '',
  ]),
);

/** Without breaks and their indents, within which names are looked for. */
const joined = (text: string): string => text.replace(/\s+/g, ' ');

for (const width of [20, 40, 60, 80, 100, 120, 160, 240])
  test(`${width} columns: all words are there, and no line is longer`, () => {
    const text = tableText(overview, width);
    const widest = Math.max(...text.split('\n').map((line) => line.length));
    // A list's headings take their room, however narrow.
    assert.ok(widest <= Math.max(width, 32), `${widest}:\n${text}`);
    assert.doesNotMatch(text, /…/);
    for (const name of ['12 wrong answers', 'loses its sessions', '1,234 abc'])
      assert.ok(joined(text).includes(name) || width < 60, `${name} in\n${text}`);
    const columns = ['app MiB', 'store MiB'];
    for (const column of columns) assert.ok(joined(text).includes(column), `${column} in\n${text}`);
  });

test('80 columns: names are wrapped between words, and weaknesses stand below their row', () => {
  const lines = tableText(overview, 80).split('\n');
  const [head = '', rule = '', ...rows] = lines;
  assert.match(head, /^Strategy +CPU µs +p50 ms .*errors$/);
  assert.match(rule, /^─+$/);
  const sticky = rows.findIndex((line) => line.startsWith('Sticky'));
  const below = rows.findIndex((line) => line.startsWith('  Weaknesses: on paper: the end of an app'));
  const cluster = rows.findIndex((line) => line.startsWith('Redis'));
  assert.ok(sticky === 0 && below > sticky && cluster > below, lines.join('\n'));
  assert.equal(rows.filter((line) => line.includes('Weaknesses:')).length, 2, 'nothing is told of nothing');
  assert.ok(
    rows.some((line) => line.startsWith('redis-')),
    'a name without spaces is broken behind its hyphens',
  );
});

test('60 columns: what matters least is left out, and that is said', () => {
  const text = tableText(overview, 60);
  assert.match(text, /^Strategy /);
  assert.match(text, /\nLeft out for want of room: app MiB, store MiB\.$/);
  assert.doesNotMatch(text.split('\n')[0] ?? '', /MiB/);
});

test('where everything has room it is one table', () => {
  const lines = tableText(overview, 240).split('\n');
  assert.equal(lines.length, 2 + strategies.length);
  assert.match(lines[0] ?? '', /Weaknesses$/);
  assert.match(lines[2] ?? '', /^Sticky sessions +1,234 abc .*1 more$/);
});

test('a row of long words becomes a list, not a column of syllables', () => {
  const wordy = table(
    'Reasons',
    [words('Strategy'), words('Why'), numbers('n')],
    [
      [
        'Redis',
        'a reason that takes many more words than there is room for in a column '.repeat(4).trim(),
        '1',
      ],
    ],
  );
  const text = tableText(wordy, 40);
  assert.match(text, /^Redis, a reason/);
  assert.match(text, /\n {2}n +1$/);
});
