/** What sessions take: a row for each strategy, then every line, every number of sessions, and how they go again. */
import type { Weight } from '../../../record/footprint.ts';
import type { Latency } from '../../../record/latency.ts';
import type { FootprintSummary } from '../../../record/summary.ts';
import {
  bad,
  charts,
  type Field,
  hint,
  numbers,
  only,
  paragraph,
  section,
  strong,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Section, Text } from '../../document/document.ts';
import type { FootprintFacts } from '../../facts/facts.ts';
import { mainFit, payloadsOf } from '../../facts/footprints.ts';
import { absent, formatCount, formatMiB, formatMicros, formatShare, orAbsent } from '../../words/format.ts';
import { formatLatency } from '../../words/latency.ts';
import { footprintCharts } from '../charts/footprint.ts';
import { type StrategyView, shownAs, type View } from '../view.ts';
import { weaknessField } from './weaknesses.ts';

type FootprintView = View<FootprintFacts>;

const keptIn = { memory: 'memory', disk: 'disk', apps: 'the apps' } as const;

const weightNames: Readonly<Record<Weight, string>> = {
  storeMemory: 'memory of the servers',
  storeCounted: 'memory, as the servers count it',
  storeDisk: 'disk of the servers',
  appMemory: 'memory of the apps',
  appCounted: 'memory of the apps, as Node.js counts it',
};

/** Beyond, a prediction is off. */
const TOLERATED_ERROR = 0.1;

export function footprintPart(view: FootprintView): Section {
  const payloads = payloadsOf(view.facts.footprint);
  return section(
    'footprint',
    'Bytes per session',
    'everywhere',
    tableOf('Bytes per session by payload', view.strategies, [
      [words('Strategy'), ({ shown }) => shown],
      ...payloads.map((payload) => perSession(view, payload)),
      [
        words('Kept in', { short: 'in' }),
        (row) => orAbsent(seriesOf(view, row)[0]?.keptIn, (where) => keptIn[where]),
      ],
      [
        numbers('Fixed part', { short: 'fixed MiB', unit: 'MiB' }),
        (row) =>
          orAbsent(seriesOf(view, row).flatMap((each) => mainFit(each)?.line.fixedBytes ?? [])[0], formatMiB),
      ],
      [
        numbers('Largest number', { short: 'up to' }),
        (row) => orAbsent(mostOf(seriesOf(view, row)), formatCount),
      ],
      [numbers('Predicted within', { short: 'off by' }), (row) => worstError(seriesOf(view, row))],
      weaknessField(view.facts),
    ]),
    hint(
      'What one more session takes where the strategy keeps its sessions, by a line through all numbers of sessions; for databases on the disk, else in memory. "Predicted within": how far the largest number was from a line through the smaller ones, which was drawn before it was measured; the worst of all payloads.',
    ),
    only('page', charts('small', footprintCharts(view))),
  );
}

const seriesOf = ({ facts }: FootprintView, { summary }: StrategyView): readonly FootprintSummary[] =>
  facts.footprint.filter(({ strategy }) => strategy === summary.name);

const perSession = (view: FootprintView, payload: number): Field<StrategyView> => [
  numbers(`${formatCount(payload)} B of payload`, { short: `${formatCount(payload)} B`, unit: 'B' }),
  (row) => {
    const series = seriesOf(view, row).find(({ payloadBytes }) => payloadBytes === payload);
    const each = series ? mainFit(series)?.line.bytesPerSession : null;
    return each == null ? absent : strong(formatCount(each));
  },
];

function mostOf(all: readonly FootprintSummary[]): number | null {
  const tested = all.flatMap(({ testedTo }) => testedTo ?? []);
  return tested.length === 0 ? null : Math.max(...tested);
}

function worstError(all: readonly FootprintSummary[]): Text {
  const errors = all.flatMap(({ heldOutError }) => (heldOutError === null ? [] : [Math.abs(heldOutError)]));
  if (errors.length === 0) return absent;
  const worst = Math.max(...errors);
  return worst > TOLERATED_ERROR ? bad(formatShare(worst)) : formatShare(worst);
}

/** Nothing where nothing was weighed. */
export function linesPart(view: FootprintView): Section[] {
  const rows = view.facts.footprint.flatMap((series) => series.fits.map((fit) => ({ series, fit })));
  if (rows.length === 0) return [];
  const heldOut = (
    name: string,
    value: (heldOut: NonNullable<(typeof rows)[number]['fit']['heldOut']>) => number | null,
    format: (value: number) => string,
    unit = '',
  ): Field<(typeof rows)[number]> => [
    numbers(name, { unit }),
    ({ fit }) => orAbsent(fit.heldOut && value(fit.heldOut), format),
  ];
  return [
    section(
      'lines',
      'The lines',
      'documents',
      paragraph(
        'Bytes = fixed part + bytes per session × sessions, by least squares: a reading counts by how wrong it may be, which is what it cannot tell apart (memory is taken in pieces, files grow by them), and 5 % of what sessions take. The empty store is one of its points. A slope that is not twice its standard error away from none is "—", and "at most" says what it may be. The largest number was predicted by a line through the others. Memory of apps is that after their garbage was collected: what they must have, not what they reach while they serve.',
      ),
      tableOf('Lines through what was weighed', rows, [
        [words('Strategy'), ({ series }) => shownAs(view, series.strategy)],
        [numbers('Payload', { unit: 'B' }), ({ series }) => formatCount(series.payloadBytes)],
        [words('Weighed'), ({ fit }) => weightNames[fit.weight]],
        [numbers('Fixed part', { unit: 'MiB' }), ({ fit }) => formatMiB(fit.line.fixedBytes)],
        [
          numbers('Each session', { unit: 'B' }),
          ({ fit }) => orAbsent(fit.line.bytesPerSession, formatCount),
        ],
        [
          numbers('at most', { unit: 'B' }),
          ({ fit }) => orAbsent(fit.line.bytesPerSessionAtMost, formatCount),
        ],
        [numbers('Points'), ({ fit }) => formatCount(fit.points)],
        heldOut('Largest number', ({ sessions }) => sessions, formatCount),
        heldOut('Predicted', ({ predictedBytes }) => predictedBytes, formatMiB, 'MiB'),
        heldOut('Measured', ({ measuredBytes }) => measuredBytes, formatMiB, 'MiB'),
        heldOut('Off by', ({ error }) => error, signedShare),
      ]),
    ),
  ];
}

const signedShare = (share: number): string => `${share < 0 ? '−' : '+'}${formatShare(Math.abs(share))}`;

interface SizeRow {
  readonly series: FootprintSummary;
  readonly size: FootprintSummary['sizes'][number];
}

/** Nothing where nothing was weighed. */
export function sizesPart(view: FootprintView): Section[] {
  const rows = view.facts.footprint.flatMap((series) =>
    series.sizes.map((size): SizeRow => ({ series, size })),
  );
  if (rows.length === 0) return [];
  const weight = (name: string, of: Weight): Field<SizeRow> => [
    numbers(name, { unit: 'MiB' }),
    ({ size }) => orAbsent(size.weighed[of], formatMiB),
  ];
  return [
    section(
      'sizes',
      'At each number of sessions',
      'documents',
      paragraph(
        'Sessions were put into the store by its bulk path, as a login writes them; one of each number was held against one that a login wrote. Reads are of some of them, spread evenly over all. "Log" is what a login and a write of the app added to the log of changes of the servers.',
      ),
      tableOf('Every number of sessions', rows, [
        [words('Strategy'), ({ series }) => shownAs(view, series.strategy)],
        [numbers('Payload', { unit: 'B' }), ({ series }) => formatCount(series.payloadBytes)],
        [numbers('Sessions'), ({ size }) => formatCount(size.sessions)],
        weight('Servers', 'storeMemory'),
        weight('as they count', 'storeCounted'),
        weight('Disk', 'storeDisk'),
        weight('Apps', 'appMemory'),
        weight('as Node.js counts', 'appCounted'),
        [numbers('Filled', { unit: '/s' }), ({ size }) => filledPerSecond(size.filled)],
        [numbers('Read p50', { unit: 'ms' }), ({ size }) => latencyOrAbsent(size.readP50Ms)],
        [numbers('Read p99', { unit: 'ms' }), ({ size }) => latencyOrAbsent(size.readP99Ms)],
        [
          numbers('CPU per read', { unit: 'µs' }),
          ({ size }) => orAbsent(size.cpuMicrosPerRead, formatMicros),
        ],
        [numbers('Log per login', { unit: 'B' }), ({ size }) => orAbsent(size.logged?.login, formatCount)],
        [numbers('Log per write', { unit: 'B' }), ({ size }) => orAbsent(size.logged?.write, formatCount)],
      ]),
    ),
  ];
}

const latencyOrAbsent = (latency: Latency | null): string => orAbsent(latency, formatLatency);

const filledPerSecond = ({ sessions, seconds }: FootprintSummary['sizes'][number]['filled']): string =>
  sessions === 0 || seconds === 0 ? absent : formatCount(sessions / seconds);

/** Nothing where no series came to its end. */
export function endingsPart(view: FootprintView): Section[] {
  const rows = view.facts.footprint.filter(({ weighedCleared }) => weighedCleared !== null);
  if (rows.length === 0) return [];
  return [
    section(
      'endings',
      'When sessions go',
      'documents',
      paragraph(
        'What is still taken once all sessions were ended at once, and how sessions that all ended by themselves at one moment were removed while others were read.',
      ),
      tableOf('When sessions go', rows, [
        [words('Strategy'), ({ strategy }) => shownAs(view, strategy)],
        [numbers('Payload', { unit: 'B' }), ({ payloadBytes }) => formatCount(payloadBytes)],
        [numbers('At most', { unit: 'MiB' }), (row) => orAbsent(most(row), formatMiB)],
        [
          numbers('After all were ended', { unit: 'MiB' }),
          ({ weighedCleared, keptIn: where }) => orAbsent(weighedCleared?.[kept[where]], formatMiB),
        ],
        [numbers('Given back'), givenBack],
        [numbers('Ended together'), ({ expiry }) => orAbsent(expiry?.ended, formatCount)],
        [numbers('Gone after', { unit: 's' }), ({ expiry }) => (expiry ? goneAfter(expiry) : absent)],
        [
          numbers('Taken then', { unit: 'MiB' }),
          ({ expiry, keptIn: where }) => orAbsent(expiry?.weighedAfter[kept[where]], formatMiB),
        ],
        [
          numbers('Read p50 before', { unit: 'ms' }),
          ({ expiry }) => latencyOrAbsent(expiry?.before.readP50Ms ?? null),
        ],
        [
          numbers('meanwhile (p50)', { unit: 'ms' }),
          ({ expiry }) => latencyOrAbsent(expiry?.during.readP50Ms ?? null),
        ],
        [
          numbers('Read p99 before', { unit: 'ms' }),
          ({ expiry }) => latencyOrAbsent(expiry?.before.readP99Ms ?? null),
        ],
        [
          numbers('meanwhile (p99)', { unit: 'ms' }),
          ({ expiry }) => latencyOrAbsent(expiry?.during.readP99Ms ?? null),
        ],
        [
          numbers('CPU per read before', { unit: 'µs' }),
          ({ expiry }) => orAbsent(expiry?.before.cpuMicrosPerRead, formatMicros),
        ],
        [
          numbers('meanwhile, the removing included', { unit: 'µs' }),
          ({ expiry }) => orAbsent(expiry?.during.cpuMicrosPerRead, formatMicros),
        ],
      ]),
    ),
  ];
}

/** Of processes and files: what they count as sessions says nothing of what they keep. */
const kept = { memory: 'storeMemory', disk: 'storeDisk', apps: 'appMemory' } as const;

const most = ({ sizes, keptIn: where }: FootprintSummary): number | null =>
  sizes.at(-1)?.weighed[kept[where]] ?? null;

/** Of what sessions had taken, beyond the empty store, the share that was not there any more. */
function givenBack(series: FootprintSummary): string {
  const { sizes, weighedCleared, keptIn: where } = series;
  const [full, empty] = [most(series), sizes.find(({ sessions }) => sessions === 0)?.weighed[kept[where]]];
  const left = weighedCleared?.[kept[where]];
  if (full === null || empty == null || left == null || full <= empty) return absent;
  return formatShare(Math.min(1, Math.max(0, (full - left) / (full - empty))));
}

function goneAfter({
  seconds,
  gone,
  ended,
  watchedSeconds,
}: NonNullable<FootprintSummary['expiry']>): string {
  if (seconds !== null) return formatCount(seconds);
  return gone === null ? absent : `${formatShare(gone / ended)} after ${formatCount(watchedSeconds)}`;
}
