/** From the faults and strategies that a person wants to the design of a run. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { perSecond } from '../../record/counted.ts';
import type { CommonRate } from '../../record/rate.ts';
import type { FaultsDesign, RateChoice } from '../plan.ts';
import { givenRate } from '../rate.ts';
import type { Fault } from './fault.ts';
import { possibilitiesOf } from './possible.ts';

/** Operations per second: far from what any strategy carries, and enough to see a tenth of a second. */
const USUAL_RATE = 300;

export const faultsDesign = (
  faults: readonly Fault[],
  strategies: readonly Strategy[],
  rate: RateChoice,
): FaultsDesign => ({
  kind: 'faults',
  rate: rateOf(rate),
  faults: possibilitiesOf(faults, strategies),
});

const rateOf = (rate: RateChoice): CommonRate =>
  rate.mode === 'given'
    ? givenRate(rate.value)
    : {
        value: USUAL_RATE,
        mode: 'auto',
        probed: {},
        explanation: `${perSecond(USUAL_RATE, 'operation')}: so few that every strategy carries them with room, and what is seen is the fault and no queue`,
      };
