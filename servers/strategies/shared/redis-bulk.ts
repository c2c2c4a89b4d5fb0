/** Many sessions at once, on one server of Redis or Valkey. */
import type { ChainableCommander, Redis } from 'ioredis';
import type { BulkAccess, BulkSession } from '../../contract/store.ts';

/** Adds what writes one session, as the store's `set` does, to a pipeline. @param ttlMs idle life */
export type AddSession = (line: ChainableCommander, session: BulkSession, ttlMs: number) => void;

/** All sessions of a call leave in one write, and their answers are waited for together. */
export const pipelined = (redis: Redis, add: AddSession): BulkAccess => ({
  async fill(sessions, ttlSeconds) {
    const line = redis.pipeline();
    for (const each of sessions) add(line, each, Math.ceil(ttlSeconds * 1000));
    const answers = await line.exec();
    if (answers === null || answers.length < sessions.length)
      throw new Error('the connection gave no answer');
    for (const [error] of answers) if (error) throw error;
  },
});
