/** What more apps cannot show on this machine, told before anything starts. */
import type { BenchDesign, Plan } from '../../experiment/plan.ts';
import type { Placement } from '../../infra/machine/placement.ts';
import { counted } from '../../record/counted.ts';
import { listed } from '../../record/listed.ts';
import type { Row } from '../cli/describe.ts';

/** As many show whether sessions are shared, whatever cores there are. */
const FEWEST_APPS = 2;

/** No row where every app can have a core, or nobody asked for more than two. */
export function appsRows({ apps, design }: Plan<BenchDesign>, { cores, shared }: Placement): Row[] {
  const more = design.kind === 'search' ? design.scaled.map((each) => each.apps) : [];
  const numbers = [...new Set([apps, ...more])].sort((a, b) => a - b);
  const beyond = numbers.filter((number) => number > Math.max(FEWEST_APPS, cores.app.length));
  if (beyond.length === 0) return [];
  const others =
    shared && cores.store.some((core) => cores.app.includes(core)) ? ', which the servers use too' : '';
  return [
    [
      'Apps',
      `${listed(beyond.map(String))} apps cannot have a core each: there ${cores.app.length === 1 ? 'is' : 'are'} ${counted(cores.app.length, 'core')} for apps here${others}. They are measured all the same, and show what more processes cost; what more cores give is not to be had on this machine (the report predicts it)`,
    ],
  ];
}
