/** The shapes of requests and answers, and the JSON schemas that Fastify makes validators and serialisers of. */
import { z } from 'zod';
import {
  appCounters,
  bulkCheck,
  bulkFill,
  bulkMembers,
  difference,
  endedSessions,
  endUser,
  held,
  liveMemory,
  members,
  ownSessions,
  sessionCount,
  sessionView,
} from '../contract/app.ts';
import { maxPayloadBytes, partCount } from './payload.ts';
import { longestUser } from './stored-session.ts';

const loginBody = z.strictObject({
  user: z.string().min(1).max(longestUser),
  payloadBytes: z.int().min(0).max(maxPayloadBytes),
});
export type LoginBody = z.infer<typeof loginBody>;

/** The number of the part of the payload to replace. */
const part = z.int().min(0).lt(partCount);
const writeBody = z.strictObject({ part });
export type WriteBody = z.infer<typeof writeBody>;

/** Problem Details (RFC 9457). */
const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
});
export type Problem = z.infer<typeof problem>;

const status = z.strictObject({ status: z.string() });
const nothing = z.null();

/** In the draft that Fastify reads. */
const jsonSchema = (shape: z.ZodType) => z.toJSONSchema(shape, { target: 'draft-7' });

const answers = (code: number, shape: z.ZodType) => ({
  [code]: jsonSchema(shape),
  '4xx': jsonSchema(problem),
  '5xx': jsonSchema(problem),
});

export const schemas = {
  login: { body: jsonSchema(loginBody), response: answers(201, sessionView) },
  read: { response: answers(200, sessionView) },
  write: { body: jsonSchema(writeBody), response: answers(200, sessionView) },
  logout: { response: answers(204, nothing) },
  health: { response: answers(200, status) },
  ready: { response: answers(200, status) },
  counters: { response: answers(200, appCounters) },
  memory: { response: answers(200, liveMemory) },
  clear: { response: answers(204, nothing) },
  sessions: { response: answers(200, sessionCount) },
  ownSessions: { response: answers(200, ownSessions) },
  endSessions: { response: answers(204, nothing) },
  endUser: { body: jsonSchema(endUser), response: answers(200, endedSessions) },
  fill: { body: jsonSchema(bulkFill), response: answers(204, nothing) },
  members: { body: jsonSchema(bulkMembers), response: answers(200, members) },
  check: { body: jsonSchema(bulkCheck), response: answers(200, difference) },
  held: { response: answers(200, held) },
};
