/** The page of a run that weighed sessions. */
import type { Finding } from '../../record/reasons.ts';
import type { RunRecord } from '../../record/run.ts';
import type { Said } from '../answers/answer.ts';
import type { Document } from '../document/document.ts';
import type { FootprintFacts } from '../facts/facts.ts';
import { formatCount, listed, perSecond } from '../words/format.ts';
import { pageOf } from './page.ts';
import { correctnessPart } from './parts/correctness.ts';
import { findingsPart } from './parts/findings.ts';
import { endingsPart, footprintPart, linesPart, sizesPart } from './parts/footprint.ts';
import { readingPart } from './parts/reading.ts';
import { settingPart } from './parts/setting.ts';
import { trialsPart } from './parts/trials.ts';
import { validityPart } from './parts/validity.ts';
import { weaknessesPart } from './parts/weaknesses.ts';
import { viewOf } from './view.ts';

export function footprintPage(facts: FootprintFacts, said: Said, found: readonly Finding[]): Document {
  const view = viewOf(facts);
  const { sizes, payloads, readRate, readSessions } = facts.design;
  return pageOf(facts, said, 'trials of', [
    findingsPart(found),
    footprintPart(view),
    ...linesPart(view),
    ...sizesPart(view),
    ...endingsPart(view),
    weaknessesPart(view),
    correctnessPart(view),
    ...validityPart(view),
    settingPart(view, {
      plan: `${listed(sizes.map(formatCount))} sessions, with ${listed(payloads.map(formatCount))} B of payload`,
      terms: [
        [
          'Reads',
          `${perSecond(readRate, 'read')} of at most ${formatCount(readSessions)} sessions, spread evenly over all that are there`,
        ],
      ],
      repeat: footprintAgain(facts.run.record, facts),
    }),
    trialsPart(view),
    readingPart,
  ]);
}

function footprintAgain({ strategies, preset, plan, seed, runtime }: RunRecord, { design }: FootprintFacts) {
  return [
    ...['npm', 'run', 'bench', '--', '--footprint'],
    ...strategies
      .filter(({ status }) => status !== 'not-measured')
      .flatMap(({ name }) => ['--strategy', name]),
    ...['--preset', preset, '--sessions', design.sizes.join(','), '--payload', design.payloads.join(',')],
    ...['--rate', String(design.readRate), '--duration', String(plan.measureSeconds)],
    ...['--apps', String(plan.apps), '--seed', String(seed), '--runtime', runtime],
  ];
}
