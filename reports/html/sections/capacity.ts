/** What a search for capacity found: the promise, a bar for each strategy, the numbers, and the trials behind them. */

import type { CapacityAnswer, CapacityStep } from '../../../record/search.ts';
import {
  capacityInWords,
  capacityOf,
  halfWidth,
  limitInWords,
  promiseExplained,
  promiseInWords,
} from '../../capacity.ts';
import { absent, formatCount, formatShare, orAbsent } from '../../words/format.ts';
import { outcomeLooks } from '../charts/capacity.ts';
import type { Chart } from '../charts/chart.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { Model, StrategyView } from '../model.ts';
import { behind, dataTable, named, numberColumn, type Plots, panels, section, textColumn } from '../parts.ts';

export interface CapacityCharts {
  readonly bars: readonly Chart[];
  readonly searches: readonly Chart[];
}

/** Null in runs that did not search for capacity. */
export function capacitySection(model: Model, charts: CapacityCharts, plots: Plots): Markup | null {
  const { design } = model.summary;
  if (design.kind !== 'search') return null;
  const aim = `±${design.precision * 100} %`;
  return html`${section(
    'capacity',
    'Capacity',
    html`<p>The promise, <b>${promiseInWords(design.promise)}</b>: ${promiseExplained(design.promise)}. A wrong answer breaks it, however fast it came, and so does a rate that is not reached. The capacity of a strategy is the highest rate that keeps the promise in at least half of the trials; its interval holds it with ${formatShare(design.confidence)} confidence, and ${aim} was aimed at. Strategies whose intervals overlap are not told apart.</p>`,
    panels(charts.bars, plots),
    table(model),
  )}${
    charts.searches.length === 0
      ? null
      : section(
          'searches',
          'The trials behind it',
          html`<p>Each search doubles or halves the rate until one keeps the promise and one breaks it, closes in on the edge between them, and then repeats trials on both sides of it, so that no answer rests on a single trial. At most ${design.maxTrials} trials a strategy. The band is the interval. A trial that the machine disturbed says nothing and is repeated; one that the generator could not offer says nothing of the strategy.</p>`,
          outcomeKey(),
          panels(charts.searches, plots),
          behind('Every trial of every search', steps(model)),
        )
  }`;
}

const outcomeKey = (): Markup =>
  html`<ul class="key" aria-label="Outcomes">${Object.values(outcomeLooks).map(
    ({ label, path, colour }) =>
      html`<li><svg class="swatch" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="${path}" fill="${colour}"/></svg>${label}</li>`,
  )}</ul>`;

function table({ strategies, summary }: Model): Markup {
  const columns = [
    textColumn('Strategy'),
    numberColumn(html`Capacity <small>requests/s</small>`),
    numberColumn('Interval'),
    numberColumn(html`±`),
    textColumn('Limit'),
    ...['Trials', 'kept', 'broken', 'beyond the generator', 'repeated', 'Wrong answers'].map(numberColumn),
  ];
  return html`${dataTable(
    'Capacity of each strategy',
    columns,
    strategies.map((strategy) => row(strategy, capacityOf(summary, strategy.summary.name))),
  )}<p class="hint">${strategies.length > 1 ? 'Highest first. ' : ''}Found by ${formatCount(summary.trials.length)} trials in all.</p>`;
}

function row(strategy: StrategyView, answer: CapacityAnswer | null): Child[] {
  const { violations } = strategy.summary;
  if (!answer) return [named(strategy), absent, absent, absent, 'not searched', ...Array(6).fill(absent)];
  const width = answer.rate === null ? null : halfWidth(answer);
  const wrong = Object.values(violations).reduce((sum, each) => sum + each, 0);
  return [
    named(strategy),
    answer.rate === null ? absent : html`<b>${formatCount(answer.rate)}</b>`,
    orAbsent(capacityInWords(answer), String),
    width === null ? absent : formatShare(width),
    html`${limitInWords[answer.limit]}${answer.generatorLimit === null ? '' : ` (at ${formatCount(answer.generatorLimit)}/s)`}`,
    formatCount(answer.trials),
    formatCount(answer.outcomes.kept),
    formatCount(answer.outcomes.broken),
    formatCount(answer.outcomes.generatorLimited),
    formatCount(answer.outcomes.invalid),
    wrong > 0 ? html`<b class="bad">${formatCount(wrong)}</b>` : '0',
  ];
}

const phases: Readonly<Record<CapacityStep['phase'], string>> = {
  bracket: 'bracket',
  bisect: 'closing in',
  confirm: 'making sure',
};

function steps({ run, strategies }: Model): Markup {
  const columns = [
    textColumn('Trial'),
    textColumn('Strategy'),
    numberColumn('Rate /s'),
    textColumn('Step'),
    textColumn('Outcome'),
    textColumn('Why'),
  ];
  const rows = run.searches.flatMap(({ name, history }) => {
    const strategy = strategies.find(({ summary }) => summary.name === name);
    return history.map(({ trial, rate, phase, outcome, why }) => ({
      trial,
      cells: [
        String(trial),
        strategy?.label ?? name,
        formatCount(rate),
        phases[phase],
        outcomeLooks[outcome].label,
        why.length > 0 ? why.join('; ') : absent,
      ],
    }));
  });
  return dataTable(
    'Every trial of every search in the order of measuring',
    columns,
    rows.sort((a, b) => a.trial - b.trial).map(({ cells }) => cells),
  );
}
