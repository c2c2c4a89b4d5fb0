import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onFreePlaces, startError } from './running-service.ts';

const taken = [
  'bind: Address already in use',
  'Bind for 127.0.0.1:8001 failed: port is already allocated',
  'Error response from daemon: Pool overlaps with other one on this address space',
  'conflicts with network 3f (br-3f): networks have overlapping IPv4',
];

test('who finds a port, or the addresses of a network, taken chooses others', async () => {
  for (const words of taken) {
    const left = [words];
    const work = async () => {
      const found = left.shift();
      if (found !== undefined) throw startError(found);
      return 'started';
    };
    assert.equal(await onFreePlaces(work), 'started', words);
  }
});

test('whoever is always quicker, or another mistake, ends the attempts', async () => {
  const attempts = async (words: string): Promise<number> => {
    let made = 0;
    const work = async () => {
      made += 1;
      throw startError(words);
    };
    await assert.rejects(onFreePlaces(work), (error: Error) => error.message === words);
    return made;
  };
  assert.equal(await attempts(taken[2] ?? ''), 3);
  assert.equal(await attempts('the configuration is wrong'), 1);
});
