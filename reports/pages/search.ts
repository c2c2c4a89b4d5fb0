/** The page of a run that searched for capacity. */
import type { Finding } from '../../record/reasons.ts';
import type { Said } from '../answers/answer.ts';
import type { Document } from '../document/document.ts';
import type { SearchFacts } from '../facts/facts.ts';
import { pageOf } from './page.ts';
import { affinityPart } from './parts/affinity.ts';
import { capacityPart, searchesPart } from './parts/capacity.ts';
import { concurrencyPart } from './parts/concurrency.ts';
import { correctnessPart } from './parts/correctness.ts';
import { findingsPart } from './parts/findings.ts';
import { overviewPart } from './parts/overview.ts';
import { predictionPart } from './parts/prediction.ts';
import { readingPart } from './parts/reading.ts';
import { benchAgain, settingPart } from './parts/setting.ts';
import { trialsPart } from './parts/trials.ts';
import { validityPart } from './parts/validity.ts';
import { weaknessesPart } from './parts/weaknesses.ts';
import { viewOf } from './view.ts';

/** The trials are at many rates, each strategy's at its own: drawn together, or compared, they would say nothing. */
export function searchPage(facts: SearchFacts, said: Said, found: readonly Finding[]): Document {
  const view = viewOf(facts);
  const { promise, maxTrials } = facts.design;
  return pageOf(facts, said, 'trials of', [
    findingsPart(found),
    capacityPart(view),
    ...predictionPart(view, 'everywhere'),
    ...searchesPart(view),
    overviewPart(view, {
      heading: 'At the highest rate that kept the promise',
      reach: 'documents',
      order:
        'Each strategy at its own rate, which loads the faster ones more; only CPU time and memory can be set side by side.',
      more: [],
    }),
    weaknessesPart(view),
    correctnessPart(view),
    ...affinityPart(view),
    ...concurrencyPart(view),
    ...validityPart(view),
    settingPart(view, {
      plan: `a search for the highest rate that keeps ${promise.text}`,
      terms: [['Offered rate', 'chosen by the search, trial by trial']],
      repeat: benchAgain(facts.run.record, [
        ...['--capacity', '--slo', promise.text, '--trials', String(maxTrials)],
      ]),
    }),
    trialsPart(view),
    readingPart,
  ]);
}
