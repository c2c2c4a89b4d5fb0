/** `--minutes`: what to do where not one block fits into them, and where more fit than a run may have. */
import { type BenchWishes, leastMinutes, leastSeconds } from '../../experiment/bench-plan.ts';
import { estimateSeconds } from '../../experiment/estimate.ts';
import type { BlocksDesign, Plan, RateChoice } from '../../experiment/plan.ts';
import { presets } from '../../experiment/presets.ts';
import { counted } from '../../record/counted.ts';
import { MOST_BLOCKS } from '../../record/design.ts';

/** The least that options take. */
const SHORTEST_TRIAL = 1;
const FEWEST_SESSIONS = 100;

/** What makes a block shorter, in the order in which it is offered. */
const reliefs: readonly { readonly words: string; less(wishes: BenchWishes): BenchWishes }[] = [
  {
    words: 'name fewer strategies with --strategy',
    less: (wishes) => ({ ...wishes, strategies: wishes.strategies.slice(0, 1) }),
  },
  {
    words: 'give a shorter --duration',
    less: (wishes) => ({ ...wishes, duration: SHORTEST_TRIAL }),
  },
  {
    words: 'give fewer --sessions',
    less: (wishes) => ({ ...wishes, sessions: FEWEST_SESSIONS }),
  },
  {
    words: 'take --preset smoke',
    less: (wishes) => ({ ...wishes, preset: presets.find(({ name }) => name === 'smoke') ?? wishes.preset }),
  },
];

/** A sentence where not one block fits, with what would make one fit: each remedy alone, or else the first few together. */
export function tooFewMinutes(minutes: number, wishes: BenchWishes, rate: RateChoice): readonly string[] {
  const least = leastMinutes(wishes, rate);
  if (minutes >= least) return [];
  const block = `one block of ${counted(wishes.strategies.length, 'strategy', 'strategies')}`;
  const secondsOf = (less: BenchWishes) => leastSeconds(less, rate);
  const alone = reliefs.filter(({ less }) => secondsOf(less(wishes)) <= minutes * 60);
  const remedies =
    alone.length > 0
      ? alone.map(({ words }) => `, or ${words}`).join('')
      : together(minutes * 60, wishes, secondsOf);
  return [
    `--minutes ${minutes}: ${block} takes about ${least} minutes, bursts and seeding included. Give ${least} or more${remedies}.`,
  ];
}

/** Of the first few that suffice together, those that it takes; nothing where even all of them do not. */
function together(seconds: number, wishes: BenchWishes, secondsOf: (less: BenchWishes) => number): string {
  const fits = (some: typeof reliefs) =>
    secondsOf(some.reduce((less, relief) => relief.less(less), wishes)) <= seconds;
  const count = reliefs.findIndex((_, index) => fits(reliefs.slice(0, index + 1)));
  if (count < 0) return '';
  const few = reliefs.slice(0, count + 1);
  const taken = few.reduce((kept, each) => {
    const others = kept.filter((other) => other !== each);
    return fits(others) ? others : kept;
  }, few);
  return `, or do all of this: ${taken.map(({ words }) => words).join('; ')}`;
}

/** Whether more blocks would fit into the minutes than a run may have. */
export function cutAtMost(plan: Plan<BlocksDesign>, minutes: number | undefined): boolean {
  if (minutes === undefined || plan.design.blocks < MOST_BLOCKS) return false;
  const more = { ...plan, design: { ...plan.design, blocks: MOST_BLOCKS + 1 } };
  return estimateSeconds(more) <= minutes * 60;
}
