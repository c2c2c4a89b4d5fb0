/** What servers and stores said of their limits in a strategy's trials, to stand beside what was lost or refused. */
import type { Reason, ReasonCode } from '../../record/reasons.ts';
import type { Facts } from '../facts/facts.ts';
import { counted } from '../words/format.ts';
import { asSentenceEnd } from './check.ts';

/** What makes sessions disappear. */
export const losing: readonly ReasonCode[] = [
  'evictions',
  'expired-early',
  'sessions-expired',
  'heap-full',
  'cause-unknown',
];
/** What makes a store fail. */
export const refusing: readonly ReasonCode[] = [
  'memory-limit',
  'disk-full',
  'heap-full',
  'connections-refused',
  'entry-too-large',
  'deadlocks',
  'store-failed',
  'cause-unknown',
];

export interface Causes {
  /** Sentences with a blank before each; empty where nothing was told. */
  readonly text: string;
  /** Of the first cause; undefined where nothing was told. */
  readonly remedy: string | undefined;
}

/** @param codes those that can be behind what is told */
export function causesOf({ trials }: Facts, strategy: string, codes: readonly ReasonCode[]): Causes {
  const of = trials.filter((trial) => trial.strategy === strategy);
  const told = of.flatMap(({ reasons, warnings }) => [...reasons, ...warnings]);
  const causes = [...Map.groupBy(told, ({ code }) => code)].filter(([code]) => codes.includes(code));
  return {
    text: causes.map(([, reasons]) => inWords(reasons, of.length)).join(''),
    remedy: causes[0]?.[1][0]?.remedy,
  };
}

/** One reason for each trial that gave it. */
function inWords(reasons: readonly Reason[], trials: number): string {
  const [first] = reasons;
  if (!first) return '';
  const where = trials === 1 ? '' : `In ${reasons.length} of ${counted(trials, 'trial')}, here the first: `;
  const text = asSentenceEnd(first.message);
  return ` ${where}${where === '' ? text.charAt(0).toUpperCase() + text.slice(1) : text}`;
}
