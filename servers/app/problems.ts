/**
 * Every error that a client can get, as Problem Details (RFC 9457). `type` is always `about:blank`: the status code
 * says what kind of problem it is (section 4.2.1).
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StoreUnavailable } from './guarded-store.ts';
import type { Problem } from './schemas.ts';
import { forgetSession } from './session-plugin.ts';

export const problemType = 'application/problem+json; charset=utf-8';

export function problem(status: number, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
}

export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply.code(status).type(problemType).send(problem(status, detail));
}

/** An error that a route throws on purpose; its message is for the client. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** What the client gets. Only messages of client errors are passed on: others could reveal the inside of the app. */
function describe(error: FastifyError | Error): { status: number; detail: string } {
  if (error instanceof StoreUnavailable) {
    return { status: 503, detail: 'The session store does not answer. Try again soon.' };
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status >= 400 && status < 500) return { status, detail: error.message };
  return { status: 500, detail: 'The app met an error that it did not expect.' };
}

function answerError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, detail } = describe(error);
  if (status === 500)
    request.log.error({ err: error, method: request.method, url: request.url }, 'request failed');
  if (status === 503) reply.header('retry-after', '1');
  forgetSession(request);
  return sendProblem(reply, status, detail);
}

/** Makes an app answer errors of routes, unknown routes and bad URLs as problems. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, 404, `There is no ${request.method} ${request.url.split('?', 1)[0]}.`),
  );
}

/** For Fastify's `frameworkErrors`: errors met before a route was found, such as a URL that cannot be decoded. */
export function answerFrameworkError(
  error: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { status, detail } = describe(error);
  sendProblem(reply, status, detail);
}
