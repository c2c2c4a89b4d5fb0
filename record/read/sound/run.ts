/** A run's record held against itself, and its trials against it. */
import { tiers } from '../../common.ts';
import { counted } from '../../counted.ts';
import { blocksIn, type Design, hasBlocks, rateIn } from '../../design.ts';
import type { RunRecord } from '../../run.ts';
import { plannedSecondsOf, type TrialRecord } from '../../trial.ts';

/** Every contradiction in `run.json`, as a sentence without full stop; empty where it can be true. */
export function contradictionsIn({ design, plan, strategies }: RunRecord): string[] {
  const names = strategies.map(({ name }) => name);
  const paired =
    design.kind === 'sides' ? design.pairs.flatMap((pair) => [pair.baseline, pair.candidate]) : [];
  const rate = rateIn(design);
  return [
    ...twice(names).map((name) => `strategies names ${name} twice`),
    ...plan.order.flatMap((block, at) =>
      twice(block).map((name) => `plan.order measures ${name} twice in block ${at + 1}`),
    ),
    ...strangers(plan.order.flat(), names).map(
      (name) => `plan.order names ${name}, which strategies does not`,
    ),
    ...strangers(paired, names).map((name) => `design.pairs names ${name}, which strategies does not`),
    ...(rate !== null && rate <= 0 ? [`design.rate.value ${rate} is no rate`] : []),
    ...(plan.measureSeconds <= 0 ? [`plan.measureSeconds ${plan.measureSeconds} is no time`] : []),
    ...(hasBlocks(design) && plan.order.length > blocksIn(design)
      ? [
          `plan.order has ${counted(plan.order.length, 'block')}, and ${blocksField(design)} ${blocksIn(design)}`,
        ]
      : []),
    ...strangers(namedOnPaper(design), names).map(
      (name) => `design.roundTrips names ${name}, which strategies does not`,
    ),
  ];
}

/** Every field of a trial's record that the run's record does not allow, as a sentence without full stop. */
export function againstRun(record: TrialRecord, run: RunRecord): string[] {
  const { strategy, block, offeredRate } = record;
  const { design, strategies } = run;
  const known = strategies.some(({ name }) => name === strategy);
  const rate = rateIn(design);
  const blocks = blocksIn(design);
  return [
    ...(known ? [] : [`run.json knows no strategy ${strategy}`]),
    ...(block > blocks
      ? [`block is ${block}, and the design of run.json has ${counted(blocks, 'block')}`]
      : []),
    ...(rate !== null && rate !== offeredRate
      ? [`offeredRate is ${offeredRate}, and design.rate.value of run.json is ${rate}`]
      : []),
    ...faultApart(record, run),
    ...rateApart(record, run),
    ...moreThanTheMachine(record, run),
  ];
}

/** A trial has a fault where the run is one of faults, and it is the one of its block; one that did not begin has none. */
function faultApart({ block, fault, status }: TrialRecord, { design }: RunRecord): string[] {
  if (fault === null && status === 'invalid') return [];
  const planned = design.kind === 'faults' ? (design.faults[block - 1]?.name ?? null) : null;
  const own = fault?.name ?? null;
  return planned === own
    ? []
    : [`fault.name is ${own}, and block ${block} of run.json has ${planned ?? 'none'}`];
}

/** Rounding aside. */
const toleratedShare = 0.01;

/** Its arrivals and answers make the rate of a trial, over the time that it took to send them. */
function rateApart(record: TrialRecord, run: RunRecord): string[] {
  const { offeredRate, achievedRate, pacing } = record;
  const { arrivals, answered, lastWaitMicros } = pacing;
  if (arrivals === 0 || answered === null) return [];
  const stretch = 1 + (lastWaitMicros ?? 0) / 1e6 / plannedSecondsOf(record, run);
  const expected = (offeredRate * answered) / arrivals / stretch;
  if (Math.abs(achievedRate - expected) <= expected * toleratedShare) return [];
  return [
    `achievedRate is ${achievedRate}, and pacing makes it ${Math.round(expected)}: ${answered} of ${counted(arrivals, 'arrival')} answered`,
  ];
}

/** The meters read a little longer than the phase: until all requests are answered and all tiers were asked. */
const meteredSeconds = (measuredSeconds: number): number => 2 * measuredSeconds + 10;

function moreThanTheMachine({ usage, measuredSeconds }: TrialRecord, { host }: RunRecord): string[] {
  const most = host.cores * meteredSeconds(measuredSeconds) * 1e6;
  return tiers.flatMap((tier) => {
    const used = usage[tier];
    return [
      ...(used && used.cpuMicros > most
        ? [
            `usage.${tier}.cpuMicros ${used.cpuMicros} is more than ${counted(host.cores, 'core')} had in the trial`,
          ]
        : []),
      ...(used && (used.memoryBytes ?? 0) > host.memoryBytes
        ? [`usage.${tier}.memoryBytes ${used.memoryBytes} is more than host.memoryBytes of run.json`]
        : []),
    ];
  });
}

/** Where the record says how many blocks there are. */
function blocksField({ kind }: Design): string {
  switch (kind) {
    case 'distance':
      return 'design.addedMs has';
    case 'faults':
      return 'design.faults has';
    default:
      return 'design.blocks is';
  }
}

const namedOnPaper = (design: Design): readonly string[] =>
  design.kind === 'distance' ? Object.keys(design.roundTrips) : [];

const twice = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, at) => names.indexOf(name) !== at)),
];

const strangers = (named: readonly string[], known: readonly string[]): string[] => [
  ...new Set(named.filter((name) => !known.includes(name))),
];
