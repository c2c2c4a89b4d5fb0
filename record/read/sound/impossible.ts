/** What no trial can hold, whatever became of it: counts and figures of its record, held against each other. */
import { operationNames, servingTiers, sumOf } from '../../common.ts';
import { type OperationCounts, rightAnswersTo } from '../../failure.ts';
import { decodeHistogram } from '../../histogram.ts';
import type { PageCounts, Pages } from '../../pages.ts';
import { givenUp } from '../../request-counts.ts';
import type { TrialRecord } from '../../trial.ts';

/** A field, and what it holds. */
export interface Value {
  readonly field: string;
  readonly value: number | null;
}

const inWords = ({ field, value }: Value): string => `${field} ${value}`;

/** Operations that have more failures than requests. */
export const impossibleCounts = (operations: OperationCounts, at = 'operations'): string[] =>
  operationNames.flatMap((name) => {
    const found = operations[name];
    if (!found) return [];
    const [errors, violations] = [sumOf(found.errors), sumOf(found.violations)];
    if (errors + violations <= found.count) return [];
    return [
      `${at}.${name}.count ${found.count} is less than its errors ${errors} and violations ${violations}`,
    ];
  });

/** Every contradiction in a record, as a sentence without full stop that names the fields; empty where it can be true. */
export const impossibleIn = (record: TrialRecord): string[] => [
  ...impossibleCounts(record.operations),
  ...impossibleCounts(record.before ?? {}, 'before'),
  ...sumsDiffer(record),
  ...outOfOrder(record),
  ...outOfRange(record),
  ...(record.pages ? untimed(record.pages) : []),
];

/** Operations of which each right answer is one to an arrival: a login may repair a lost session, and a probe is the harness' own. */
const arrivalsOnly = ['read', 'write', 'logout'] as const;

function sumsDiffer({ operations, before, requests, pacing, pages }: TrialRecord): string[] {
  const sent = sumOf(
    Object.fromEntries(Object.entries(operations).map(([name, { count }]) => [name, count])),
  );
  const due = pacing.arrivals - pacing.dropped;
  const rightAnswers = arrivalsOnly.reduce((sum, name) => sum + rightAnswersTo(name, [operations]), 0);
  // Reads that follow pages are the harness' own, as probes are.
  const right = rightAnswers - (pages?.settling ?? 0);
  const failed = Object.values(operations).reduce((sum, { errors }) => sum + sumOf(errors), 0);
  return [
    ...(sent === requests.generator
      ? []
      : [`requests.generator ${requests.generator} is not the sum of operations, ${sent}`]),
    // Logins that repair a lost session are requests and no arrivals.
    ...(pacing.answered !== null && pacing.answered < right
      ? [`pacing.answered ${pacing.answered} is less than the ${right} right answers of operations`]
      : []),
    ...((requests.byBalancer ?? 0) > failed + givenUp(Object.values(before ?? {}))
      ? [`requests.byBalancer ${requests.byBalancer} is more than the ${failed} errors of operations`]
      : []),
    ...(due > sent - (operations.probe?.count ?? 0)
      ? [
          `pacing.arrivals ${pacing.arrivals} is more than the ${sent} requests of operations and pacing.dropped`,
        ]
      : []),
  ];
}

/** What is never more than the next. */
function ascending({ requests, pacing, pages }: TrialRecord): (readonly Value[])[] {
  const of = (name: keyof typeof pacing): Value => ({ field: `pacing.${name}`, value: pacing[name] });
  const ofPages = (name: keyof PageCounts): Value => ({
    field: `pages.${name}`,
    value: pages?.[name] ?? null,
  });
  return [
    [of('dropped'), of('arrivals')],
    [of('answered'), of('arrivals')],
    [of('waited'), of('arrivals')],
    [of('lagP50Micros'), of('lagP99Micros'), of('lagMaxMicros')],
    [of('waitP99Micros'), of('waitMaxMicros')],
    [of('lastWaitMicros'), of('waitMaxMicros')],
    [ofPages('failed'), ofPages('count')],
    [ofPages('clear'), ofPages('count')],
    [ofPages('takenVersions'), ofPages('lostUpdates'), ofPages('writes')],
    [ofPages('undoneLogouts'), ofPages('logouts')],
    [ofPages('survivedLogins'), ofPages('logins')],
    [
      { field: 'requests.byBalancer', value: requests.byBalancer },
      { field: 'requests.balancer', value: requests.balancer },
    ],
  ];
}

const outOfOrder = (record: TrialRecord): string[] =>
  ascending(record).flatMap((values) =>
    values.slice(1).flatMap((larger, at) => {
      const smaller = values[at];
      if (!smaller || smaller.value === null || larger.value === null || smaller.value <= larger.value)
        return [];
      return [`${inWords(smaller)} is more than ${inWords(larger)}`];
    }),
  );

function outOfRange({ offeredRate, measuredSeconds, requests, pacing, ...record }: TrialRecord): string[] {
  const waits = ['waitP99Micros', 'waitMaxMicros', 'lastWaitMicros', 'lagP50Micros'] as const;
  const shares = ['stealShare', 'foreignShare'] as const;
  return [
    ...(offeredRate > 0 ? [] : [`offeredRate ${offeredRate} is no rate`]),
    ...(requests.generator > 0 && measuredSeconds === 0
      ? [`measuredSeconds 0 had no time for requests.generator ${requests.generator}`]
      : []),
    ...waits.flatMap((name) =>
      (pacing[name] ?? 0) < 0 ? [`pacing.${name} ${pacing[name]} is less than nothing`] : [],
    ),
    ...shares.flatMap((name) =>
      (record[name] ?? 0) > 1 ? [`${name} ${record[name]} is more than the whole machine`] : [],
    ),
  ];
}

/**
 * Tiers that served and cost nothing, of a trial that is said to be valid: what a meter does not see is unknown and not 0.
 * @param ownServers whether the strategy has server processes of its own
 */
export function servedForNothing({ requests, usage }: TrialRecord, ownServers: boolean): string[] {
  const working = (['generator', ...servingTiers] as const).filter((tier) => tier !== 'store' || ownServers);
  if (requests.generator === 0) return [];
  return working.flatMap((tier) =>
    (['cpuMicros', 'memoryBytes'] as const)
      .filter((figure) => usage[tier]?.[figure] === 0)
      .map(
        (figure) => `usage.${tier}.${figure} is 0, and it served requests.generator ${requests.generator}`,
      ),
  );
}

/** Pages whose latencies are damaged, or are those of others: there is one for each page that did not fail. */
function untimed({ count, failed, intended }: Pages): string[] {
  try {
    const { total } = decodeHistogram(intended);
    return total === count - failed
      ? []
      : [`pages.intended has ${total} values, and pages.count ${count} less pages.failed ${failed} are due`];
  } catch {
    return ['pages.intended is no histogram'];
  }
}
