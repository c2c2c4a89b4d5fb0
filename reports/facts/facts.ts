/** What a run comes to in figures, before anything is said of it. */
import type { BlocksDesign, FootprintDesign, SearchDesign, SidesDesign } from '../../record/design.ts';
import type { DistanceDesign } from '../../record/distance.ts';
import type { FaultsDesign } from '../../record/faults.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { validTrialsOf } from '../../record/read/trials.ts';
import type { Prediction } from '../../record/scaling.ts';
import {
  type Diagnostic,
  type FootprintSummary,
  type Ranking,
  type StrategySummary,
  SUMMARY_VERSION,
  type Summary,
  type SummaryDesign,
} from '../../record/summary.ts';
import { compareStrategies } from './comparisons.ts';
import { diagnose } from './diagnoses.ts';
import { atLeastDistance, type DistanceSummary, distanceSummary } from './distance.ts';
import { byHarm, type FaultsSummary, faultsSummary } from './faults.ts';
import { footprintOf } from './footprints.ts';
import { inReadingOrder } from './order.ts';
import { predicted } from './predictions.ts';
import {
  atHighestKept,
  atLowestKept,
  atSoundRate,
  byCapacity,
  capacityOf,
  type SearchSummary,
  searchSummary,
} from './searches.ts';
import { summariseStrategies } from './strategies.ts';
import { summariseTrial } from './trials.ts';
import { Verdicts } from './verdicts.ts';

/** Everything of a summary but its words, with the run that it is of. */
export interface Facts<Design extends SummaryDesign = SummaryDesign> {
  readonly run: ReadRun;
  readonly status: Summary['status'];
  readonly design: Design;
  /** In the order of the run. */
  readonly strategies: readonly StrategySummary[];
  /** The same in the order that every output lists them. */
  readonly inOrder: readonly StrategySummary[];
  readonly trials: Summary['trials'];
  /** Empty in a search, whose trials are at many rates, and in runs of distances or faults, which compare no strategies. */
  readonly verdicts: Verdicts;
  readonly rankings: readonly Ranking[];
  readonly diagnostics: readonly Diagnostic[];
  /** Empty but in a run that weighed sessions. */
  readonly footprint: readonly FootprintSummary[];
  /** Of runs that compare strategies at one rate, or search for capacity; else empty. */
  readonly predictions: readonly Prediction[];
}

export type BlockFacts = Facts<BlocksDesign | SidesDesign>;
export type SearchFacts = Facts<SearchSummary>;
export type FootprintFacts = Facts<FootprintDesign>;
export type FaultFacts = Facts<FaultsSummary>;
export type DistanceFacts = Facts<DistanceSummary>;

const all = <Trials>(trials: Trials): Trials => trials;

export function blockFacts(run: ReadRun, design: BlocksDesign | SidesDesign): BlockFacts {
  const strategies = summariseStrategies(run, { numbers: all, answers: all, dropped: 'failure' });
  const { comparisons, rankings } = compareStrategies(run, strategies);
  return {
    ...shared(run),
    design,
    strategies,
    inOrder: inReadingOrder(strategies),
    verdicts: new Verdicts(comparisons),
    rankings,
    diagnostics: diagnose(run, strategies),
    footprint: [],
    predictions:
      design.kind === 'blocks'
        ? strategies.flatMap(({ name, status }) =>
            status === 'valid'
              ? predicted({ run, strategy: name, from: validTrialsOf(run.trials, name), capacity: null })
              : [],
          )
        : [],
  };
}

export function searchFacts(run: ReadRun, searched: SearchDesign): SearchFacts {
  const design = searchSummary(searched, run);
  const strategies = summariseStrategies(run, {
    numbers: atHighestKept,
    answers: atSoundRate,
    dropped: 'overload',
  });
  return {
    ...shared(run),
    design,
    strategies,
    inOrder: inReadingOrder(strategies, byCapacity(design)),
    ...notCompared(),
    footprint: [],
    predictions: strategies.flatMap(({ name, status }) =>
      status === 'valid'
        ? predicted({
            run,
            strategy: name,
            from: atLowestKept(validTrialsOf(run.trials, name)),
            capacity: capacityOf(design, name),
          })
        : [],
    ),
  };
}

/** Trials are among different numbers of sessions: together they would say nothing of a strategy. */
export function footprintFacts(run: ReadRun, design: FootprintDesign): FootprintFacts {
  const strategies = summariseStrategies(run, { numbers: none, answers: all, dropped: 'failure' });
  const own = shared(run);
  return {
    ...own,
    design,
    strategies,
    inOrder: inReadingOrder(strategies),
    ...notCompared(),
    footprint: footprintOf(run, own.trials),
    predictions: [],
  };
}

const none = <Trials>(_trials: readonly Trials[]): readonly Trials[] => [];

/** Faults make every trial another one: there is no number of a strategy over all of them. */
export function faultFacts(run: ReadRun, planned: FaultsDesign): FaultFacts {
  const design = faultsSummary(planned, run);
  const strategies = summariseStrategies(run, { numbers: none, answers: none, dropped: 'overload' }, design);
  return {
    ...shared(run),
    design,
    strategies,
    inOrder: inReadingOrder(strategies, byHarm(design)),
    ...notCompared(),
    footprint: [],
    predictions: [],
  };
}

export function distanceFacts(run: ReadRun, measured: DistanceDesign): DistanceFacts {
  const strategies = summariseStrategies(run, {
    numbers: atLeastDistance(measured),
    answers: all,
    dropped: 'failure',
  });
  return {
    ...shared(run),
    design: distanceSummary(measured, run, strategies),
    strategies,
    inOrder: inReadingOrder(strategies),
    ...notCompared(),
    footprint: [],
    predictions: [],
  };
}

/** Of runs whose trials are no blocks of strategies. */
const notCompared = (): Pick<Facts, 'verdicts' | 'rankings' | 'diagnostics'> => ({
  verdicts: new Verdicts([]),
  rankings: [],
  diagnostics: [],
});

const shared = (run: ReadRun): Pick<Facts, 'run' | 'status' | 'trials'> => ({
  run,
  status: run.record.status === 'running' ? 'interrupted' : run.record.status,
  trials: run.trials.map(summariseTrial),
});

export const titleOf = ({ strategies }: Pick<Facts, 'strategies'>, name: string): string =>
  strategies.find((strategy) => strategy.name === name)?.title ?? name;

/** `summary.json`: the facts, and what is said of them. */
export function summaryOf(facts: Facts, said: Pick<Summary, 'answer' | 'details' | 'findings'>): Summary {
  const { record } = facts.run;
  const { order: _order, ...plan } = record.plan;
  return {
    schemaVersion: SUMMARY_VERSION,
    runId: record.runId,
    status: facts.status,
    runtime: record.runtime,
    scenario: record.scenario.name,
    preset: record.preset,
    seed: record.seed,
    startedAt: record.startedAt,
    design: facts.design,
    plan,
    host: record.host,
    placement: record.placement,
    versions: record.versions,
    ...said,
    strategies: [...facts.strategies],
    trials: facts.trials,
    comparisons: [...facts.verdicts.all],
    rankings: [...facts.rankings],
    diagnostics: [...facts.diagnostics],
    footprint: [...facts.footprint],
    predictions: [...facts.predictions],
  };
}
