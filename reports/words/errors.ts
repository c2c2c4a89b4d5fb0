import type { Errors } from '../../record/common.ts';
import { formatCount, listed } from './format.ts';

/** `6 timed out and 2 lost their connection`; empty where none are known. */
export function errorsInWords(errors: Errors | null): string {
  if (errors === null) return '';
  const { timeout, connection, server, protocol } = errors;
  const parts: [number, string][] = [
    [timeout, 'timed out'],
    [connection, 'lost their connection'],
    [server, 'got a server error'],
    [protocol, 'got an answer that breaks the protocol'],
  ];
  return listed(parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`));
}
