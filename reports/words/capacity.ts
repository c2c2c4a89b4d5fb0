/** Promises, and the capacities that were found under them, in words. */
import type { CapacityAnswer, PromiseRecord, PromiseTerm } from '../../record/search.ts';
import { formatCount, listed, plainNumber } from './format.ts';

/** `p99 < 50 ms and errors < 0.1 %`. */
export const promiseInWords = ({ terms }: PromiseRecord): string => listed(terms.map(termInWords));

function termInWords(term: PromiseTerm): string {
  if (term.kind === 'errors') return `errors < ${plainNumber(term.limitShare * 100)} %`;
  const { operation, percentile, limitMicros } = term;
  return `${operation === null ? '' : `${operation} `}p${percentile} < ${duration(limitMicros)}`;
}

function duration(micros: number): string {
  if (micros >= 1e6) return `${plainNumber(micros / 1e6)} s`;
  return micros >= 1000 ? `${plainNumber(micros / 1000)} ms` : `${plainNumber(micros)} µs`;
}

/** The same for a reader who has never seen a percentile. */
export const promiseExplained = ({ terms }: PromiseRecord): string =>
  listed(
    terms.map((term) =>
      term.kind === 'errors'
        ? `fewer than ${plainNumber(term.limitShare * 100)} % of all operations get no right answer`
        : `${plainNumber(term.percentile)} % of ${term.operation === null ? 'all operations' : `operations "${term.operation}"`} are answered in less than ${plainNumber(term.limitMicros / 1000)} ms after they were due`,
    ),
  );

/** `2,300–2,450`, `at least 7,500`, `less than 10`; null where nothing is known. */
export function capacityInWords({ low, high }: CapacityAnswer): string | null {
  if (low !== null && high !== null)
    return low === high ? formatCount(low) : `${formatCount(low)}–${formatCount(high)}`;
  if (low !== null) return `at least ${formatCount(low)}`;
  return high === null ? null : `less than ${formatCount(high)}`;
}

export const limitInWords: Readonly<Record<CapacityAnswer['limit'], string>> = {
  strategy: 'the strategy',
  generator: 'the generator, not the strategy',
  'none-passed': 'no rate kept the promise',
  'all-passed': 'none met: the highest rate was kept',
  unknown: 'not found',
};
