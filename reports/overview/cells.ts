/** What the table's cells say. What is not known is a dash, and what would tell it stands below the table. */
import type { Metric } from '../../record/metrics.ts';
import type { OverviewLine, OverviewSurvival, Standing } from '../../record/overview.ts';
import type { Verdict } from '../../record/verdict.ts';
import { bad, badge, letters, strong } from '../document/build.ts';
import type { Text } from '../document/document.ts';
import { capacityInWords } from '../words/capacity.ts';
import { logoutsWords, sessionsWords } from '../words/faults.ts';
import { absent, counted, formatCount, formatMicros, listed, orAbsent } from '../words/format.ts';
import { formatLatency } from '../words/latency.ts';
import { formatTrips } from '../words/round-trips.ts';
import { intervalText, ratioText } from '../words/verdict.ts';

type Measured = Extract<OverviewLine['load'], { kind: 'measured' }>;

const ofLoad = (load: OverviewLine['load'], cell: (load: Measured) => Text): Text => {
  switch (load.kind) {
    case 'measured':
      return cell(load);
    case 'failed':
      return badge('failed');
    case 'missing':
      return absent;
  }
};

export const readCell = ({ load }: OverviewLine): Text =>
  ofLoad(load, ({ readP50Ms, standings }) =>
    readP50Ms === null ? absent : compared(formatLatency(readP50Ms), standings, 'read.p50'),
  );

export const cpuCell = ({ load }: OverviewLine): Text =>
  ofLoad(load, ({ cpuMicrosPerRequest, standings }) =>
    cpuMicrosPerRequest === null
      ? absent
      : compared(formatMicros(cpuMicrosPerRequest), standings, 'cpuPerRequest'),
  );

/** `0.41 a, 1.40 × (1.31–1.52)`: the number, its letters, and how it stands to the first of the column. */
function compared(value: string, standings: readonly Standing[], metric: Metric): Text {
  const own = standings.find((each) => each.metric === metric);
  if (!own) return strong(value);
  return [
    strong(value),
    own.letters === '' ? '' : [' ', letters(own.letters)],
    own.against === null ? '' : `, ${againstText(own.against)}`,
  ];
}

/** A ratio stands for itself only where a verdict carries it. */
function againstText(verdict: Verdict): string {
  const [ratio, interval] = [ratioText(verdict), intervalText(verdict)];
  // So few blocks that they bound nothing leave all open: no numbers say more.
  const isOpenEnded = verdict.interval.kind === 'unbounded';
  const within = interval === absent || isOpenEnded ? '' : ` (${interval})`;
  switch (verdict.verdict) {
    case 'DIFFERENT':
      return `${ratio} ×${within}`;
    case 'SAME':
      return `same${within}`;
    case 'INCONCLUSIVE':
      return `open${within}`;
  }
}

export const capacityCell = ({ capacity }: OverviewLine): Text =>
  capacity.kind === 'missing' ? absent : (capacityInWords(capacity.answer) ?? absent);

export const storeBytesCell = ({ footprint }: OverviewLine): Text =>
  footprint.kind === 'missing'
    ? absent
    : orAbsent(
        footprint.storeBytesPerSession,
        (bytes) => `${formatCount(bytes)}${footprint.keptIn === 'disk' ? ' on disk' : ''}`,
      );

export const appBytesCell = ({ footprint }: OverviewLine): Text =>
  footprint.kind === 'missing' ? absent : orAbsent(footprint.appBytesPerSession, formatCount);

export const tripsCell =
  (operation: 'read' | 'write') =>
  ({ roundTrips }: OverviewLine): Text =>
    orAbsent(
      roundTrips[operation],
      ({ trips, low, high }) => `${formatTrips(trips)} (${formatTrips(low)}–${formatTrips(high)})`,
    );

export function faultCell(found: OverviewSurvival | undefined): Text {
  if (found === undefined || found.kind === 'missing') return absent;
  if (found.kind === 'impossible') return 'not possible';
  const { result, newestLostSeconds } = found;
  if (result.survival === 'unknown') return 'unknown';
  const losses = lossesText(found.result);
  const age = newestLostSeconds === null ? '' : `: about ${secondsText(newestLostSeconds)} of changes`;
  if (losses !== '') return [bad(losses), age];
  if (result.survival === 'harmed') return bad(listed(result.why));
  return result.sessions === null ? 'kept all' : `0 of ${formatCount(result.sessions.of)}`;
}

/** `983 of 983 sessions`, `1 of 949 sessions and 3 writes`, `7 writes`; empty where nothing was lost. */
function lossesText({
  sessions,
  writesLost,
  logouts,
}: Extract<OverviewSurvival, { kind: 'measured' }>['result']): string {
  const writes = writesLost ?? 0;
  const undone = logouts?.undone ?? 0;
  if ((sessions?.lost ?? 0) + writes + undone === 0) return '';
  return listed([
    ...((sessions?.lost ?? 0) > 0 ? [`${sessionsWords(sessions)} sessions`] : []),
    ...(writes > 0 ? [counted(writes, 'write')] : []),
    ...(undone > 0 ? [`${logoutsWords(logouts)} logouts undone`] : []),
  ]);
}

/** Computed from counts: two digits say what it is worth. */
const secondsText = (seconds: number): string => `${Number(seconds.toPrecision(2))} s`;
