import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { marksProblem, withMarked } from './marked.ts';

test('the first screen of the README has the marks, and what is between them alone is replaced', async () => {
  const readme = await readFile(path.join(import.meta.dirname, '../../README.md'), 'utf8');
  assert.equal(marksProblem(readme), null);
  const filled = withMarked(readme, 'THE ANSWER');
  assert.equal(withMarked(withMarked(readme, 'another'), 'THE ANSWER'), filled);
  const [before = '', after = ''] = filled.split('THE ANSWER');
  assert.ok(readme.startsWith(before) && readme.endsWith(after));
  assert.ok(before.split('\n').length < 15, 'on the first screen');
});

test('marks that are missing, twice or in the wrong order are told', () => {
  const pair = withMarks('x');
  const [begin = '', end = ''] = [pair.split('\n')[0], pair.split('\n')[2]];
  assert.equal(marksProblem(pair), null);
  for (const text of ['', begin, end, `${end}\n${begin}`, `${pair}\n${pair}`])
    assert.match(marksProblem(text) ?? '', /once each and in this order/);
});

const withMarks = (content: string): string => {
  const problem = marksProblem('') ?? '';
  const [, begin = '', end = ''] = /"(<!--.*?-->)" and "(<!--.*?-->)"/.exec(problem) ?? [];
  return `${begin}\n${content}\n${end}`;
};
