/** Options that both listeners share. */
import { type FastifyServerOptions, LogController } from 'fastify';
import { answerClientError } from './client-error.ts';
import { logStream } from './log-stream.ts';
import { answerFrameworkError } from './problems.ts';

export function fastifyOptions(trustProxy: boolean) {
  return {
    // A line for each request would be work that has nothing to do with sessions.
    logger: { level: 'warn', stream: logStream() },
    logController: new LogController({ disableRequestLogging: true }),
    // The balancer closes idle connections. When the app closes one just as a request is sent on it, the request fails
    // for a reason that has nothing to do with sessions. 0 is "never" for all of these.
    keepAliveTimeout: 0,
    connectionTimeout: 0,
    requestTimeout: 0,
    maxRequestsPerSocket: 0,
    forceCloseConnections: 'idle',
    // Requests that arrive on open connections while the app stops are served, and their connections closed.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    trustProxy: trustProxy ? 'loopback,linklocal,uniquelocal' : false,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
  } as const satisfies FastifyServerOptions;
}
