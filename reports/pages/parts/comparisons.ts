/** Which differences are certain, who ranks where, and what would settle the rest. */
import { MOST_BLOCKS } from '../../../record/design.ts';
import type { Verdict } from '../../../record/verdict.ts';
import {
  charts,
  code,
  details,
  type Field,
  heading,
  hint,
  key,
  letters,
  numbers,
  only,
  paragraph,
  roomy,
  section,
  small,
  strong,
  tableOf,
  unbroken,
  words,
} from '../../document/build.ts';
import type { Block, Section, Table, Text } from '../../document/document.ts';
import { reportRule } from '../../facts/comparisons.ts';
import type { BlockFacts } from '../../facts/facts.ts';
import { type AgainstReference, againstReference, referenceOf } from '../../facts/reference.ts';
import type { Verdicts } from '../../facts/verdicts.ts';
import { absent, counted, formatCount, orAbsent, plainNumber, upperFirst } from '../../words/format.ts';
import { metricTitle } from '../../words/metric.ts';
import { sightSize, twoDigits } from '../../words/sentence.ts';
import {
  blocksNeededText,
  formatP,
  formatTimes,
  intervalText,
  placeText,
  ratioText,
  smallestEffectText,
} from '../../words/verdict.ts';
import { forestCharts, verdictMarks, verdictNames } from '../charts/forest.ts';
import { labelOf, type StrategyView, type View } from '../view.ts';

type BlockView = View<BlockFacts>;

const percent = (share: number): string => `${twoDigits(share * 100)} %`;

/** Nothing where nothing was compared. */
export function comparisonsPart(view: BlockView): Section[] {
  const { verdicts } = view.facts;
  if (verdicts.all.length === 0) return [];
  const { different, same, open } = verdicts.tally;
  const reference = labelOf(view, referenceOf(view.facts) ?? '');
  const drawn = forestCharts(view);
  return [
    section(
      'comparisons',
      'Comparisons',
      'documents',
      paragraph(
        `Of ${counted(verdicts.all.length, 'comparison')} (each pair of strategies on each metric) `,
        strong(formatCount(different)),
        ' came out as DIFFERENT, ',
        strong(formatCount(same)),
        ' as SAME and ',
        strong(formatCount(open)),
        ` as INCONCLUSIVE. Differences of less than ${percent(reportRule.floor)} do not count; the chance that even one of all these verdicts sees a difference where there is none is at most ${percent(reportRule.level)}, where noise is normal.`,
      ),
      only(
        'page',
        ...(drawn.length === 0 ? [] : [howToRead(view, reference)]),
        verdictKey,
        ...(drawn.length === 0 ? [] : [charts('wide', drawn)]),
      ),
      details(`All against ${reference}, in numbers`, ...againstTable(view)),
      only('page', details('All pairs of strategies', allPairs(view))),
      heading('ranking', 'Ranking, with ties'),
      ...ranking(view),
      heading('conclusive', 'What would make this conclusive'),
      ...conclusive(view.facts),
    ),
  ];
}

function howToRead({ facts }: BlockView, reference: string): Block {
  const first = facts.rankings.find(({ ranked }) => ranked.length > 0)?.metric;
  return paragraph(
    "Each mark is a strategy's value over that of ",
    strong(reference),
    first === undefined ? '' : ` (first in ${metricTitle(first)})`,
    `, from trials of the same blocks; the line is its interval. All intervals of the run hold together with a confidence of ${plainNumber(reportRule.confidence * 100)} %. Right of 1 is more. A dotted line means that the blocks are too few to bound anything: it reaches over what was seen.`,
  );
}

const meanings: Readonly<Record<Verdict['verdict'], string>> = {
  DIFFERENT: 'a difference that matters, more than chance',
  SAME: `no difference that matters (within ±${percent(reportRule.floor)})`,
  INCONCLUSIVE: 'this run cannot tell',
};

const verdictKey = key(
  'Verdicts',
  verdictNames.map((name) => ({
    mark: verdictMarks[name],
    text: [strong(name), ' ', small(meanings[name])],
  })),
);

const verdictFields = (shown: (verdict: Verdict) => Text): Field<Verdict>[] => [
  [words('Metric'), ({ metric }) => unbroken(metricTitle(metric))],
  [words('Verdict'), shown],
  [numbers('Ratio'), ratioText],
  [numbers('Interval'), intervalText],
  [numbers('Blocks'), ({ pairs }) => String(pairs)],
  [numbers('p'), ({ p }) => orAbsent(p, formatP)],
  [numbers('p (all metrics)'), ({ adjustedP }) => orAbsent(adjustedP, formatP)],
  [numbers('Could have seen'), smallestEffectText],
  [numbers('Blocks needed'), blocksNeededText],
];

const withMark = ({ verdict }: Verdict): Text => unbroken(verdictMarks[verdict], ' ', verdict);

function againstTable(view: BlockView): Block[] {
  const held = againstReference(view.facts);
  const fields: Field<AgainstReference>[] = [
    [words('Strategy'), ({ verdict }) => labelOf(view, verdict.candidate)],
    ...verdictFields(withMark).map(
      ([column, cell]): Field<AgainstReference> => [column, ({ verdict }) => cell(verdict)],
    ),
    [
      words('In words'),
      ({ sentence, remedy }) => roomy(remedy === null ? sentence : `${sentence}; ${remedy}`),
    ],
  ];
  return [
    tableOf('All against the reference', held, fields),
    hint(
      `Ratios are strategy / reference, with intervals that hold together with a confidence of ${plainNumber(reportRule.confidence * 100)} %. Blocks: those with a valid trial of both. p: the chance of so large a difference between any two of these strategies, were they all equal; over all metrics, at most. Could have seen: the smallest difference that this run finds with a chance of ${percent(reportRule.power)}. Blocks needed: in all, if effect and noise stay as they are.`,
    ),
  ];
}

const allPairs = (view: BlockView): Table =>
  tableOf('All pairs of strategies', view.facts.verdicts.all, [
    [words('Pair'), ({ candidate, baseline }) => `${labelOf(view, candidate)} / ${labelOf(view, baseline)}`],
    ...verdictFields(({ verdict }) => verdict),
  ]);

const ranking = ({ facts, measured }: BlockView): Block[] => [
  tableOf('Places by metric', measured, [
    [words('Strategy'), ({ shown }) => shown],
    ...facts.rankings.map(
      ({ metric, ranked }): Field<StrategyView> => [
        words(upperFirst(metricTitle(metric))),
        ({ summary }) => {
          const found = ranked.find(({ strategy }) => strategy === summary.name);
          if (!found) return absent;
          const times = small(`×${formatTimes(found.ratioToFirst)}`);
          return unbroken(strong(placeText(found.place)), ' ', letters(found.letters), ' ', times);
        },
      ],
    ),
  ]),
  hint(
    'The place that the verdicts leave open, best first; strategies that share a letter are not told apart; × is the estimated ratio to the first, certain or not.',
  ),
];

function conclusive({ verdicts, rankings, design }: BlockFacts): Block[] {
  if (verdicts.tally.open === 0) return [paragraph('Nothing more: every comparison is conclusive.')];
  const rows = rankings.map(({ metric }) => ({ metric, own: verdicts.of(metric) }));
  return [
    conclusiveWords(verdicts, design.blocks),
    tableOf('What would make this conclusive', rows, [
      [words('Metric'), ({ metric }) => upperFirst(metricTitle(metric))],
      [numbers('Different'), ({ own }) => formatCount(own.tally.different)],
      [numbers('Same'), ({ own }) => formatCount(own.tally.same)],
      [numbers('Open'), ({ own }) => formatCount(own.tally.open)],
      [numbers('Could have seen'), ({ own }) => sightRange(own)],
      [numbers('Half settled by'), ({ own }) => orAbsent(own.outlook.half, formatCount)],
      [numbers('All settled by'), ({ own }) => orAbsent(own.outlook.all, formatCount)],
      [
        numbers('Never settled'),
        ({ own }) => (own.tally.open === 0 ? absent : formatCount(own.outlook.never)),
      ],
    ]),
    hint(
      `Blocks in all, computed from the effects and the noise that this run saw; longer trials or a calmer machine need fewer. Could have seen: from the finest to the coarsest of the open comparisons. Never: the difference lies so near ${percent(reportRule.floor)}, or the noise is so large, that no practical number helps.`,
    ),
  ];
}

function conclusiveWords(verdicts: Verdicts, blocks: number): Block {
  const fewest = verdicts.fewestBlocks;
  const command = (count: number): Text => code(`npm run bench -- --blocks ${count}`);
  if (fewest !== null)
    return paragraph(
      `With ${counted(blocks, 'block')} nothing can be certain, however clear it looks: it takes at least ${counted(fewest, 'block')}, for example by `,
      command(fewest),
      '.',
    );
  const { half, never } = verdicts.outlook;
  if (half === null) return paragraph('No practical number of blocks would settle what is open.');
  const rest = never === 0 ? '' : `; ${formatCount(never)} would stay open with any practical number`;
  const settled = `would settle half of those that blocks can settle${rest}.`;
  return half > MOST_BLOCKS
    ? paragraph(`About ${counted(half, 'block')}, more than the ${MOST_BLOCKS} of one run, ${settled}`)
    : paragraph(`About ${counted(half, 'block')} (`, command(half), `) ${settled}`);
}

function sightRange({ open, sight }: Verdicts): string {
  if (open.length === 0) return absent;
  const [finest] = sight;
  const coarsest = sight.at(-1);
  if (finest === undefined || coarsest === undefined) return 'nothing';
  const [from, to] = [sightSize(finest), sightSize(coarsest)];
  return from === to ? from : `${from} to ${to}`;
}
