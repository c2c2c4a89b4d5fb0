/** JSON schemas of every request and answer. Unknown keys in a request are mistakes. */
import { maxPayloadBytes, partCount } from './payload.ts';

export interface LoginBody {
  readonly user: string;
  readonly payloadBytes: number;
}

export interface WriteBody {
  /** Which part of the payload to replace, 0 to 7. */
  readonly part: number;
}

const loginBody = {
  type: 'object',
  required: ['user', 'payloadBytes'],
  additionalProperties: false,
  properties: {
    user: { type: 'string', minLength: 1, maxLength: 256 },
    payloadBytes: { type: 'integer', minimum: 0, maximum: maxPayloadBytes },
  },
} as const;

const writeBody = {
  type: 'object',
  required: ['part'],
  additionalProperties: false,
  properties: { part: { type: 'integer', minimum: 0, maximum: partCount - 1 } },
} as const;

const sessionView = {
  type: 'object',
  required: ['user', 'version', 'payloadBytes'],
  additionalProperties: false,
  properties: {
    user: { type: 'string' },
    version: { type: 'integer', minimum: 1 },
    payloadBytes: { type: 'integer', minimum: 0 },
  },
} as const;

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  additionalProperties: false,
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
  },
} as const;

const status = {
  type: 'object',
  required: ['status'],
  additionalProperties: false,
  properties: { status: { type: 'string' } },
} as const;

const counters = {
  type: 'object',
  required: ['login', 'read', 'write', 'logout'],
  additionalProperties: false,
  properties: {
    login: { type: 'integer' },
    read: { type: 'integer' },
    write: { type: 'integer' },
    logout: { type: 'integer' },
  },
} as const;

const sessions = {
  type: 'object',
  required: ['count'],
  additionalProperties: false,
  properties: { count: { type: 'integer', minimum: 0 } },
} as const;

const nothing = { type: 'null' } as const;
const problems = { '4xx': problem, '5xx': problem } as const;

export const schemas = {
  login: { body: loginBody, response: { 201: sessionView, ...problems } },
  read: { response: { 200: sessionView, ...problems } },
  write: { body: writeBody, response: { 200: sessionView, ...problems } },
  logout: { response: { 204: nothing, ...problems } },
  health: { response: { 200: status, ...problems } },
  ready: { response: { 200: status, ...problems } },
  counters: { response: { 200: counters, ...problems } },
  clear: { response: { 204: nothing, ...problems } },
  sessions: { response: { 200: sessions, ...problems } },
} as const;
