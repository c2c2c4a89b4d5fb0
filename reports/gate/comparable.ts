/** Whether two runs asked the same question on the same machine. */
import { isDeepStrictEqual } from 'node:util';
import type { Finding, ReasonCode } from '../../record/reasons.ts';
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
  readonly remedy: string;
}

const sameOption = (option: string): string => `Measure both with the same ${option}.`;
const sameHost = 'Measure both on one machine.';

/** Numbers of different work, or of different machines. */
const mustAgree: readonly Aspect[] = [
  {
    code: 'different-runtime',
    what: 'runtime',
    of: ({ runtime }) => runtime,
    remedy: sameOption('--runtime'),
  },
  {
    code: 'different-scenario',
    what: 'scenario',
    of: ({ scenario }) => scenario.name,
    remedy: sameOption('--scenario'),
  },
  {
    code: 'different-mix',
    what: 'mix of operations',
    of: ({ scenario }) => Object.entries(scenario.mix).map(([name, share]) => `${name} ${share}`),
    remedy: 'The scenario changed between the runs; measure both with one version of it.',
  },
  {
    code: 'different-rate',
    what: 'rate (operations/s)',
    of: ({ design }) => rateOf(design)?.value ?? null,
    remedy: 'Measure both with the same --rate; "auto" finds another one each time.',
  },
  {
    code: 'different-sessions',
    what: 'number of sessions',
    of: ({ scenario }) => scenario.sessions,
    remedy: sameOption('--sessions'),
  },
  {
    code: 'different-payload',
    what: 'payload in bytes',
    of: ({ scenario }) => scenario.payloadBytes,
    remedy: sameOption('--payload'),
  },
  {
    code: 'different-popularity',
    what: 'Zipf exponent',
    of: ({ scenario }) => scenario.zipfExponent,
    remedy: 'The scenario changed between the runs; measure both with one version of it.',
  },
  {
    code: 'different-apps',
    what: 'number of app processes',
    of: ({ plan }) => plan.apps,
    remedy: sameOption('--apps'),
  },
  {
    code: 'different-connections',
    what: 'number of connections',
    of: ({ plan }) => plan.connections,
    remedy: 'Measure both with one version of session-bench.',
  },
  {
    code: 'different-placement',
    what: 'placement',
    of: ({ placement }) =>
      Object.entries(placement.cores).map(([tier, cores]) => `${tier} on ${cores.join(' ')}`),
    remedy: 'Measure both with as many cores.',
  },
  {
    code: 'different-processor',
    what: 'processor',
    of: ({ host }) => `${host.cpuModel}, ${host.arch}`,
    remedy: sameHost,
  },
  { code: 'different-cores', what: 'number of cores', of: ({ host }) => host.cores, remedy: sameHost },
  {
    code: 'different-virtualization',
    what: 'virtualization',
    of: ({ host }) => host.virtualization,
    remedy: sameHost,
  },
];

/** May well be without effect, or be the very thing in question. */
const mayDiffer: readonly Aspect[] = [
  {
    code: 'different-host-name',
    what: 'host name',
    of: ({ host }) => host.hostname,
    remedy: `It is another machine of the same make, or the same one renamed. ${sameHost}`,
  },
  {
    code: 'different-kernel',
    what: 'system',
    of: ({ host }) => `${host.os}, kernel ${host.kernel}`,
    remedy: sameHost,
  },
  {
    code: 'different-memory',
    what: 'memory in GiB',
    of: ({ host }) => Math.round(host.memoryBytes / 2 ** 30),
    remedy: sameHost,
  },
  {
    code: 'different-duration',
    what: 'measured seconds of a trial',
    of: ({ plan }) => plan.measureSeconds,
    remedy: sameOption('--duration'),
  },
  {
    code: 'different-warm-up',
    what: 'warm-up in seconds',
    of: ({ plan }) => plan.warmupSeconds,
    remedy: sameOption('--preset'),
  },
  {
    code: 'different-versions',
    what: 'balancer, Node.js and k6',
    of: ({ versions }) => versionsOf(versions),
    remedy: 'A difference may be theirs.',
  },
];

const versionsOf = (versions: RunRecord['versions']): string[] =>
  versions
    .map(({ product, version, nodes }) => `${product} ${version}${nodes > 1 ? ` ×${nodes}` : ''}`)
    .sort();

const shown = (value: ReturnType<Aspect['of']>): string =>
  Array.isArray(value) ? value.join(', ') : String(value ?? 'none');

/** The aspects in which two runs differ, each with both values. */
function differing(
  aspects: readonly Aspect[],
  a: RunRecord,
  b: RunRecord,
  severity: Finding['severity'],
): Finding[] {
  return aspects
    .filter(({ of }) => !isDeepStrictEqual(of(a), of(b)))
    .map(({ code, what, of, remedy }) => ({
      severity,
      code,
      message: `The runs differ in their ${what}: ${shown(of(a))} and ${shown(of(b))}.`,
      remedy,
    }));
}

function serverVersions(a: RunRecord, b: RunRecord): Finding[] {
  return a.strategies.flatMap(({ name, versions }): Finding[] => {
    const other = b.strategies.find((each) => each.name === name);
    if (!other || isDeepStrictEqual(versionsOf(versions), versionsOf(other.versions))) return [];
    return [
      {
        severity: 'warning',
        code: 'different-servers',
        message: `${name} ran on other servers: ${shown(versionsOf(versions))} and ${shown(versionsOf(other.versions))}.`,
        remedy: 'A difference may be theirs and not the code’s.',
      },
    ];
  });
}

/** A run that compares two sides has no one number for a strategy. */
function comparisons(...records: readonly RunRecord[]): Finding[] {
  return records.flatMap(({ runId, design }): Finding[] =>
    design.kind !== 'sides'
      ? []
      : [
          {
            severity: 'alarm',
            code: 'is-comparison',
            message: `Run ${runId} was made by "npm run ${design.command}" and holds two sides itself.`,
            remedy: `Judge it alone: npm run compare -- ${runId}`,
          },
        ],
  );
}

export function differencesBetween(a: RunRecord, b: RunRecord): Differences {
  return {
    refusals: [...comparisons(a, b), ...differing(mustAgree, a, b, 'alarm')],
    remarks: [...serverVersions(a, b), ...differing(mayDiffer, a, b, 'warning')],
  };
}
