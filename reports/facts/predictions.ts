/**
 * The highest rate as CPU time predicts it, beside what was measured, and the cores that rates need. The model is a line:
 * what an operation costs does not change with the rate, with the number of apps or with that of cores.
 */
import { basisFor, mostTimes } from '../../advice/evidence/basis.ts';
import { structureOf } from '../../advice/evidence/on-paper.ts';
import { usualWishes } from '../../advice/wishes/usual.ts';
import type { Tier } from '../../record/common.ts';
import { appsOf } from '../../record/deployed-as.ts';
import type { OnPaper } from '../../record/on-paper.ts';
import type { ReadRun } from '../../record/read/run.ts';
import type { ValidTrial } from '../../record/read/trials.ts';
import type { CoresNeeded, Prediction, Saturation } from '../../record/scaling.ts';
import type { CapacityAnswer } from '../../record/search.ts';
import { mean } from '../statistics/order.ts';
import { balanceOf } from './balance.ts';
import { type Costs, firstLimit } from './core-limits.ts';

/** Operations per second of which it is told what they need. */
const toldRates = [1_000, 5_000, 20_000] as const;

export interface PredictedFrom {
  readonly run: ReadRun;
  readonly strategy: string;
  /** Trials at one rate. */
  readonly from: readonly ValidTrial[];
  /** Null where nobody searched for it. */
  readonly capacity: CapacityAnswer | null;
}

/** Nothing where the CPU time of a tier, or how evenly the apps were loaded, is not known: it would be a guess. */
export function predicted({ run: { record }, strategy, from, capacity }: PredictedFrom): Prediction[] {
  const rate = mean(from.map(({ record: { offeredRate } }) => offeredRate));
  const planned = record.strategies.find(({ name }) => name === strategy);
  const onPaper = planned?.onPaper ?? null;
  const cpuMicros = cpuOf(onPaper, from);
  const balance = balanceOf(from);
  if (rate === null || cpuMicros === null || balance === null) return [];
  const { busiestOverMean } = balance;
  const { utilisation } = usualWishes;
  const tested = Math.max(rate, capacity?.rate ?? 0, capacity?.low ?? 0);
  const costs: Costs = {
    onPaper,
    cpuMicros,
    busiestOverMean,
    apps: appsOf(record, strategy),
    cores: record.placement.cores,
    budgets: planned?.budgets ?? [],
  };
  const saturation = saturationOf(costs, utilisation, tested);
  return [
    {
      ...{ strategy, from: rate, trials: from.length, cpuMicros, busiestOverMean, utilisation, saturation },
      ...heldAgainst(saturation, capacity),
      needs: toldRates.map((wanted) => needsOf(wanted, { ...costs, utilisation, tested })),
    },
  ];
}

/** Null where it is more than four times what was tested. */
function saturationOf(costs: Costs, utilisation: number, tested: number): Saturation | null {
  const first = firstLimit(costs);
  const basis = first && basisOf(first.rate, tested);
  if (first === null || basis === null || basis === 'none') return null;
  return { ...first, basis, atUtilisation: first.rate * utilisation };
}

/** Only a capacity that is the strategy's own says how good the prediction is. */
function heldAgainst(
  saturation: Saturation | null,
  capacity: CapacityAnswer | null,
): Pick<Prediction, 'measured' | 'error' | 'errorInterval'> {
  const measured = capacity?.limit === 'strategy' ? capacity.rate : null;
  if (!measured || saturation === null) return { measured, error: null, errorInterval: null };
  const { rate } = saturation;
  const { low = null, high = null } = capacity ?? {};
  return {
    measured,
    error: rate / measured - 1,
    errorInterval: low && high ? { low: rate / high - 1, high: rate / low - 1 } : null,
  };
}

/** Of every operation, as rates count them: the reads after logouts are part of what an operation costs. Null where not all is known. */
function cpuOf(onPaper: OnPaper | null, trials: readonly ValidTrial[]): Prediction['cpuMicros'] | null {
  const generator = meanCost(trials, 'generator');
  const balancer = meanCost(trials, 'balancer');
  const app = meanCost(trials, 'app');
  const store = structureOf({ onPaper }).spread.kind === 'apps' ? 0 : meanCost(trials, 'store');
  if (generator === null || balancer === null || app === null || store === null) return null;
  return { generator, balancer, app, store };
}

function meanCost(trials: readonly ValidTrial[], tier: Tier): number | null {
  const costs = trials.flatMap(({ record: { usage, pacing } }) => {
    const micros = usage[tier]?.cpuMicros;
    const operations = pacing.answered ?? pacing.arrivals;
    return micros === undefined || operations === 0 ? [] : [micros / operations];
  });
  return mean(costs);
}

interface Cost extends Pick<Prediction, 'cpuMicros' | 'busiestOverMean' | 'utilisation'> {
  /** The highest rate at which the strategy was seen to answer as it should, and the app processes that did. */
  readonly tested: number;
  readonly apps: number;
}

/** Cores needed = rate × CPU time of an operation / utilisation. */
function needsOf(rate: number, { cpuMicros, busiestOverMean, utilisation, apps, tested }: Cost): CoresNeeded {
  const cores = (micros: number): number => (rate * micros) / 1e6 / utilisation;
  const app = cores(cpuMicros.app) * busiestOverMean;
  const basis = basisOf(rate, tested);
  const known = (value: number): number | null => (basis === 'none' ? null : value);
  return {
    rate,
    app,
    appProcesses: Math.max(1, wholeOf(app), wholeOf((rate * apps) / (mostTimes * tested))),
    balancer: known(cores(cpuMicros.balancer)),
    // A strategy without servers needs none at any rate.
    store: cpuMicros.store === 0 ? 0 : known(cores(cpuMicros.store)),
    basis,
  };
}

/** What rounding left above a whole number is no process more. */
const wholeOf = (processes: number): number => Math.ceil(processes - 1e-9);

/** As the advice has it: how far a number is from what was tested. */
function basisOf(rate: number, tested: number): CoresNeeded['basis'] {
  const range = { from: tested, to: tested, unit: 'operations/s' };
  const { kind } = basisFor(rate, { tested: range, run: '', line: null }, () => ({ command: '', on: null }));
  switch (kind) {
    case 'measured':
    case 'scaled':
    case 'extrapolated':
    case 'none':
      return kind;
    default:
      throw new Error(`a rate that was tested up to ${tested}/s rests on nothing that is ${kind}`);
  }
}
