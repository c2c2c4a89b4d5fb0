/** Round trips as people read them. */
import type { OperationName } from '../../record/common.ts';
import { counted } from '../../record/counted.ts';
import type { DistanceResult } from '../../record/distance.ts';

/** Two digits; no minus before a nought. */
export const formatTrips = (value: number): string => {
  const text = value.toFixed(2);
  return Number(text) === 0 ? '0.00' : text;
};

type Fitted = Extract<DistanceResult['line'], { status: 'fitted' }>;

/** `0.98 to 1.05` */
export const tripsInterval = ({ low, high }: Pick<Fitted, 'low' | 'high'>): string =>
  `${formatTrips(low)} to ${formatTrips(high)}`;

/** `a read` */
export const anOperation = (operation: OperationName): string => `a ${operation}`;

/** `a write waits for 3.02 round trips (2.96 to 3.08), and should wait for 2`; empty where there is no line. */
export function tripsInWords({ operation, line, expected }: DistanceResult): string {
  if (line.status === 'unknown') return '';
  const paper = expected === null ? '' : `, and should wait for ${expected}`;
  const trips = `${formatTrips(line.roundTrips)} round trips`;
  return `${anOperation(operation)} waits for ${trips} (${tripsInterval(line)})${paper}`;
}

/** Milliseconds that each millisecond of distance costs, where they are known as a whole number; null elsewhere. */
export const wholeTrips = ({ line, verdict }: DistanceResult): number | null =>
  line.status === 'unknown' || verdict === 'open' ? null : Math.max(0, Math.round(line.roundTrips));

/** `2 of 28 operations` */
export const operationsOf = (some: number, all: number): string => `${some} of ${counted(all, 'operation')}`;
