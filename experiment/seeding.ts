/** How long a population takes to log in, and how long its sessions must live for that. */
import { type Reason, reasonOf } from '../record/reasons.ts';
import type { TrialRecord } from '../record/trial.ts';
import type { Setting } from './plan.ts';

/** Logins per second of small sessions, all connections together; a figure of 2 calm cores, where no other is known. */
const USUAL_LOGINS_PER_SECOND = 6_000;
/** A login's payload goes through the generator's answer, the app and the store: so many bytes per second, as seen there. */
const PAYLOAD_BYTES_PER_SECOND = 100e6;
/** Slower than any store that could be measured at all. */
const SLOWEST_LOGINS_PER_SECOND = 100;

/** As a store's own limits are set in production; trials of usual length are far shorter. */
const USUAL_IDLE_SECONDS = 3600;

type Population = Pick<Setting, 'workload'>;

/**
 * Seconds that the population takes to log in.
 * @param loginsPerSecond as measured; null where nothing was
 */
export function seedSeconds(
  { workload: { sessions, payloadBytes } }: Population,
  loginsPerSecond: number | null = null,
): number {
  if (loginsPerSecond !== null) return sessions / loginsPerSecond;
  return sessions * (1 / USUAL_LOGINS_PER_SECOND + payloadBytes / PAYLOAD_BYTES_PER_SECOND);
}

/** Logins per second of a trial's seeding; null where it was not timed. */
export function loginsPerSecond(
  { workload: { sessions } }: Population,
  { timings }: Pick<TrialRecord, 'timings'>,
): number | null {
  const milliseconds = timings.seed;
  return milliseconds === undefined ? null : (sessions / Math.max(1, milliseconds)) * 1000;
}

/**
 * Idle life of sessions while measuring, in seconds, the same for every strategy. Twice as long as the slowest trial, from
 * its first login on: no session ends by itself, and none gets old enough for a touch.
 */
export function idleSeconds(setting: Population & Pick<Setting, 'warmupSeconds' | 'measureSeconds'>): number {
  const { workload, warmupSeconds, measureSeconds } = setting;
  // A trial may be twice as long as planned for its reads, and go on as long again for answers.
  const load = 2 * (warmupSeconds + 2 * measureSeconds);
  return Math.max(USUAL_IDLE_SECONDS, Math.ceil(2 * (workload.sessions / SLOWEST_LOGINS_PER_SECOND + load)));
}

/** The steps of a trial in which its population is there. */
const alive = ['seed', 'warmup', 'read counters', 'measure', 'drain', 'sweep', 'end'] as const;

/** A trial that took longer than sessions live: what was lost in it may have ended by itself. */
export function outlived(timings: TrialRecord['timings'], idle: number): Reason[] {
  const took = alive.reduce((sum, step) => sum + (timings[step] ?? 0), 0) / 1000;
  if (took < idle) return [];
  return [
    reasonOf(
      'sessions-expired',
      `logging in and measuring took ${took.toFixed(0)} s, longer than an idle session lives (${idle} s): sessions ended by themselves`,
    ),
  ];
}
