/** The highest rate as CPU time predicts it, beside what was measured, and the cores that rates need. */
import type { Prediction, Saturation } from '../../../record/scaling.ts';
import {
  details,
  type Field,
  hint,
  numbers,
  only,
  paragraph,
  section,
  strong,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Reach, Section, Text } from '../../document/document.ts';
import { absent, formatCount, formatMicros, formatShare, orAbsent } from '../../words/format.ts';
import { busiestWords, errorRangeWords, errorWords, limitWords, needWords } from '../../words/scaling.ts';
import type { StrategyView, View } from '../view.ts';

interface Row extends StrategyView {
  /** Null where it could not be made. */
  readonly made: Prediction | null;
}

/** Nothing where nothing could be predicted. */
export function predictionPart({ facts, measured }: View, reach: Reach): Section[] {
  const rows = measured.map(
    (strategy): Row => ({
      ...strategy,
      made: facts.predictions.find((each) => each.strategy === strategy.summary.name) ?? null,
    }),
  );
  const [first] = facts.predictions;
  if (first === undefined) return [];
  const atMost = formatShare(first.utilisation);
  return [
    section(
      'prediction',
      'Capacity as CPU time predicts it',
      reach,
      only(
        'documents',
        paragraph(
          'Not measured but computed: rate = cores / CPU time of an operation, at the ',
          strong('first limit that is full'),
          ', by cores that tiers share, by what containers may use, and by processes that use one core each. The busiest app counts as far as it is above the mean.',
        ),
      ),
      tableOf('Predicted and measured capacity', rows, fieldsOf(atMost, facts.design.kind === 'search')),
      only(
        'documents',
        hint(
          `What is more than four times the tested rate is not told (—). An operation takes a little more than a request: a logout is read once more. ${
            facts.design.kind === 'search'
              ? 'Error: predicted over measured, less 1. It is to be expected above 0, since a promise of latency ends a rate before a core is full. Predicted from the trials at the lowest rate that kept the promise (of those no less than a quarter of the highest), so that the model is held against rates that it has not seen.'
              : 'Nothing was searched for in this run: --capacity measures it, and this prediction is then held against it.'
          }`,
        ),
        details(
          `Cores that rates need at ${atMost} utilisation`,
          tableOf('Cores that rates need', rows, needFields(first)),
          hint(
            `Cores of this machine = rate × CPU time of an operation / ${atMost}. In brackets, the fewest app processes: each uses one core at most, and takes four times the load that was tested of one at most. Balancer and servers beyond twice the rate that was tested are extrapolated, and beyond four times not known.`,
          ),
        ),
      ),
    ),
  ];
}

const figure = (
  made: Prediction | null,
  value: (made: Prediction) => number | null,
  format: (value: number) => string,
): Text => orAbsent(made && value(made), format);

const ofSaturation = (made: Prediction | null, text: (saturation: Saturation) => string): Text =>
  orAbsent(made?.saturation, text);

const documents = { reach: 'documents' } as const;

const measuredFields: readonly Field<Row>[] = [
  [
    numbers('Measured', { short: 'measured', unit: 'requests/s' }),
    ({ made }) => figure(made, ({ measured }) => measured, formatCount),
  ],
  [numbers('Error', { short: 'error' }), ({ made }) => figure(made, ({ error }) => error, errorWords)],
  [words('Error over the interval', documents), ({ made }) => orAbsent(made?.errorInterval, errorRangeWords)],
];

/** @param searched for capacities, which predictions are held against */
const fieldsOf = (atMost: string, searched: boolean): readonly Field<Row>[] => [
  [words('Strategy'), ({ shown }) => shown],
  [
    numbers('Predicted', { short: 'predicted', unit: 'requests/s' }),
    ({ made }) => ofSaturation(made, ({ rate }) => formatCount(rate)),
  ],
  ...(searched ? measuredFields : []),
  [words('Full first', documents), ({ made }) => ofSaturation(made, limitWords)],
  [words('Basis', documents), ({ made }) => ofSaturation(made, ({ basis }) => basis)],
  [
    numbers(`At ${atMost}`, { ...documents, unit: 'requests/s' }),
    ({ made }) => ofSaturation(made, ({ atUtilisation }) => formatCount(atUtilisation)),
  ],
  [
    numbers('From trials at', { ...documents, unit: '/s' }),
    ({ made }) => figure(made, ({ from }) => from, formatCount),
  ],
  ...(['generator', 'balancer', 'app', 'store'] as const).map(
    (tier): Field<Row> => [
      numbers(`CPU ${tier}`, { ...documents, unit: 'µs' }),
      ({ made }) => figure(made, ({ cpuMicros }) => cpuMicros[tier], formatMicros),
    ],
  ),
  [
    numbers('Busiest app over mean', documents),
    ({ made }) => figure(made, ({ busiestOverMean }) => busiestOverMean, busiestWords),
  ],
];

const needFields = ({ needs }: Prediction): readonly Field<Row>[] => [
  [words('Strategy'), ({ shown }) => shown],
  ...needs.map(
    ({ rate }, index): Field<Row> => [
      words(`${formatCount(rate)}/s`),
      ({ made }) => {
        const need = made?.needs[index];
        return need === undefined ? absent : needWords(need);
      },
    ],
  ),
];
