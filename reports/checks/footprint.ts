/** What a reader should know of weighings. */
import { counted } from '../../record/counted.ts';
import { type Finding, findingOf } from '../../record/reasons.ts';
import { asSentenceEnd } from '../../record/sentence.ts';
import type { FootprintSummary } from '../../record/summary.ts';
import { type FootprintFacts, titleOf } from '../facts/facts.ts';
import { mainFit } from '../facts/footprints.ts';
import { formatCount, formatMiB, formatShare, listed } from '../words/format.ts';
import type { Check } from './check.ts';
import { endedEarly } from './ended-early.ts';

export const footprintEnding: Check<FootprintFacts> = ({ run: { record, footprint } }) => {
  const done = footprint.filter(({ status }) => status === 'measured').length;
  return endedEarly(
    record,
    `${formatCount(done)} of ${counted(footprint.length, 'series', 'series')}; what was weighed until then is shown.`,
  );
};

type Concern = (series: FootprintSummary, title: string) => Finding | null;

/** Predictions that are off by more do not carry beyond what was measured. */
const TOLERATED_ERROR = 0.1;

const predictionOff: Concern = (series, title) => {
  const heldOut = mainFit(series)?.heldOut;
  if (!heldOut || heldOut.error === null || heldOut.measuredBytes === null) return null;
  if (Math.abs(heldOut.error) <= TOLERATED_ERROR) return null;
  const more = heldOut.error > 0 ? 'less' : 'more';
  return findingOf(
    'prediction-off',
    `${title}: ${counted(heldOut.sessions, 'session')} took ${formatMiB(heldOut.measuredBytes)} MiB, ${formatShare(Math.abs(1 - heldOut.predictedBytes / heldOut.measuredBytes))} ${more} than the ${formatMiB(heldOut.predictedBytes)} MiB that the smaller numbers predict.`,
  );
};

const stopped: Concern = ({ status, why, testedTo }, title) =>
  status === 'measured'
    ? null
    : findingOf(
        'footprint-stopped',
        `${title}: the series ended ${testedTo === null ? 'before its first number' : `after ${counted(testedTo, 'session')}`}: ${asSentenceEnd(why ?? '')}`,
      );

/** As a share of what it was among the fewest; less is noise on a small machine. */
const SLOWER = 0.25;

const readsSlower: Concern = ({ sizes }, title) => {
  const known = sizes.filter(({ cpuMicrosPerRead }) => cpuMicrosPerRead !== null);
  const [fewest, most] = [known[0], known.at(-1)];
  if (!fewest?.cpuMicrosPerRead || !most?.cpuMicrosPerRead) return null;
  const more = most.cpuMicrosPerRead / fewest.cpuMicrosPerRead - 1;
  if (more <= SLOWER) return null;
  return findingOf(
    'reads-slower',
    `${title}: a read took ${formatShare(more)} more CPU time among ${counted(most.sessions, 'session')} than among ${formatCount(fewest.sessions)}.`,
  );
};

const expirySlow: Concern = ({ expiry }, title) => {
  if (expiry === null || expiry.seconds !== null || expiry.gone === null) return null;
  return findingOf(
    'expiry-slow',
    `${title}: of ${counted(expiry.ended, 'session')} that ended together, ${formatCount(expiry.gone)} were gone after ${formatCount(expiry.watchedSeconds)} s.`,
  );
};

const atMostWords = (bytes: number | null): string =>
  bytes === null ? '' : `: at most ${formatCount(Math.ceil(bytes))} B for each`;

const unresolved: Concern = (series, title) => {
  const line = mainFit(series)?.line;
  if (!line || line.bytesPerSession !== null) return null;
  const most = counted(series.testedTo ?? 0, 'session');
  return findingOf(
    'sessions-unresolved',
    `${title}: up to ${most} took less than readings tell apart${atMostWords(line.bytesPerSessionAtMost)}.`,
  );
};

const unpredicted: Concern = (series, title) => {
  const fit = mainFit(series);
  if (!fit || fit.line.bytesPerSession === null || fit.heldOut !== null) return null;
  return findingOf(
    'unpredicted',
    `${title}: the smaller numbers took less than readings tell apart, so that the largest was not predicted.`,
  );
};

const concerns: readonly Concern[] = [
  stopped,
  predictionOff,
  unpredicted,
  unresolved,
  expirySlow,
  readsSlower,
];

export const footprints: Check<FootprintFacts> = (facts) =>
  facts.footprint.flatMap((series) =>
    concerns.flatMap((concern) => concern(series, nameOf(facts, series)) ?? []),
  );

/** Apps that keep no sessions hardly grow with them; one finding tells it of all. */
export const appsUnresolved: Check<FootprintFacts> = (facts) => {
  const flat = facts.footprint.filter(
    ({ keptIn, fits }) =>
      keptIn !== 'apps' &&
      fits.some(({ weight, line }) => weight === 'appCounted' && line.bytesPerSession === null),
  );
  if (flat.length === 0) return [];
  const names = [...new Set(flat.map(({ strategy }) => titleOf(facts, strategy)))];
  const known = flat.flatMap(({ appBytesPerSessionAtMost }) => appBytesPerSessionAtMost ?? []);
  const most = known.length < flat.length ? null : Math.max(...known);
  return [
    findingOf(
      'sessions-unresolved',
      `In the apps, sessions of ${listed(names)} took less than readings tell apart${atMostWords(most)}.`,
    ),
  ];
};

/** Of the record: the summary has numbers alone. */
export const bulkDiffers: Check<FootprintFacts> = (facts) =>
  facts.run.footprint.flatMap((series) => {
    const difference = series.points.find((point) => point.difference !== null)?.difference;
    return difference == null
      ? []
      : [findingOf('bulk-differs', `${nameOf(facts, series)}: ${asSentenceEnd(difference)}`)];
  });

export const nameOf = (
  facts: FootprintFacts,
  { strategy, payloadBytes }: Pick<FootprintSummary, 'strategy' | 'payloadBytes'>,
): string => `${titleOf(facts, strategy)}, ${formatCount(payloadBytes)} B`;
