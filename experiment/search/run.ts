/**
 * The design that searches for capacity: one trial of each strategy whose search goes on, in random order, round by round,
 * so that a slow minute of the machine meets all. What was found is on the disk after every trial.
 */

import { messageOf } from '../../infra/machine/errors.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { counted } from '../../record/counted.ts';
import {
  CAPACITY_VERSION,
  type CapacityRecord,
  type CapacityStep,
  type PromiseOutcome,
} from '../../record/search.ts';
import type { TrialRecord } from '../../record/trial.ts';
import type { Tools } from '../blocks.ts';
import { designRecord } from '../design-record.ts';
import { logsIn } from '../load.ts';
import type { Plan, SearchDesign } from '../plan.ts';
import { shuffledOrders } from '../random.ts';
import { roundDown } from '../rate.ts';
import { capacityAnswer } from './answer.ts';
import { readLatencies } from './latencies.ts';
import type { SearchOptions, SearchPhase, SearchStep } from './outcome.ts';
import { outcomeOf } from './promise.ts';
import { nextStep } from './search.ts';

/** Share of the throughput in a burst that is tried first: it is mostly kept, and its double mostly is not. */
const SHARE_OF_BURST = 0.5;
/** First rate to try where the burst failed. */
const BLIND_START = 500;

/** Searches until every strategy has its answer or the run is interrupted. */
export async function runSearch(
  plan: Plan<SearchDesign>,
  running: readonly Strategy[],
  tools: Tools,
): Promise<void> {
  const { journal, context } = tools;
  const { record } = journal;
  const searches: Search[] = [];
  for (const strategy of running) {
    if (context.signal.aborted) return;
    searches.push(await begin(plan.design, strategy, tools));
  }
  record.plan.order = [];
  for (let round = 1; !context.signal.aborted; round += 1) {
    const going = searches.filter(({ next }) => next.kind === 'try');
    if (going.length === 0) break;
    const [order = []] = shuffledOrders(going, 1, plan.seed + round);
    const names: string[] = [];
    record.design = designRecord(plan.design, { rate: null, rounds: round });
    record.plan.order.push(names);
    for (const search of order) {
      if (context.signal.aborted) break;
      names.push(search.strategy.name);
      await journal.write();
      await takeStep(plan, search, searches, round, tools);
      await context.results.writeCapacity(capacityRecord(plan.design, searches));
    }
  }
  for (const { strategy, options, history } of searches) {
    const { trials, ended } = capacityAnswer(options, history);
    context.progress.say(`${strategy.name}: ${counted(trials, 'trial')}, ${endings[ended]}`);
  }
}

const endings = {
  answered: 'the search has its answer',
  'out-of-trials': 'all that it may have',
  disturbed: 'the last of them were disturbed, so the search was given up',
  stopped: 'and stopped before its end',
} as const;

interface Search {
  readonly strategy: Strategy;
  readonly options: SearchOptions;
  /** How the first rate came about. */
  readonly startedFrom: string;
  readonly history: CapacityStep[];
  next: SearchStep;
}

/** Finds the first rate to try: half of what a burst gave, which is no capacity. */
async function begin(
  { lowest, highest, maxTrials, precision, confidence }: SearchDesign,
  strategy: Strategy,
  { trials, context }: Tools,
): Promise<Search> {
  const burst = await trials.burst(strategy, 'Its search began at a rate that knows nothing of it.');
  const wanted = burst.status === 'answered' ? roundDown(burst.rate * SHARE_OF_BURST) : BLIND_START;
  const start = Math.min(highest, Math.max(lowest, wanted));
  const options = { start, lowest, highest, maxTrials, precision, confidence };
  const startedFrom =
    burst.status === 'answered'
      ? `half of ${Math.round(burst.rate)}/s, which a closed loop gave`
      : whyBlind(context.signal);
  return { strategy, options, startedFrom, history: [], next: nextStep(options, []) };
}

const whyBlind = ({ aborted }: AbortSignal): string =>
  aborted ? 'the run was interrupted' : 'its burst failed';

/** Measures the next rate of a search. */
async function takeStep(
  plan: Plan<SearchDesign>,
  search: Search,
  searches: readonly Search[],
  round: number,
  { trials, context }: Tools,
): Promise<void> {
  const { strategy, options, history, next } = search;
  if (next.kind === 'done') return;
  const { rate, phase } = next;
  const attempt = `trial ${history.length + 1} of at most ${options.maxTrials}`;
  const { number, promise } = await trials.measure({
    strategy,
    block: round,
    rate,
    measureSeconds: plan.measureSeconds,
    overtimeSeconds: plan.design.overtimeSeconds,
    population: logsIn,
    announce: () => ({
      title: `${strategy.name}, ${attempt}, ${phases[phase]}`,
      trials: searches.length * options.maxTrials,
      secondsLeft: secondsLeft(plan, searches, trials),
    }),
    judge: (record, folder) => judge(plan, record, folder, context.placement),
  });
  history.push({ trial: number, rate, phase, ...promise });
  search.next = nextStep(
    options,
    history.map(({ outcome, rate: tried }) => ({ kind: outcome, rate: tried })),
  );
}

const phases: Readonly<Record<SearchPhase, string>> = {
  bracket: 'looking for the edge',
  bisect: 'closing in on the edge',
  confirm: 'making sure of the edge',
};

async function judge(
  { design, measureSeconds }: Plan<SearchDesign>,
  record: TrialRecord,
  folder: string,
  placement: Tools['context']['placement'],
): Promise<PromiseOutcome> {
  try {
    const latencies = await readLatencies(folder);
    return outcomeOf(design.slo, { record, latencies, plannedSeconds: measureSeconds, placement });
  } catch (error) {
    const reasons = record.reasons.map(({ message }) => message);
    const unread = `its latencies cannot be read: ${messageOf(error)}`;
    return { outcome: 'invalid', why: reasons.length > 0 ? reasons : [unread] };
  }
}

function secondsLeft(
  { design: { usualTrials } }: Plan<SearchDesign>,
  searches: readonly Search[],
  trials: Tools['trials'],
): number {
  const left = ({ history }: Search): number => Math.max(1, usualTrials - history.length);
  return searches
    .filter(({ next }) => next.kind === 'try')
    .reduce((sum, search) => sum + left(search) * trials.secondsOf([search.strategy]), 0);
}

function capacityRecord(design: SearchDesign, searches: readonly Search[]): CapacityRecord {
  const { slo, lowest, highest, maxTrials, precision, confidence } = design;
  return {
    schemaVersion: CAPACITY_VERSION,
    promise: slo,
    search: { lowest, highest, maxTrials, precision, confidence },
    strategies: searches.map(({ strategy, options, startedFrom, history }) => ({
      name: strategy.name,
      start: options.start,
      startedFrom,
      history: [...history],
      answer: capacityAnswer(options, history),
    })),
  };
}
