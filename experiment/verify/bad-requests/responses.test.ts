import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResponseReader } from './responses.ts';

const answer = (status: number, body: string, head = ''): string =>
  `HTTP/1.1 ${status} Text\r\ncontent-length: ${body.length}\r\n${head}\r\n${body}`;

/** Pushes the text in pieces of so many characters. */
function read(text: string, pieces: number, bodiless: readonly boolean[] = []) {
  const reader = new ResponseReader(bodiless);
  const found = [];
  for (let at = 0; at < text.length; at += pieces) found.push(...reader.push(text.slice(at, at + pieces)));
  const rest = reader.end();
  return [...found, ...(rest ? [rest] : [])].map(({ status, body, closes }) => [status, body, closes]);
}

const cases: readonly (readonly [string, string, readonly boolean[], readonly unknown[]])[] = [
  [
    'several behind each other',
    answer(200, 'one') + answer(401, '') + answer(404, 'three'),
    [],
    [
      [200, 'one', false],
      [401, '', false],
      [404, 'three', false],
    ],
  ],
  [
    'one to HEAD, whose length is of a body that does not come',
    `HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n${answer(400, 'x')}`,
    [true, false],
    [
      [200, '', false],
      [400, 'x', false],
    ],
  ],
  [
    'one without a body by its status',
    `HTTP/1.1 204 No\r\n\r\n${answer(200, 'x')}`,
    [],
    [
      [204, '', false],
      [200, 'x', false],
    ],
  ],
  [
    'one that is told to go on first',
    `HTTP/1.1 100 Continue\r\n\r\n${answer(200, 'x')}`,
    [],
    [[200, 'x', false]],
  ],
  [
    'one in chunks',
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n${answer(200, 'x')}`,
    [],
    [
      [200, 'abcde', false],
      [200, 'x', false],
    ],
  ],
  ['one that says it is the last', answer(400, 'bad', 'Connection: close\r\n'), [], [[400, 'bad', true]]],
  ['one whose end is that of the connection', 'HTTP/1.0 408 Late\r\n\r\nlate', [], [[408, 'late', true]]],
  [
    'a refusal that overtakes the answer to HEAD',
    answer(400, 'bad', 'Connection: close\r\n'),
    [true],
    [[400, 'bad', true]],
  ],
  ['one that is cut off', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc', [], [[200, 'abc', true]]],
  [
    'what is no HTTP',
    '-NOAUTH Authentication required.\r\n',
    [],
    [[null, '-NOAUTH Authentication required.\r\n', true]],
  ],
  ['nothing', '', [], []],
];

for (const [what, text, bodiless, expected] of cases)
  for (const pieces of [1, 7, 10_000])
    test(`answers in pieces of ${pieces}: ${what}`, () =>
      assert.deepEqual(read(text, pieces, bodiless), expected));
