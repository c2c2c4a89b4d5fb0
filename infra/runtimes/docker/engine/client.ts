/**
 * The engine's HTTP interface over its unix socket: for what happens often or in the middle of a trial, where a
 * start of the `docker` command would cost more than the question.
 */
import { type IncomingMessage, request } from 'node:http';
import type { z } from 'zod';

const QUESTION_TIMEOUT_MS = 30_000;

/** The engine said no; `status` is its HTTP status, the message its own. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What was asked for is so already, or the container has ended. */
export const isNoSuchState = (error: unknown): boolean =>
  error instanceof EngineError &&
  (error.status === 404 || /already paused|not paused|not running/i.test(error.message));

/** Filters as the engine takes them: `{ label: ['a=b'] }`. */
export type Filters = Readonly<Record<string, readonly string[]>>;

export const withFilters = (route: string, filters: Filters, parameters = ''): string =>
  `${route}?${parameters}filters=${encodeURIComponent(JSON.stringify(filters))}`;

export class EngineClient {
  readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  /** @throws EngineError, or the error of a socket that nobody answers. */
  async ask(
    method: 'GET' | 'POST' | 'DELETE',
    route: string,
    timeoutMs = QUESTION_TIMEOUT_MS,
    body: object | null = null,
  ): Promise<Buffer> {
    const response = await this.#send(method, route, timeoutMs, body);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const answer = Buffer.concat(chunks);
    const status = response.statusCode ?? 0;
    // 304: what was asked for is so already, for example stopped.
    if (status >= 400) throw new EngineError(status, messageOf(answer));
    return answer;
  }

  async json<Schema extends z.ZodType>(schema: Schema, route: string): Promise<z.output<Schema>> {
    return schema.parse(JSON.parse((await this.ask('GET', route)).toString('utf8')));
  }

  /** An answer without end, such as `/events`; the caller destroys it. */
  async stream(route: string): Promise<IncomingMessage> {
    const response = await this.#send('GET', route, 0);
    if ((response.statusCode ?? 0) >= 400) {
      response.destroy();
      throw new EngineError(response.statusCode ?? 0, `${route} is refused`);
    }
    return response;
  }

  #send(
    method: string,
    route: string,
    timeoutMs: number,
    body: object | null = null,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = body ? { 'content-type': 'application/json' } : {};
      const socketPath = this.socket;
      const outgoing = request({ socketPath, method, path: route, headers, agent: false }, resolve);
      if (timeoutMs > 0) {
        outgoing.setTimeout(timeoutMs, () =>
          outgoing.destroy(
            new Error(`the engine does not answer ${method} ${route} within ${timeoutMs / 1000} s`),
          ),
        );
      }
      outgoing.once('error', reject);
      outgoing.end(body ? JSON.stringify(body) : undefined);
    });
  }
}

function messageOf(body: Buffer): string {
  const text = body.toString('utf8').trim();
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed && typeof parsed === 'object' && 'message' in parsed) return String(parsed.message);
  } catch {
    // Proxies in front of an engine answer in plain text.
  }
  return text;
}
