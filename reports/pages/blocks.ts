/** The pages of runs that measure in blocks: all strategies, or two sides of some. */
import type { BlocksDesign, SideCode, SidesDesign } from '../../record/design.ts';
import type { CommonRate } from '../../record/rate.ts';
import type { Finding } from '../../record/reasons.ts';
import type { Said } from '../answers/answer.ts';
import type { Document, Section, Text } from '../document/document.ts';
import { blocksMeasured, blockWords } from '../facts/blocks-measured.ts';
import type { BlockFacts } from '../facts/facts.ts';
import { counted, formatCount, perSecond } from '../words/format.ts';
import { pageOf } from './page.ts';
import { affinityPart } from './parts/affinity.ts';
import { checksPart } from './parts/checks.ts';
import { choosePart } from './parts/choose.ts';
import { comparisonsPart } from './parts/comparisons.ts';
import { concurrencyPart } from './parts/concurrency.ts';
import { correctnessPart } from './parts/correctness.ts';
import { findingsPart } from './parts/findings.ts';
import { latencyPart } from './parts/latency.ts';
import { overviewPart } from './parts/overview.ts';
import { predictionPart } from './parts/prediction.ts';
import { readingPart } from './parts/reading.ts';
import { resourcesPart } from './parts/resources.ts';
import { benchAgain, compareAgain, type SettingWords, settingPart } from './parts/setting.ts';
import { spreadPart, timelinePart } from './parts/spread.ts';
import { trialsPart } from './parts/trials.ts';
import { standingsChart, validityPart } from './parts/validity.ts';
import { weaknessesPart, weaknessField } from './parts/weaknesses.ts';
import { viewOf } from './view.ts';

export const blocksPage = (facts: BlockFacts, design: BlocksDesign, said: Said, found: Finding[]): Document =>
  page(
    facts,
    said,
    found,
    {
      plan: counted(design.blocks, 'block'),
      terms: rateTerms(design.rate),
      repeat: benchAgain(facts.run.record, [
        ...['--blocks', String(design.blocks)],
        ...['--rate', design.rate ? String(design.rate.value) : 'auto'],
      ]),
    },
    choosePart(facts),
  );

export const sidesPage = (facts: BlockFacts, design: SidesDesign, said: Said, found: Finding[]): Document =>
  page(
    facts,
    said,
    found,
    {
      plan: `${counted(design.blocks, 'block')} of both sides, ${design.pairing === 'duet' ? 'driven at the same time' : 'one after the other'}`,
      terms: [['Sides', sidesText(design)], ...rateTerms(design.rate)],
      repeat:
        design.command === 'compare' ? compareAgain(facts.run.record, design) : facts.run.record.command,
    },
    [],
  );

function page(
  facts: BlockFacts,
  said: Said,
  found: readonly Finding[],
  setting: SettingWords,
  choices: readonly Section[],
): Document {
  const view = viewOf(facts);
  const { rate, blocks } = facts.design;
  const at = rate === null ? '' : ` at ${formatCount(rate.value)}/s`;
  const measured = blockWords(blocksMeasured(facts.run, blocks), blocks);
  return pageOf(facts, said, `${measured}${at}, trials of`, [
    findingsPart(found),
    overviewPart(view, {
      heading: 'All strategies',
      reach: 'everywhere',
      order: 'Least CPU time first.',
      more: [weaknessField(facts)],
    }),
    ...comparisonsPart(view),
    ...choices,
    latencyPart(view),
    ...resourcesPart(view),
    weaknessesPart(view),
    ...predictionPart(view, 'documents'),
    ...affinityPart(view),
    correctnessPart(view),
    ...concurrencyPart(view),
    ...spreadPart(view),
    ...timelinePart(view),
    ...validityPart(view, ...standingsChart(view)),
    ...checksPart(view),
    settingPart(view, setting),
    trialsPart(view),
    readingPart,
  ]);
}

function sidesText({ baseline, candidate }: SidesDesign): string {
  const side = ({ label, commit, dirty }: SideCode): string =>
    `${label}${commit === null ? '' : ` (${commit.slice(0, 12)}${dirty === true ? ' with changes' : ''})`}`;
  return `${side(candidate)} against ${side(baseline)}`;
}

function rateTerms(rate: CommonRate | null): (readonly [string, Text])[] {
  if (rate === null) return [['Offered rate', 'the run ended before it was found']];
  const probed = Object.entries(rate.probed).map(([name, value]) => `${name} ${formatCount(value)}/s`);
  return [
    ['Offered rate', `${perSecond(rate.value, 'operation')} (${rate.mode}). ${rate.explanation}`],
    ...(probed.length === 0 ? [] : [['Closed-loop throughput found first', probed.join(', ')] as const]),
  ];
}
