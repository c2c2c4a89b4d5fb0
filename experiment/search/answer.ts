/** The answer of a search, in the form that is kept and published. */
import type { CapacityAnswer, CapacityStep } from '../../record/search.ts';
import type { SearchAnswer, SearchOptions } from './outcome.ts';
import { answerSoFar, nextStep } from './search.ts';

/** What the trials so far come to; `history` in the order of measuring. */
export function capacityAnswer(options: SearchOptions, history: readonly CapacityStep[]): CapacityAnswer {
  const outcomes = history.map(({ outcome, rate }) => ({ kind: outcome, rate }));
  const step = nextStep(options, outcomes);
  const ended = step.kind === 'done' ? step.end : 'stopped';
  const answer = answerSoFar(options, outcomes);
  return {
    ...inPublicWords(answer, ended === 'answered', options),
    trials: history.length,
    outcomes: countOutcomes(history),
    ended,
    why: answer.kind === 'unanswered' ? whyOf(history, answer.why) : null,
  };
}

type Bounds = Omit<CapacityAnswer, 'trials' | 'outcomes' | 'ended' | 'why'>;

const nothing: Bounds = {
  limit: 'unknown',
  rate: null,
  low: null,
  high: null,
  confidence: null,
  precise: false,
  generatorLimit: null,
};

/** A bound at which an unfinished search happens to stand is no limit of anything. */
function inPublicWords(answer: SearchAnswer, answered: boolean, options: SearchOptions): Bounds {
  switch (answer.kind) {
    case 'found': {
      const { capacity, low, high, confidence, precise } = answer;
      return {
        ...nothing,
        limit: 'strategy',
        rate: readable(capacity, Math.round),
        low: readable(low, Math.floor),
        high: readable(high, Math.ceil),
        confidence,
        precise,
      };
    }
    case 'generator-limited': {
      const { atLeast, generatorLimit } = answer;
      return {
        ...nothing,
        limit: 'generator',
        low: atLeast === null ? null : readable(atLeast, Math.floor),
        generatorLimit,
      };
    }
    case 'above-range':
      return {
        ...nothing,
        limit: answered || answer.atLeast >= options.highest ? 'all-passed' : 'unknown',
        low: readable(answer.atLeast, Math.floor),
      };
    case 'below-range':
      return {
        ...nothing,
        limit: answered || answer.atMost <= options.lowest ? 'none-passed' : 'unknown',
        high: readable(answer.atMost, Math.ceil),
      };
    case 'unanswered':
      return nothing;
  }
}

/** Three significant digits; the ends of an interval are rounded outwards. */
function readable(rate: number, round: (value: number) => number): number {
  const unit = 10 ** (Math.floor(Math.log10(rate)) - 2);
  return Number((round(Number((rate / unit).toPrecision(12))) * unit).toPrecision(3));
}

function countOutcomes(history: readonly CapacityStep[]): CapacityAnswer['outcomes'] {
  const count = (kind: CapacityStep['outcome']): number =>
    history.filter(({ outcome }) => outcome === kind).length;
  return {
    kept: count('kept'),
    broken: count('broken'),
    generatorLimited: count('generator-limited'),
    invalid: count('invalid'),
  };
}

const whyOf = (history: readonly CapacityStep[], otherwise: string): string =>
  history.at(-1)?.why.join('; ') || otherwise;
