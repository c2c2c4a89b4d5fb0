/** No small request waits until the one before it has been acknowledged, which takes long where the server is far away. */
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { newSid, type StoreBench } from './kit.ts';

export function testPromptConnections(bench: StoreBench): void {
  test('connections send at once what they are given (TCP_NODELAY)', async (t) => {
    const opened = new Set<Socket>();
    const prompt = new Set<Socket>();
    const { connect, setNoDelay } = Socket.prototype;
    // The arguments are passed on as they came.
    t.mock.method(Socket.prototype, 'connect', function (this: Socket, ...args: Parameters<typeof connect>) {
      opened.add(this);
      return connect.apply(this, args);
    });
    t.mock.method(Socket.prototype, 'setNoDelay', function (this: Socket, on = true) {
      if (on) prompt.add(this);
      return setNoDelay.call(this, on);
    });
    const { store } = await bench.open(t);
    assert.equal(await store.get(newSid()), null);
    assert.ok(opened.size > 0, 'no connection was seen');
    assert.equal([...opened].filter((socket) => !prompt.has(socket)).length, 0);
  });
}
