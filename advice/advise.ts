/**
 * The advice: a pure function of measurements, wishes and prices. It reads no file and asks no clock, so that the terminal
 * and the report's page give the same answer.
 */
import type { EvidenceRun, Machine } from './evidence/evidence.ts';
import { type Flip, flipsOf, namesOf } from './flips.ts';
import {
  cheapestOfEach,
  choicesFor,
  isAmongChoices,
  levelWith,
  type RangedOption,
  withRange,
} from './level.ts';
import { decidingFor, type Lack, missingFor } from './missing.ts';
import { type Excluding, lastExcluded, type Nearest, nearestTo } from './nearest.ts';
import { chosenOf, isSurelyPriced, type Option, optionsFor, type Question } from './options.ts';
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
  /** Names of options that what was measured does not tell from the choice by cost: any of them may be the cheapest. The same strategy run by others may be among them. */
  readonly level: readonly string[];
  /** The next best of another strategy that costs more for sure. */
  readonly runnerUp: string | null;
  /** The best first. */
  readonly options: readonly RangedOption[];
  readonly flips: readonly Flip[];
  /** Choices at the low and at the likely rate, level with each other, where the choice is none of them. */
  readonly atOtherRates: readonly { readonly rate: 'low' | 'likely'; readonly choices: readonly string[] }[];
  readonly excluding: Excluding | null;
  readonly nearest: readonly Nearest[];
  /** What was not measured of the options that are left, each with the command that would add it. */
  readonly missing: readonly Lack[];
  readonly runs: readonly EvidenceRun[];
  readonly machine: Machine;
}

/** @param depth `brief`: without what would flip the choice, which asks the same question some hundred times */
export function advise(question: Question, depth: 'whole' | 'brief' = 'whole'): Advice {
  const options = optionsFor(question).map((option) => withRange(question, option));
  const left = options.filter(({ status }) => status !== 'out');
  const chosen = chosenOf(options);
  const best = chosen ?? left.find(isSurelyPriced) ?? null;
  const kind = chosen !== null ? 'firm' : left.length > 0 || options.length === 0 ? 'open' : 'none';
  const excluding = lastExcluded(options);
  const nearest = kind === 'none' ? nearestTo(question) : [];
  const level = best === null ? [] : levelWith(question, best, left);
  const runnerUp = runnerUpOf(left, best, level);
  return {
    sentences: sentencesOf({
      question,
      kind,
      best,
      level,
      runnerUp,
      options,
      excluding,
      nearest,
      deciding: decidingFor(left),
    }),
    kind,
    choice: best?.name ?? null,
    level: level.map(({ name }) => name),
    runnerUp: runnerUp?.name ?? null,
    options,
    flips: chosen !== null && depth === 'whole' ? flipsOf(question, chosen.name) : [],
    atOtherRates: depth === 'whole' ? otherRates(question, chosen?.name ?? null) : [],
    excluding,
    nearest,
    missing: missingFor(question, left),
    runs: question.evidence.runs,
    machine: question.evidence.machine,
  };
}

/** The choice and what is level with it, one way to run each strategy; empty where there is no choice. */
export const choicesIn = ({ options, choice, level }: Advice): readonly RangedOption[] =>
  cheapestOfEach(options.filter(({ name }) => name === choice || level.includes(name)));

/** For people; null where the advice has no such option. */
export const titleIn = ({ options }: Pick<Advice, 'options'>, name: string | null): string | null =>
  options.find((option) => option.name === name)?.title ?? null;

/** The same strategy run by somebody else is no alternative to it. */
function runnerUpOf(
  left: readonly RangedOption[],
  best: Option | null,
  level: readonly Option[],
): RangedOption | null {
  if (best === null) return null;
  const named = new Set([best, ...level].map(({ candidate }) => candidate.strategy.name));
  return left.find(({ candidate }) => !named.has(candidate.strategy.name)) ?? null;
}

function otherRates(question: Question, choice: string | null): Advice['atOtherRates'] {
  const { wishes } = question;
  return (['low', 'likely'] as const).flatMap((rate) => {
    const value = wishes.rate[rate];
    if (value === wishes.rate.high) return [];
    const there = { ...question, wishes: { ...wishes, rate: { low: value, likely: value, high: value } } };
    return isAmongChoices(there, choice) ? [] : [{ rate, choices: namesOf(choicesFor(there)) }];
  });
}
