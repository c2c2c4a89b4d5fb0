/** Whether two runs asked the same question on the same machine. */
import { isDeepStrictEqual } from 'node:util';
import { type Finding, findingOf, type ReasonCode, type Severity } from '../../record/reasons.ts';
import type { RunRecord } from '../../record/run.ts';
import { rateOf } from './design.ts';

export interface Differences {
  /** With one of these, a ratio of the runs means nothing: they are not compared. */
  readonly refusals: Finding[];
  /** These may be behind a difference, or be what is being compared: they are told. */
  readonly remarks: Finding[];
}

type DifferenceCode = Extract<ReasonCode, `different-${string}`>;

interface Aspect {
  readonly code: DifferenceCode;
  readonly what: string;
  of(record: RunRecord): string | number | null | readonly unknown[];
}

const aspect = (code: DifferenceCode, what: string, of: Aspect['of']): Aspect => ({ code, what, of });

/** The catalogue says which make numbers of different work or of different machines, and which may be without effect. */
const aspects: readonly Aspect[] = [
  aspect('different-runtime', 'runtime', ({ runtime }) => runtime),
  aspect('different-scenario', 'scenario', ({ scenario }) => scenario.name),
  aspect('different-mix', 'mix of operations', ({ scenario: { mix, arrival } }) => [
    ...Object.entries(mix).map(([name, share]) => `${name} ${share}`),
    ...(arrival.kind === 'page' ? [`${arrival.reads} reads and ${arrival.writes} writes at once`] : []),
  ]),
  aspect('different-rate', 'rate (operations/s)', ({ design }) => rateOf(design)?.value ?? null),
  aspect('different-distance', 'milliseconds added to each round trip, block by block', ({ design }) =>
    design.kind === 'distance' ? design.addedMs : [],
  ),
  aspect('different-sessions', 'number of sessions', ({ scenario }) => scenario.sessions),
  aspect('different-payload', 'payload in bytes', ({ scenario }) => scenario.payloadBytes),
  aspect('different-popularity', 'Zipf exponent', ({ scenario }) => scenario.zipfExponent),
  aspect('different-apps', 'number of app processes', ({ plan }) => plan.apps),
  aspect('different-connections', 'number of connections', ({ plan }) => plan.connections),
  aspect('different-placement', 'placement', ({ placement }) =>
    Object.entries(placement.cores).map(([tier, cores]) => `${tier} on ${cores.join(' ')}`),
  ),
  aspect('different-processor', 'processor', ({ host }) => `${host.cpuModel}, ${host.arch}`),
  aspect('different-cores', 'number of cores', ({ host }) => host.cores),
  aspect('different-virtualization', 'virtualization', ({ host }) => host.virtualization),
  aspect('different-host-name', 'host name', ({ host }) => host.hostname),
  aspect('different-kernel', 'system', ({ host }) => `${host.os}, kernel ${host.kernel}`),
  aspect('different-memory', 'memory in GiB', ({ host }) => Math.round(host.memoryBytes / 2 ** 30)),
  aspect('different-duration', 'measured seconds of a trial', ({ plan }) => plan.measureSeconds),
  aspect('different-warm-up', 'warm-up in seconds', ({ plan }) => plan.warmupSeconds),
  aspect('different-versions', 'balancer, Node.js and k6', ({ versions }) => versionsOf(versions)),
];

const versionsOf = (versions: RunRecord['versions']): string[] =>
  versions
    .map(({ product, version, nodes }) => `${product} ${version}${nodes > 1 ? ` ×${nodes}` : ''}`)
    .sort();

const shown = (value: ReturnType<Aspect['of']>): string =>
  Array.isArray(value) ? value.join(', ') : String(value ?? 'none');

/** The aspects in which two runs differ, each with both values. */
const differing = (a: RunRecord, b: RunRecord): Finding[] =>
  aspects
    .filter(({ of }) => !isDeepStrictEqual(of(a), of(b)))
    .map(({ code, what, of }) =>
      findingOf(code, `The runs differ in their ${what}: ${shown(of(a))} and ${shown(of(b))}.`),
    );

const serverVersions = (a: RunRecord, b: RunRecord): Finding[] =>
  a.strategies.flatMap(({ name, versions }) => {
    const [own, others] = [versions, b.strategies.find((each) => each.name === name)?.versions];
    if (!others || isDeepStrictEqual(versionsOf(own), versionsOf(others))) return [];
    const both = `${shown(versionsOf(own))} and ${shown(versionsOf(others))}`;
    return [findingOf('different-servers', `${name} ran on other servers: ${both}.`)];
  });

/** A run that compares two sides has no one number for a strategy, and a run of faults has none at all. */
const comparisons = (...records: readonly RunRecord[]): Finding[] =>
  records.flatMap(({ runId, design }) => {
    if (design.kind === 'footprint')
      return [findingOf('is-footprint', `Run ${runId} weighed sessions, and compared nothing.`)];
    if (design.kind === 'faults')
      return [findingOf('is-faults', `Run ${runId} is one of faults, whose trials are not alike.`)];
    if (design.kind !== 'sides') return [];
    const message = `Run ${runId} was made by "npm run ${design.command}" and holds two sides itself.`;
    return [findingOf('is-comparison', message, `Judge it alone: npm run compare -- ${runId}`)];
  });

export function differencesBetween(a: RunRecord, b: RunRecord): Differences {
  const found = differing(a, b);
  const of = (severity: Severity): Finding[] => found.filter((each) => each.severity === severity);
  return {
    refusals: [...comparisons(a, b), ...of('alarm')],
    remarks: [...serverVersions(a, b), ...of('warning')],
  };
}
