/** What the checks of the data saw: one finding for each kind. The report's table has every one. */
import type { Diagnostic } from '../../record/summary.ts';
import { titleOf } from '../facts/facts.ts';
import { formatCount } from '../words/format.ts';
import { metricTitle } from '../words/metric.ts';
import type { Check } from './check.ts';

const kinds = {
  warmup: {
    what: 'Warm-up may reach into the measurement',
    remedy:
      'Compare the first seconds under "Second by second"; a longer warm-up or longer trials would make it matter less.',
  },
  drift: {
    what: 'Drift over the blocks',
    remedy: 'Pairing within blocks takes a common drift out of the comparisons; absolute numbers carry it.',
  },
  outliers: {
    what: 'Trials that stand apart',
    remedy:
      'They stay in. Estimates and intervals rest on ranks, where one trial weighs little; the test may miss more. See "Single trials".',
  },
  autocorrelation: {
    what: 'Seconds of a trial resemble their neighbours',
    remedy: 'Nothing needs doing: trials are compared, never seconds, for this reason.',
  },
} as const satisfies Readonly<Record<Diagnostic['check'], object>>;

/** More than these are read in the report's table. */
const mostTold = 4;

export const diagnostics: Check = (facts) =>
  (['warmup', 'drift', 'outliers', 'autocorrelation'] as const).flatMap((check) => {
    const seen = facts.diagnostics.filter(
      (each) => each.check === check && each.status === 'seen' && isNotable(each),
    );
    if (seen.length === 0) return [];
    const told = seen.slice(0, mostTold).map((each) => {
      const metric = 'metric' in each ? `, ${metricTitle(each.metric)}` : '';
      return `${titleOf(facts, each.strategy)}${metric}: ${each.message}`;
    });
    const rest = seen.length > mostTold ? `; and ${formatCount(seen.length - mostTold)} more` : '';
    return [
      {
        severity: 'note',
        code: `${check}-seen`,
        message: `${kinds[check].what}: ${told.join('; ')}${rest}.`,
        remedy: kinds[check].remedy,
      } as const,
    ];
  });

/** As a factor: a trial that lies nearer to the others is listed in the report's table only. */
const notableOutlier = 1.25;

const isNotable = (diagnostic: Diagnostic): boolean =>
  diagnostic.check !== 'outliers' ||
  (diagnostic.detail?.trials ?? []).some(
    ({ ratioToMedian }) => Math.abs(Math.log(ratioToMedian)) >= Math.log(notableOutlier),
  );
