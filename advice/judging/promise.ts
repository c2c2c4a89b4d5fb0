/** Is the promise of latency and errors kept at the rate that is wished, as far as it was measured? */
import type { PromiseRecord } from '../../record/search.ts';
import type { StrategyEvidence } from '../evidence/evidence.ts';
import { wholeNumber } from '../words/format.ts';
import { broken, type Judged, open } from './judged.ts';
import { type Reading, readingsOf, searchFor } from './readings.ts';

const wish = 'promise';

/**
 * By the run whose rate is the nearest at or above the wished one, else by the highest; a search counts where what it found to be kept
 * reaches the wished rate, or what it found not to be kept does not lie above it. Where they contradict each other it is open, with
 * both numbers. Rates are those of all servers together: the balancer, and a store on one server, carry all of it here as where it
 * was measured. With more servers of another kind that is on the safe side.
 * @param wished requests/s
 * @returns one for each term, or one for all of them
 */
export function judgePromise(
  strategy: StrategyEvidence,
  slo: PromiseRecord,
  wished: number,
): readonly Judged[] {
  const { load, name } = strategy;
  const readings = readingsOf(strategy, slo);
  const again = searchFor(name, slo);
  if (load.kind === 'missing')
    return readings.length === 0 ? [open(wish, load.what, load.command)] : decided(readings, wished, again);
  if (load.value.status === 'failed')
    return [broken(wish, load.value.why, { kind: 'measured', run: load.run })];
  return decided(readings, wished, again);
}

/**
 * The more readings say `met`, and the fewer `broken`, the less is out: a looser promise excludes nothing more.
 * @param readings at least one
 */
function decided(readings: readonly Reading[], wished: number, again: string): readonly Judged[] {
  const kept = readings.filter(({ verdict }) => verdict === 'met');
  const notKept = readings.filter(({ verdict }) => verdict === 'broken');
  const reaching = (each: Reading): boolean => each.rate >= wished;
  const against = (met: Reading): Reading | null => lowest(notKept.filter(({ rate }) => rate <= met.rate));
  const openWith = (shows: string): readonly Judged[] => [open(wish, shows, again)];

  const keeps = lowest(kept.filter(reaching));
  if (keeps !== null) {
    const other = against(keeps);
    return other === null ? keeps.judged : openWith(both(keeps, other));
  }
  // None of those that kept it comes to the wished rate.
  const most = highest(kept);
  const breaks = highest(notKept.filter(({ rate }) => rate <= wished && rate > (most?.rate ?? -1)));
  if (breaks !== null) return breaks.judged;
  if (most === null) return nearest(readings, reaching);
  const other = against(most) ?? lowest(notKept);
  if (other !== null) return openWith(both(most, other));
  const unsettled = lowest(readings.filter(reaching));
  if (unsettled !== null) return openWith(`${told(most)}; ${told(unsettled)}`);
  const top = highest(readings.filter((each) => each.of === 'run'));
  // Busier servers are taken to answer no later: that is told with what is assumed. A search would have looked further.
  if (top?.verdict === 'met') return top.judged;
  return openWith(top === null || top.rate < most.rate ? beyond(most, wished) : told(top));
}

/** Of readings of which none is kept, and none is broken below the wished rate. Of those at one rate what is open. */
function nearest(readings: readonly Reading[], reaching: (each: Reading) => boolean): readonly Judged[] {
  const near = lowest(readings.filter(reaching)) ?? highest(readings);
  const alike = readings.filter(({ rate }) => rate === near?.rate);
  return (alike.find(({ verdict }) => verdict === 'open') ?? near)?.judged ?? [];
}

const lowest = (readings: readonly Reading[]): Reading | null =>
  readings.toSorted((a, b) => a.rate - b.rate)[0] ?? null;
const highest = (readings: readonly Reading[]): Reading | null =>
  readings.toSorted((a, b) => b.rate - a.rate)[0] ?? null;

const told = ({ shows, run }: Reading): string => `${shows} (run ${run})`;
const both = (kept: Reading, notKept: Reading): string => `${told(kept)}, but ${told(notKept)}`;
const beyond = (kept: Reading, wished: number): string =>
  `${told(kept)}, and ${wholeNumber(wished)} requests/s are wished`;
