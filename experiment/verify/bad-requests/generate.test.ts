import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attacker, BadRequest } from './bad-request.ts';
import { badRequestOf, kindCount, slowRequestOf } from './generate.ts';

const attacker: Attacker = {
  host: '127.0.0.1:8080',
  cookieName: 'session',
  tie: 'SRV=app1; ',
  own: `${'o'.repeat(32)}.${'p'.repeat(43)}`,
  user: 'mallory',
  others: [`${'Aa'.repeat(16)}.${'Bb'.repeat(21)}c`, `${'Dd-_'.repeat(8)}.${'e%2F%2B'.repeat(6)}`],
  mark: 'mark-0123456789abcdef',
};

const made = (seed: number, count: number): readonly BadRequest[] =>
  Array.from({ length: count }, (_, index) => badRequestOf(seed, index, attacker));

const MANY = 5000;

test('the same seed makes the same requests, whichever is made first, and another seed others', () => {
  const all = made(7, 200);
  const backwards = Array.from({ length: 200 }, (_, at) => badRequestOf(7, 199 - at, attacker)).reverse();
  assert.deepEqual(all, backwards);
  const others = made(8, 200);
  assert.ok(all.filter(({ text }, at) => text !== others[at]?.text).length > 150);
});

test('the first hold each kind once, and later ones all of them again', () => {
  const kinds = new Set(made(1, kindCount).map(({ what }) => what));
  assert.equal(kinds.size, kindCount);
  const later = new Set(
    made(1, 60_000)
      .slice(kindCount)
      .map(({ what }) => what),
  );
  assert.equal(later.size, kindCount);
});

test('no request holds the cookie of another client as it is', () => {
  for (const seed of [1, 2, 3])
    for (const { what, text } of made(seed, MANY))
      for (const other of attacker.others)
        for (const value of [other, decodeURIComponent(other)])
          assert.ok(!new RegExp(`session=${escaped(value)}(;|\\r|$)`).test(text), what);
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

test('a request with the own cookie says so, and one without never may open a session', () => {
  for (const { what, text, own } of made(1, MANY)) if (text.includes(attacker.own)) assert.ok(own, what);
});

test('after a whole request another may follow: its body is as long as it says', () => {
  for (const { what, text, ending } of made(1, MANY)) {
    if (ending !== 'whole') continue;
    const end = text.indexOf('\r\n\r\n');
    assert.ok(end > 0, what);
    const length = Number(/\r\ncontent-length: (\d+)/.exec(text.slice(0, end))?.[1] ?? 0);
    assert.equal(text.length - end - 4, length, what);
    assert.match(text.slice(0, end), /^[A-Z-]+ \S+ HTTP\/1\.1\r\nhost: \S+/, what);
  }
});

test('all of a request are single bytes', () => {
  for (const { what, text } of made(1, MANY)) {
    const wide = [...text].find((character) => character.charCodeAt(0) > 255);
    assert.equal(wide, undefined, what);
  }
});

test('slow requests are whole when their last piece was sent', () => {
  for (let index = 0; index < 50; index += 1) {
    const { text, ending } = slowRequestOf(1, index, attacker);
    assert.equal(ending, 'slow');
    assert.ok(text.includes('\r\n\r\n'));
  }
});
