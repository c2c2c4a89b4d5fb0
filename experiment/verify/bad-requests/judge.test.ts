import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attacker } from './bad-request.ts';
import { troubleIn } from './judge.ts';
import type { Outcome } from './volley.ts';

const attacker: Attacker = {
  host: '127.0.0.1:1',
  cookieName: 'session',
  tie: '',
  own: 'own-cookie-of-mallory.signature',
  user: 'mallory',
  others: ['x'],
  mark: 'mark',
};

const answered = (status: number | null, body = '', head = ''): Outcome => ({
  kind: 'answer',
  response: { status, head: `HTTP/1.1 ${status}\r\n${head}`, body, closes: false },
});
const session = (user: string): string => JSON.stringify({ user, version: 1, payloadBytes: 0 });

const harmless: readonly (readonly [string, Outcome, boolean])[] = [
  ['a refusal', answered(401, '{"status":401}'), false],
  ['a connection that is closed', { kind: 'closed' }, false],
  ['what is sent again', { kind: 'unread' }, false],
  ['his own session to the attacker', answered(200, session('mallory')), true],
  ['a cookie that is taken away', answered(401, '', 'set-cookie: session=; Max-Age=0'), false],
  ['what the balancer does not implement', answered(501), false],
  ["the balancer's cookie", answered(404, '', 'set-cookie: SRV=app1; path=/'), false],
];

const harmful: readonly (readonly [string, Outcome, boolean])[] = [
  ['a 500', answered(500), false],
  ['a 502 of the balancer', answered(502), true],
  ["somebody else's name", answered(200, session('other-1')), true],
  ["somebody else's name in a header", answered(404, '', 'x-user: other-7'), false],
  ['any session to who has no cookie', answered(200, session('mallory')), false],
  ['a session of a third', answered(200, session('carol')), true],
  ['a new cookie', answered(201, '', 'Set-Cookie: session=abc; path=/'), false],
  ['the cookie that was sent', answered(200, `cookie: session=${attacker.own}`), true],
  ['no answer', { kind: 'silent' }, false],
  ['nobody who listens', { kind: 'refused' }, false],
  ['bytes that are no HTTP', answered(null, 'x'), false],
];

const request = (own: boolean) => ({ what: '', text: '', ending: 'whole' as const, bodiless: false, own });

for (const [what, outcome, own] of harmless)
  test(`harmless: ${what}`, () => assert.equal(troubleIn(outcome, request(own), attacker, 'other-'), null));

for (const [what, outcome, own] of harmful)
  test(`harmful: ${what}`, () => assert.ok(troubleIn(outcome, request(own), attacker, 'other-')));
