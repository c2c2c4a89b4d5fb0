/** Several stored runs that fit each other, in figures: what each says of a strategy, side by side. */
import { measuringCommand } from '../../advice/evidence/commands.ts';
import type { Metric } from '../../record/metrics.ts';
import {
  type Missing,
  OVERVIEW_VERSION,
  type Overview,
  type OverviewLine,
  type OverviewRun,
  type Standing,
} from '../../record/overview.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { servingCpu } from '../facts/cpu.ts';
import { toldPayload } from '../facts/footprints.ts';
import { inReadingOrder } from '../facts/order.ts';
import { Verdicts } from '../facts/verdicts.ts';
import { faultsIn, survivalOf } from './faults.ts';
import { inOrder, overviewDesignOf, type Source } from './source.ts';
import { weaknessesOf } from './weaknesses.ts';

/** Everything of an overview but its words. */
export type OverviewFacts = Omit<Overview, 'answer' | 'details'>;

/**
 * @param given runs that fit each other, one of each design that compares strategies within its trials; in any order
 * @throws Error without a run of a design that an overview has
 */
export function overviewFacts(given: readonly Source[]): OverviewFacts {
  const sources = inOrder(given.filter(({ record }) => overviewDesignOf(record) !== null));
  const [first] = sources;
  if (first === undefined) throw new Error('an overview is made of one run at least');
  const payload = toldPayload(sources.flatMap(({ summary }) => summary.footprint));
  const faults = faultsIn(sources);
  const strategies = namedIn(sources).map((each) => lineOf({ sources, payload, faults }, each));
  return {
    kind: 'overview',
    schemaVersion: OVERVIEW_VERSION,
    runs: sources.map(runOf),
    runtime: first.record.runtime,
    host: first.record.host,
    sharedCores: sources.some(({ record }) => record.placement.shared),
    versions: versionsIn(sources),
    promise:
      sources.flatMap(({ record: { design } }) => (design.kind === 'search' ? design.promise : []))[0] ??
      null,
    payloadBytes: payload ?? null,
    faults,
    strategies,
    missing: missingIn(strategies),
  };
}

type Named = Pick<StrategySummary, 'name' | 'title'>;

/** Those of the run at one rate lead, in its reading order. */
function namedIn(sources: readonly Source[]): readonly Named[] {
  const all = sources.flatMap(({ record, summary }) =>
    record.design.kind === 'blocks' ? inReadingOrder(summary.strategies) : summary.strategies,
  );
  return all.filter(({ name }, i) => all.findIndex((each) => each.name === name) === i);
}

function runOf({ record, summary }: Source): OverviewRun {
  const design = overviewDesignOf(record);
  if (design === null) throw new Error(`a run of ${record.design.kind} is no part of an overview`);
  const { runId: id, preset, scenario, startedAt, endedAt, tool, command } = record;
  const { status, answer } = summary;
  return { id, design, preset, scenario: scenario.name, status, startedAt, endedAt, tool, command, answer };
}

/** Each product and version once, with the most processes that a strategy runs of it. */
function versionsIn(sources: readonly Source[]): Overview['versions'] {
  const all = sources.flatMap(({ record }) => [
    ...record.versions,
    ...record.strategies.flatMap(({ versions }) => versions),
  ]);
  const byName = Map.groupBy(all, ({ product, version, origin }) =>
    JSON.stringify([product, version, origin]),
  );
  return [...byName.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [each, ...others]]) =>
      each ? [{ ...each, nodes: Math.max(each.nodes, ...others.map(({ nodes }) => nodes)) }] : [],
    );
}

/** What all lines are made of. */
interface Grounds {
  readonly sources: readonly Source[];
  readonly payload: number | undefined;
  /** Those that some run made. */
  readonly faults: Overview['faults'];
}

function lineOf({ sources, payload, faults: made }: Grounds, { name, title }: Named): OverviewLine {
  const faults = Object.fromEntries(made.map((fault) => [fault.name, survivalOf(sources, fault.name, name)]));
  return {
    name,
    title,
    load: loadOf(
      sources.find(({ record }) => record.design.kind === 'blocks'),
      name,
    ),
    capacity: capacityOf(sources, name),
    footprint: footprintOf(sources, payload, name),
    faults,
    roundTrips: roundTripsOf(sources, name),
    weaknesses: weaknessesOf(sources, name, faults),
  };
}

type Part = Parameters<typeof measuringCommand>[0];
const missing = (part: Part, name: string, why = ''): Missing => ({
  kind: 'missing',
  why,
  command: measuringCommand(part, [name]),
});

const reasonsOf = ({ reasons }: StrategySummary): string => reasons.map(({ message }) => message).join('; ');

function loadOf(source: Source | undefined, name: string): OverviewLine['load'] {
  const found = source?.summary.strategies.find((each) => each.name === name);
  if (!source || !found) return missing('load', name);
  const run = source.record.runId;
  switch (found.status) {
    case 'failed':
      return { kind: 'failed', run, why: reasonsOf(found) };
    case 'invalid':
    case 'not-measured':
      return missing('load', name, reasonsOf(found));
    case 'valid':
      return {
        kind: 'measured',
        run,
        rate: found.offeredRate,
        readP50Ms: found.operations.read?.p50Ms ?? null,
        cpuMicrosPerRequest: servingCpu(found.cpuMicrosPerRequest),
        standings: toldMetrics.map((metric) => standingOf(source, name, metric)),
        violations: found.violations,
      };
  }
}

/** The metrics of the table that strategies are compared on. */
export const toldMetrics = ['read.p50', 'cpuPerRequest'] as const satisfies readonly Metric[];

function standingOf({ summary }: Source, name: string, metric: Metric): Standing {
  const ranking = summary.rankings.find((each) => each.metric === metric);
  const own = ranking?.ranked.find(({ strategy }) => strategy === name);
  const first = ranking?.ranked[0]?.strategy;
  const isFirst = first === undefined || first === name;
  return {
    metric,
    letters: ranking?.allTied === false ? (own?.letters ?? '') : '',
    against: isFirst ? null : new Verdicts(summary.comparisons).between(name, first, metric),
  };
}

function capacityOf(sources: readonly Source[], name: string): OverviewLine['capacity'] {
  for (const { record, summary } of sources) {
    const found =
      summary.design.kind === 'search'
        ? summary.design.answers.find(({ strategy }) => strategy === name)
        : undefined;
    if (found === undefined) continue;
    const { strategy: _strategy, ...answer } = found;
    return { kind: 'measured', run: record.runId, answer };
  }
  return missing('capacity', name);
}

function footprintOf(
  sources: readonly Source[],
  payload: number | undefined,
  name: string,
): OverviewLine['footprint'] {
  for (const { record, summary } of sources) {
    const found = summary.footprint.find(
      ({ strategy, payloadBytes }) => strategy === name && payloadBytes === payload,
    );
    if (found === undefined) continue;
    const { keptIn, storeBytesPerSession, appBytesPerSession, testedTo, heldOutError } = found;
    return {
      kind: 'measured',
      run: record.runId,
      ...{ keptIn, storeBytesPerSession, appBytesPerSession, testedTo, heldOutError },
    };
  }
  return missing('footprint', name);
}

function roundTripsOf(sources: readonly Source[], name: string): OverviewLine['roundTrips'] {
  const results = sources.flatMap(({ summary: { design } }) =>
    design.kind === 'distance' ? design.results : [],
  );
  return Object.fromEntries(
    results.flatMap(({ strategy, operation, line }) =>
      strategy === name && line.status === 'fitted'
        ? [[operation, { trips: line.roundTrips, low: line.low, high: line.high }] as const]
        : [],
    ),
  );
}

/** One command for all strategies that lack a part. */
function missingIn(lines: readonly OverviewLine[]): Overview['missing'] {
  const lacking = (is: (line: OverviewLine) => boolean): string[] => lines.filter(is).map(({ name }) => name);
  const parts: readonly (readonly [part: Part, what: string, names: readonly string[]])[] = [
    ['load', 'read p50 and CPU per request', lacking(({ load }) => load.kind === 'missing')],
    ['capacity', 'capacity', lacking(({ capacity }) => capacity.kind === 'missing')],
    ['footprint', 'bytes per session', lacking(({ footprint }) => footprint.kind === 'missing')],
    [
      'survival',
      'what faults lose',
      lacking(({ faults }) => Object.values(faults).every(({ kind }) => kind === 'missing')),
    ],
  ];
  return parts
    .filter(([, , names]) => names.length > 0)
    .map(([part, what, names]) => ({ what, strategies: [...names], command: measuringCommand(part, names) }));
}
