/** What pages of several requests at once came to: their latency, and what their races lost. */
import { decodeHistogram } from '../../record/histogram.ts';
import { inMilliseconds, Latencies, type Latency } from '../../record/latency.ts';
import type { Pages } from '../../record/pages.ts';
import type { ValidTrial } from '../../record/read/trials.ts';
import type { ConcurrencySummary } from '../../record/summary.ts';
import { clopperPearson } from '../statistics/distributions/beta.ts';

/** Of the valid trials of a strategy together; null where none of them sent pages. */
export function concurrencyOf(trials: readonly ValidTrial[]): ConcurrencySummary | null {
  const all = trials.flatMap(({ record }) => record.pages ?? []);
  if (all.length === 0) return null;
  const sum = (count: (pages: Pages) => number): number =>
    all.reduce((total, pages) => total + count(pages), 0);
  const latencies = latenciesOf(all);
  const at = (percentile: number): Latency => inMilliseconds(latencies.at(percentile) ?? 'no answer');
  const writes = sum((pages) => pages.writes);
  const lostUpdates = sum((pages) => pages.lostUpdates);
  const logouts = sum((pages) => pages.logouts);
  const undoneLogouts = sum((pages) => pages.undoneLogouts);
  return {
    pages: sum(({ count }) => count),
    failed: sum(({ failed }) => failed),
    writes,
    lostUpdates,
    lostShare: writes === 0 ? null : clopperPearson(lostUpdates, writes),
    takenVersions: sum(({ takenVersions }) => takenVersions),
    logouts,
    undoneLogouts,
    undoneShare: logouts === 0 ? null : clopperPearson(undoneLogouts, logouts),
    logins: sum(({ logins }) => logins),
    survivedLogins: sum(({ survivedLogins }) => survivedLogins),
    p50Ms: at(50),
    p99Ms: at(99),
  };
}

function latenciesOf(all: readonly Pages[]): Latencies {
  const merged = new Latencies();
  for (const { intended, failed } of all) {
    merged.addAnswered(decodeHistogram(intended));
    merged.addUnanswered(failed);
  }
  return merged;
}
