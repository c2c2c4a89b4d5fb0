/**
 * The advice: a pure function of measurements, wishes and prices. It reads no file and asks no clock, so that the terminal
 * and the report's page give the same answer.
 */
import type { EvidenceRun, Machine } from './evidence/evidence.ts';
import { type Flip, flipsOf } from './flips.ts';
import { decidingFor, type Lack, missingFor } from './missing.ts';
import { type Excluding, lastExcluded, type Nearest, nearestTo } from './nearest.ts';
import { chosenOf, type Option, optionsFor, type Question } from './options.ts';
import { sentencesOf } from './words/sentence.ts';

export interface Advice {
  /** For a person; the first is the answer. */
  readonly sentences: readonly string[];
  /**
   * `firm`: it meets every wish, as far as measured, scaled or on paper; `open`: nothing is sure to, and this is the best of
   * what may, if what may could be priced; `none`: nothing is left.
   */
  readonly kind: 'firm' | 'open' | 'none';
  /** Name of the option; null where there is none. */
  readonly choice: string | null;
  readonly runnerUp: string | null;
  /** The best first. */
  readonly options: readonly Option[];
  readonly flips: readonly Flip[];
  /** Choice at the low and at the likely rate, where it is another. */
  readonly atOtherRates: readonly { readonly rate: 'low' | 'likely'; readonly choice: string | null }[];
  readonly excluding: Excluding | null;
  readonly nearest: readonly Nearest[];
  /** What was not measured of the options that are left, each with the command that would add it. */
  readonly missing: readonly Lack[];
  readonly runs: readonly EvidenceRun[];
  readonly machine: Machine;
}

/** @param depth `brief`: without what would flip the choice, which asks the same question some hundred times */
export function advise(question: Question, depth: 'whole' | 'brief' = 'whole'): Advice {
  const options = optionsFor(question);
  const left = options.filter(({ status }) => status !== 'out');
  const chosen = chosenOf(options);
  const best = chosen ?? left.find(({ cost }) => cost !== null) ?? null;
  const kind = chosen !== null ? 'firm' : left.length > 0 || options.length === 0 ? 'open' : 'none';
  const excluding = lastExcluded(options);
  const nearest = kind === 'none' ? nearestTo(question) : [];
  const runnerUp = runnerUpOf(left, best);
  return {
    sentences: sentencesOf({
      question,
      kind,
      best,
      runnerUp,
      options,
      excluding,
      nearest,
      deciding: decidingFor(left),
    }),
    kind,
    choice: best?.name ?? null,
    runnerUp: runnerUp?.name ?? null,
    options,
    flips: kind === 'firm' && depth === 'whole' ? flipsOf(question) : [],
    atOtherRates: depth === 'whole' ? otherRates(question, chosen) : [],
    excluding,
    nearest,
    missing: missingFor(question, left),
    runs: question.evidence.runs,
    machine: question.evidence.machine,
  };
}

/** For people; null where the advice has no such option. */
export const titleIn = ({ options }: Pick<Advice, 'options'>, name: string | null): string | null =>
  options.find((option) => option.name === name)?.title ?? null;

/** The next best of another strategy: the same one run by somebody else is no alternative to it. */
const runnerUpOf = (left: readonly Option[], best: Option | null): Option | null =>
  left.find(({ candidate }) => best !== null && candidate.strategy.name !== best.candidate.strategy.name) ??
  null;

function otherRates(question: Question, chosen: Option | null): Advice['atOtherRates'] {
  const { wishes } = question;
  return (['low', 'likely'] as const).flatMap((rate) => {
    const value = wishes.rate[rate];
    if (value === wishes.rate.high) return [];
    const there = { ...question, wishes: { ...wishes, rate: { low: value, likely: value, high: value } } };
    const choice = chosenOf(optionsFor(there))?.name ?? null;
    return choice === (chosen?.name ?? null) ? [] : [{ rate, choice }];
  });
}
