/** When things happen in a trial with a fault, in seconds since measuring began. */
import type { Fault } from './fault.ts';

/** Of steady load before measuring. */
export const WARMUP_SECONDS = 1;
/** Of steady load before the fault: what is normal is seen in them. */
export const LEAD_SECONDS = 3;
/** Of steady load behind the time that recovery may take. */
export const TAIL_SECONDS = 2;
/**
 * Operations that wait for a connection are given up so long after the last was due: where a store stays away, each of them
 * holds a connection for a time-out.
 */
export const OVERTIME_SECONDS = 5;

/** How long its trials measure. */
export const measuredSecondsOf = ({
  lastsSeconds,
  recoverySeconds,
}: Pick<Fault, 'lastsSeconds' | 'recoverySeconds'>): number =>
  LEAD_SECONDS + lastsSeconds + recoverySeconds + TAIL_SECONDS;
