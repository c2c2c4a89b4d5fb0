/** Counts requests at arrival, before anything can go wrong with them. */
import type { FastifyInstance } from 'fastify';
import type { AppCounters } from '../contract/app.ts';

const operationOf = { POST: 'login', GET: 'read', PATCH: 'write', DELETE: 'logout' } as const;

function isCounted(method: string): method is keyof typeof operationOf {
  return Object.hasOwn(operationOf, method);
}

export class RequestCounters {
  readonly #counts = { login: 0, read: 0, write: 0, logout: 0 };

  /** Counts every request to the routes of `app` and the plugins inside it. Call it before other hooks are added. */
  countIn(app: FastifyInstance): void {
    app.addHook('onRequest', (request, _reply, done) => {
      if (isCounted(request.method)) this.#counts[operationOf[request.method]] += 1;
      done();
    });
  }

  read(): AppCounters {
    return { ...this.#counts };
  }
}
