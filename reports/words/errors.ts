import type { Errors } from '../../record/common.ts';
import { formatCount, listed } from './format.ts';

/** `6 timed out and 2 lost their connection`. */
export function errorsInWords({ timeout, connection, server, protocol }: Errors): string {
  const parts: [number, string][] = [
    [timeout, 'timed out'],
    [connection, 'lost their connection'],
    [server, 'got a server error'],
    [protocol, 'got an answer that breaks the protocol'],
  ];
  return listed(parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`));
}
