/** Bytes to a server and back, for requests that no HTTP client would send. */
import { connect } from 'node:net';

const TIME_OUT_MS = 10_000;

/** A server may close the connection in place of an answer. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  | { readonly kind: 'closed' };

interface Body {
  /** Of its content; null for none. */
  readonly type: string | null;
  readonly text: string;
}

/**
 * Sends one request with these lines between its first line and its body.
 * @param head header lines, in Latin-1, such as `cookie: a=b`
 * @throws Error when nothing came within 10 s, or the server cannot be reached
 */
export async function exchange(
  url: string,
  method: string,
  head: readonly string[],
  body: Body | null = null,
): Promise<Exchange> {
  const { hostname, port } = new URL(url);
  const content =
    body === null
      ? []
      : [
          ...(body.type === null ? [] : [`content-type: ${body.type}`]),
          `content-length: ${Buffer.byteLength(body.text, 'latin1')}`,
        ];
  const lines = [`${method} /session HTTP/1.1`, `host: ${hostname}:${port}`, ...head, ...content];
  const text = await sent(
    hostname,
    Number(port),
    `${[...lines, 'connection: close'].join('\r\n')}\r\n\r\n${body?.text ?? ''}`,
  );
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  return status === undefined ? { kind: 'closed' } : { kind: 'answer', status: Number(status), text };
}

/** What came until the server closed the connection. */
function sent(host: string, port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let connected = false;
    const socket = connect(port, host, () => {
      connected = true;
      socket.write(bytes, 'latin1');
    });
    const done = (): void => resolve(Buffer.concat(chunks).toString('latin1'));
    socket.setTimeout(TIME_OUT_MS, () =>
      socket.destroy(new Error(`no answer within ${TIME_OUT_MS / 1000} s`)),
    );
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', done);
    socket.on('error', (error: Error & { readonly code?: string }) => {
      // A server that has read enough resets the connection while more is still being sent.
      const refused = connected && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      if (!refused) reject(error);
    });
  });
}
