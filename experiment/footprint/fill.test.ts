import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellingGrowth } from './fill.ts';

test('however many parts there are, some twenty lines tell how far filling is, the last of them that it is done', () => {
  for (const [from, to, part] of [
    [0, 10_000_000, 20_000],
    [1_000_000, 10_000_000, 20_000],
    [0, 100, 20],
    [90, 100, 1],
  ] as const) {
    const said: string[] = [];
    const grown = tellingGrowth('Filling', { from, to }, { doing: (line) => void said.push(line) });
    for (let sessions = from + part; sessions <= to; sessions += part) grown(sessions);
    assert.ok(said.length >= 5 && said.length <= 21, `${said.length} lines of ${to}`);
    assert.equal(said.at(-1), `Filling: ${to.toLocaleString('en')} of ${to.toLocaleString('en')}`);
  }
});
