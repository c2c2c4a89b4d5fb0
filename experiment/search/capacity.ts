/**
 * Drives the searches for capacity: one trial of each strategy whose search goes on, in random order, round by round, so
 * that a slow minute of the machine meets all. What was found is on disk after every trial.
 */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import type { CapacityRecord, CapacityStep, PromiseOutcome } from '../../record/search.ts';
import type { TrialRecord } from '../../record/trial.ts';
import type { Driver } from '../drive.ts';
import type { Fleet, Start } from '../fleet.ts';
import type { RunJournal } from '../journal.ts';
import { trialSeconds } from '../plan.ts';
import { shuffledOrders } from '../random.ts';
import { roundDown } from '../rate.ts';
import type { Experiment } from '../run.ts';
import { runTrial } from '../trial.ts';
import { capacityAnswer } from './answer.ts';
import type { SearchOptions, SearchPhase, SearchStep } from './outcome.ts';
import { type CapacityPlan, promiseOf } from './plan.ts';
import { outcomeOf, readLatencies } from './promise.ts';
import { nextStep } from './search.ts';

/** Share of the throughput of a closed loop that is tried first: it is mostly kept, and its double mostly is not. */
const SHARE_OF_BURST = 0.5;
/** First rate to try where a strategy could not be sized up. */
const BLIND_START = 500;

interface Search {
  readonly strategy: Strategy;
  readonly options: SearchOptions;
  readonly startedFrom: string;
  readonly history: CapacityStep[];
}

interface TrialNumbers {
  readonly number: number;
  readonly block: number;
  readonly rate: number;
}

export interface CapacityParts {
  readonly journal: RunJournal;
  readonly fleet: Fleet;
  readonly driver: Driver;
  readonly strategies: readonly Strategy[];
  /** The record of a trial whose deployment did not start. */
  failedTrial(numbers: TrialNumbers, start: Extract<Start, { status: 'failed' }>): TrialRecord;
}

/**
 * Searches until every strategy has its answer or the run is interrupted.
 * @throws ResultsError when results cannot be written
 */
export async function searchCapacities(
  experiment: Experiment,
  capacity: CapacityPlan,
  parts: CapacityParts,
): Promise<void> {
  const { plan, results, progress, signal } = experiment;
  const { record } = parts.journal;
  const searches: Search[] = [];
  for (const strategy of parts.strategies) {
    if (signal.aborted) return;
    searches.push(await begin(experiment, capacity, parts, strategy));
  }
  record.plan.order = [];
  let number = 0;
  for (let round = 1; !signal.aborted; round += 1) {
    const going = searches.filter((search) => stepOf(search).kind === 'try');
    if (going.length === 0) break;
    const [order = []] = shuffledOrders(going, 1, plan.seed + round);
    if (record.design.kind === 'search') record.design.rounds = round;
    const names: string[] = [];
    record.plan.order.push(names);
    for (const search of order) {
      const step = stepOf(search);
      if (signal.aborted || step.kind === 'done') break;
      number += 1;
      names.push(search.strategy.name);
      await results.writeRun(record);
      const outcome = await measure(experiment, capacity, parts, search, {
        ...{ number, block: round, rate: step.rate, phase: step.phase },
        secondsLeft: secondsLeft(experiment, capacity, searches),
      });
      search.history.push({ trial: number, rate: step.rate, phase: step.phase, ...outcome });
      await results.writeCapacity(capacityRecord(capacity, searches));
    }
  }
  for (const { strategy, options, history } of searches) {
    const { trials, ended } = capacityAnswer(options, history);
    progress.say(`${strategy.name}: ${trials} trials, ${endings[ended]}`);
  }
}

const endings = {
  answered: 'the search has its answer',
  'out-of-trials': 'all that it may have',
  disturbed: 'the last of them were disturbed, so the search was given up',
  stopped: 'and stopped before its end',
} as const;

function stepOf({ options, history }: Search): SearchStep {
  return nextStep(
    options,
    history.map(({ outcome, rate }) => ({ kind: outcome, rate })),
  );
}

/** Finds the first rate to try: half of what a closed loop gives, which is a burst and no capacity. */
async function begin(
  { signal }: Experiment,
  { lowest, highest, maxTrials, precision, confidence }: CapacityPlan,
  { journal, driver }: CapacityParts,
  strategy: Strategy,
): Promise<Search> {
  const search = (start: number, startedFrom: string): Search => ({
    ...{ strategy, startedFrom, history: [] },
    options: {
      start: Math.min(highest, Math.max(lowest, start)),
      ...{ lowest, highest, maxTrials, precision, confidence },
    },
  });
  const began = performance.now();
  const burst = await driver.sizeUp(strategy, 'Its search began at a rate that knows nothing of it.');
  journal.spent('size up', performance.now() - began);
  if (burst !== null)
    return search(
      roundDown(burst * SHARE_OF_BURST),
      `half of ${Math.round(burst)}/s, which a closed loop gave`,
    );
  return search(BLIND_START, signal.aborted ? 'the run was interrupted' : 'it could not be sized up');
}

async function measure(
  experiment: Experiment,
  capacity: CapacityPlan,
  { journal, fleet, strategies, failedTrial }: CapacityParts,
  { strategy, history, options }: Search,
  now: TrialNumbers & { readonly phase: SearchPhase; readonly secondsLeft: number },
): Promise<PromiseOutcome> {
  const { plan, runtime, placement, results, progress, signal } = experiment;
  progress.trialStarted({
    ...now,
    ...{ strategy: strategy.name, blocks: options.maxTrials, trials: strategies.length * options.maxTrials },
    title: `${strategy.name}, trial ${history.length + 1} of at most ${options.maxTrials}, ${phases[now.phase]}`,
  });
  const folder = await results.trialFolder(now.number, strategy.name);
  const start = await fleet.sound(strategy);
  const record =
    start.status === 'started'
      ? await runTrial(runtime, start.deployment, {
          ...{ plan, number: now.number, block: now.block, rate: now.rate, placement, folder, signal },
          onSecond: (event) => progress.second(event),
        })
      : failedTrial(now, start);
  record.promise = await judge(experiment, capacity, record, folder);
  await results.writeTrial(folder, record);
  for (const [step, milliseconds] of Object.entries(record.timings)) journal.spent(step, milliseconds);
  journal.strategyMeasured(strategy.name);
  progress.trialEnded(record);
  return record.promise;
}

const phases: Readonly<Record<SearchPhase, string>> = {
  bracket: 'looking for the edge',
  bisect: 'closing in on the edge',
  confirm: 'making sure of the edge',
};

async function judge(
  { plan, placement }: Experiment,
  { slo }: CapacityPlan,
  record: TrialRecord,
  folder: string,
): Promise<PromiseOutcome> {
  try {
    const latencies = await readLatencies(folder);
    return outcomeOf(slo, { record, latencies, plannedSeconds: plan.measureSeconds, placement });
  } catch (error) {
    const reasons = record.reasons.map(({ message }) => message);
    const unread = `its latencies cannot be read: ${error instanceof Error ? error.message : error}`;
    return { outcome: 'invalid', why: reasons.length > 0 ? reasons : [unread] };
  }
}

function secondsLeft(
  { plan }: Experiment,
  { usualTrials }: CapacityPlan,
  searches: readonly Search[],
): number {
  const trials = searches.reduce(
    (sum, search) =>
      sum + (stepOf(search).kind === 'done' ? 0 : Math.max(1, usualTrials - search.history.length)),
    0,
  );
  return trials * trialSeconds(plan);
}

function capacityRecord(capacity: CapacityPlan, searches: readonly Search[]): CapacityRecord {
  const { slo, lowest, highest, maxTrials, precision, confidence } = capacity;
  return {
    schemaVersion: 1,
    promise: promiseOf(slo),
    search: { lowest, highest, maxTrials, precision, confidence },
    strategies: searches.map(({ strategy, options, startedFrom, history }) => ({
      ...{ name: strategy.name, start: options.start, startedFrom },
      history: [...history],
      answer: capacityAnswer(options, history),
    })),
  };
}
