/** The page of a run that moved the servers away. */
import type { DistanceResult } from '../../record/distance.ts';
import type { Finding } from '../../record/reasons.ts';
import type { Said } from '../answers/answer.ts';
import type { Document, Suite } from '../document/document.ts';
import { blocksMeasured, blockWords } from '../facts/blocks-measured.ts';
import { distancesOf } from '../facts/distance.ts';
import type { DistanceFacts } from '../facts/facts.ts';
import { counted, formatCount, listed, perSecond } from '../words/format.ts';
import { tripsInWords } from '../words/round-trips.ts';
import { pageOf } from './page.ts';
import { correctnessPart } from './parts/correctness.ts';
import { distancePart, estimatesPart } from './parts/distance.ts';
import { findingsPart } from './parts/findings.ts';
import { overviewPart } from './parts/overview.ts';
import { readingPart } from './parts/reading.ts';
import { benchAgain, settingPart } from './parts/setting.ts';
import { trialsPart } from './parts/trials.ts';
import { validityPart } from './parts/validity.ts';
import { weaknessesPart } from './parts/weaknesses.ts';
import { viewOf } from './view.ts';

/** Trials at different distances are not drawn together: what they have in common is the line through them. */
export function distancePage(facts: DistanceFacts, said: Said, found: readonly Finding[]): Document {
  const view = viewOf(facts);
  const { rate, addedMs } = facts.design;
  const distances = distancesOf(facts.design);
  const each = addedMs.length / distances.length;
  const measured = blockWords(blocksMeasured(facts.run, addedMs.length), addedMs.length);
  const page = pageOf(facts, said, `${measured} at ${formatCount(rate.value)}/s, trials of`, [
    findingsPart(found),
    distancePart(view),
    ...estimatesPart(view),
    overviewPart(view, {
      heading: 'With the least distance',
      reach: 'documents',
      order: `Least CPU time first. Of the trials with ${distances[0] ?? 0} ms added, through the same proxies as the others.`,
      more: [],
    }),
    weaknessesPart(view),
    correctnessPart(view),
    ...validityPart(view),
    settingPart(view, {
      plan: `${counted(addedMs.length, 'block')}, ${each} with each round trip ${listed(distances.map(String))} ms longer`,
      terms: [
        ['Offered rate', `${perSecond(rate.value, 'operation')} (${rate.mode}). ${rate.explanation}`],
        ['Added in each block', `${addedMs.join(', ')} ms`],
      ],
      repeat: benchAgain(facts.run.record, [
        ...['--distance', distances.join(','), '--blocks', String(each)],
        ...['--rate', rate.mode === 'auto' ? 'auto' : String(rate.value)],
      ]),
    }),
    trialsPart(view),
    readingPart,
  ]);
  return { ...page, suite: withRoundTrips(page.suite, facts.design.results) };
}

/** Round trips that differ fail nothing, as differences between strategies do not: they are notes. */
const withRoundTrips = (suite: Suite, results: readonly DistanceResult[]): Suite => ({
  ...suite,
  cases: suite.cases.map((each) => ({
    ...each,
    notes: [
      ...each.notes,
      ...results
        .filter(({ strategy, line }) => strategy === each.name && line.status === 'fitted')
        .map((result) => `${result.verdict}: ${tripsInWords(result)}`),
    ],
  })),
});
