/** What the checks of the data saw: one finding for each kind. The report's table has every one. */
import { findingOf } from '../../record/reasons.ts';
import type { Diagnostic } from '../../record/summary.ts';
import { titleOf } from '../facts/facts.ts';
import { formatCount } from '../words/format.ts';
import { metricTitle } from '../words/metric.ts';
import type { Check } from './check.ts';

const kinds = ['warmup', 'drift', 'outliers', 'autocorrelation'] as const;

const names: Readonly<Record<Diagnostic['check'], string>> = {
  warmup: 'Warm-up may reach into the measurement',
  drift: 'Drift over the blocks',
  outliers: 'Trials that stand apart',
  autocorrelation: 'Seconds of a trial resemble their neighbours',
};

/** More than these are read in the report's table. */
const mostTold = 4;

export const diagnostics: Check = (facts) =>
  kinds.flatMap((check) => {
    const seen = facts.diagnostics.filter(
      (each) => each.check === check && each.status === 'seen' && isNotable(each),
    );
    if (seen.length === 0) return [];
    const told = seen.slice(0, mostTold).map((each) => {
      const metric = 'metric' in each ? `, ${metricTitle(each.metric)}` : '';
      return `${titleOf(facts, each.strategy)}${metric}: ${each.message}`;
    });
    const rest = seen.length > mostTold ? `; and ${formatCount(seen.length - mostTold)} more` : '';
    return [findingOf(`${check}-seen`, `${names[check]}: ${told.join('; ')}${rest}.`)];
  });

/** As a factor: a trial that lies nearer to the others is listed in the report's table only. */
const notableOutlier = 1.25;

const isNotable = (diagnostic: Diagnostic): boolean =>
  diagnostic.check !== 'outliers' ||
  (diagnostic.detail?.trials ?? []).some(
    ({ ratioToMedian }) => Math.abs(Math.log(ratioToMedian)) >= Math.log(notableOutlier),
  );
