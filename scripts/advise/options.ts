/** The options of `npm run advise`: what may be typed, and the wishes that it comes to. */
import path from 'node:path';
import { amountsWished } from '../../advice/wishes/amounts.ts';
import { contradictionsIn } from '../../advice/wishes/contradictions.ts';
import { hostings } from '../../advice/wishes/hosting.ts';
import { events, type FailureEvent, losses, lossTyped } from '../../advice/wishes/losses.ts';
import { lossesWished } from '../../advice/wishes/losses-wished.ts';
import { type WishPreset, wishPresets } from '../../advice/wishes/presets.ts';
import { sessionsAlive, usualWishes } from '../../advice/wishes/usual.ts';
import type { Wishes } from '../../advice/wishes/wishes.ts';
import { about } from '../../advice/words/format.ts';
import { parseSlo, type Slo, sloSyntax } from '../../experiment/search/slo.ts';
import { commandSpec, type OptionTable, type OptionValues, type Typed } from '../cli/command-spec.ts';
import { strangeStores } from '../cli/known-stores.ts';
import { good, mistaken, text, textsOrNone } from '../cli/reading.ts';
import { findRun } from '../cli/stored-runs.ts';
import { unknownWord } from '../cli/suggest.ts';
import { choiceOf, flag, named, oneOf } from '../cli/values.ts';
import { amount, rates, timeSpan } from './amounts.ts';
import { pricesOption } from './prices-file.ts';

const slo = text<Slo>((typed) => {
  const parsed = parseSlo(typed);
  if (parsed.status === 'valid') return good(parsed.slo);
  return mistaken(...parsed.mistakes.slice(0, -1), `${parsed.mistakes.at(-1)}.\n    ${sloSyntax}`);
});

const scale = {
  like: {
    flags: '--like <NAME>',
    description: `a published workload, of which other options change parts: ${wishPresets.map(({ name }) => name).join(', ')}`,
    schema: named('workload', wishPresets, ({ name }) => name).optional(),
  },
  sessions: {
    flags: '--sessions <N>',
    description: 'sessions alive at the peak, 1 to 1e10: 2e6, 500k',
    schema: amount(amountsWished.sessions).optional(),
  },
  logins: {
    flags: '--logins <N>',
    description: 'in place of --sessions: sessions made per second, each alive for --alive',
    schema: amount(amountsWished.logins).optional(),
  },
  alive: {
    flags: '--alive <TIME>',
    description: 'how long a session that was made is alive: 30m, 24h, 30d',
    schema: timeSpan.optional(),
  },
  rate: {
    flags: '--rate <N>',
    description:
      'requests per second: one number, or low, likely and high, as 1000,5000,8000. Servers are for the highest',
    schema: rates.optional(),
  },
  payload: {
    flags: '--payload <BYTES>',
    description: 'bytes that the app keeps in a session. Default: as in the measurements',
    schema: amount(amountsWished.payload).optional(),
  },
} satisfies OptionTable;

const limits = {
  slo: {
    flags: '--slo <TEXT>',
    description: 'the promise to keep, as "p99<50ms,errors<0.1%"',
    schema: slo.optional(),
  },
  budget: {
    flags: '--budget <N>',
    description: 'per month, in the currency of the price book',
    schema: amount(amountsWished.budget).optional(),
  },
  mayLose: {
    flags: '--may-lose <WHAT>',
    description:
      'what failures may lose at most: none, 1s (the last second), node (one server), all. Default: all',
    schema: oneOf(
      'loss',
      losses.map((loss) => lossTyped[loss]),
    ).optional(),
  },
  survives: {
    flags: '--survives <EVENT>',
    description: `what may lose no more than that, several times or with commas: ${events.join(', ')}. Default with --may-lose: app-restart,store-restart`,
    repeatable: true,
    schema: choiceOf<FailureEvent>(
      events,
      [],
      (event) => event,
      (word) => unknownWord('event', word, events),
    ),
  },
  endAtOnce: {
    flags: '--end-at-once',
    description: 'a session that is ended is refused everywhere from then on',
    schema: flag,
  },
  endAll: {
    flags: '--end-all',
    description: 'all sessions of a user can be ended at once',
    schema: flag,
  },
} satisfies OptionTable;

const ways = {
  has: {
    flags: '--has <STRATEGY>',
    description:
      'servers that are there already, with room, as postgres: their share is paid, and no server more',
    repeatable: true,
    schema: textsOrNone<readonly string[]>(async (typed) => {
      const names = [...new Set((typed ?? []).flatMap((each) => each.split(',')))];
      if (names.length === 0) return good([]);
      const strange = await strangeStores();
      const mistakes = names.flatMap((name) => strange(name) ?? []);
      return mistakes.length > 0 ? mistaken(...mistakes) : good(names);
    }),
  },
  hosting: {
    flags: '--hosting <WHO>',
    description: `who runs the servers of the store: ${hostings.join(' or ')}. Default: whichever is cheaper`,
    schema: oneOf('way to run servers', hostings).optional(),
  },
  utilisation: {
    flags: '--utilisation <SHARE>',
    description: `how busy servers may be at the high rate, 0.05 to 0.95. Default: ${usualWishes.utilisation}`,
    schema: amount(amountsWished.utilisation).optional(),
  },
  coreFactor: {
    flags: '--core-factor <N>',
    description:
      'work of a vCPU that is paid for over that of a core that was measured, 0.05 to 20. Default: 1',
    schema: amount(amountsWished.coreFactor).optional(),
  },
  prices: pricesOption,
} satisfies OptionTable;

const sources = {
  runs: {
    flags: '--run <RUN>',
    description:
      'a stored run or verification by its id under results/ or its folder; several times for those that fit each other. Default: the newest that do',
    repeatable: true,
    schema: textsOrNone<readonly string[]>(async (typed) => {
      const found = await Promise.all(
        (typed ?? []).map((run) => findRun(run, 'results', [path.join('results', 'verifications')])),
      );
      const mistakes = found.flatMap((each) => (each.status === 'mistakes' ? each.mistakes : []));
      if (mistakes.length > 0) return mistaken(...mistakes);
      return good(found.flatMap((each) => (each.status === 'ok' ? [each.value] : [])));
    }),
  },
  json: {
    flags: '--json',
    description: 'print the advice as JSON on stdout, and nothing else there',
    schema: flag,
  },
} satisfies OptionTable;

const options = { ...scale, ...limits, ...ways, ...sources } satisfies OptionTable;
type Options = typeof options;
export type AdviseOptions = OptionValues<Options>;

/** What was typed of losses, over those of the preset. */
function lossesOf(
  { mayLose, survives }: Pick<AdviseOptions, 'mayLose' | 'survives'>,
  base: Pick<Wishes, 'mayLose' | 'survives'>,
): Pick<Wishes, 'mayLose' | 'survives'> {
  const said = {
    mayLose: losses.find((loss) => lossTyped[loss] === mayLose) ?? null,
    survives: survives.named ? survives.things : null,
  };
  return lossesWished(said, base);
}

type Scale = Pick<Wishes, 'sessions' | 'rate'>;

/** Null where it was not said. */
function sessionsOf(
  { sessions, logins, alive }: Partial<AdviseOptions>,
  like: WishPreset | undefined,
): Scale['sessions'] | null {
  if (sessions !== undefined) return { kind: 'alive', count: sessions };
  if (logins !== undefined && alive !== undefined)
    return { kind: 'made', perSecond: logins, aliveSeconds: alive };
  return like?.wishes.sessions ?? null;
}

/** @throws Error where what `check` finds was passed over */
export function wishesOf(values: AdviseOptions): Wishes {
  const base = values.like?.wishes ?? usualWishes;
  const [sessions, rate] = [sessionsOf(values, values.like), values.rate ?? values.like?.wishes.rate];
  if (sessions === null || rate === undefined) throw new Error('sessions and a rate are checked before');
  return {
    sessions,
    rate,
    payloadBytes: values.payload ?? base.payloadBytes,
    slo: values.slo ?? base.slo,
    budget: values.budget ?? base.budget,
    ...lossesOf(values, base),
    endsAtOnce: values.endAtOnce || base.endsAtOnce,
    endsAllOfAUser: values.endAll || base.endsAllOfAUser,
    has: values.has.length > 0 ? [...values.has] : [...base.has],
    hosting: values.hosting ?? base.hosting,
    utilisation: values.utilisation ?? base.utilisation,
    coreFactor: values.coreFactor ?? base.coreFactor,
  };
}

function mistakesTogether(typed: Typed<Options>, values: Partial<AdviseOptions>): readonly string[] {
  return [...scaleMistakes(typed), ...madeMistakes(values), ...lossMistakes(values)];
}

function madeMistakes({ logins, alive }: Partial<AdviseOptions>): readonly string[] {
  if (logins === undefined || alive === undefined) return [];
  const { least, most } = amountsWished.sessions;
  const count = sessionsAlive({ sessions: { kind: 'made', perSecond: logins, aliveSeconds: alive } });
  if (count >= least && count <= most) return [];
  return [
    `--logins and --alive come to ${about(count)} sessions alive; give numbers that come to ${least} to ${most}`,
  ];
}

function scaleMistakes(typed: Typed<Options>): readonly string[] {
  const { like, sessions, logins, alive, rate } = typed;
  const found: string[] = [];
  if (sessions !== undefined && (logins !== undefined || alive !== undefined))
    found.push('--sessions and --logins with --alive both say how many sessions there are; keep one');
  else if ((logins === undefined) !== (alive === undefined))
    found.push('--logins and --alive say together how many sessions there are; give both, or --sessions');
  else if (sessions === undefined && logins === undefined && like === undefined)
    found.push(
      'say how many sessions are alive: --sessions 2e6, or --logins 50 --alive 12h, or --like with a published workload',
    );
  if (rate === undefined && like === undefined)
    found.push('say how many requests a second there are: --rate 5000, or --like with a published workload');
  return found;
}

function lossMistakes({ mayLose, survives, has, hosting, like }: Partial<AdviseOptions>): readonly string[] {
  if (survives === undefined) return [];
  const base = like?.wishes ?? usualWishes;
  return contradictionsIn({
    ...lossesOf({ mayLose, survives }, base),
    has: [...(has ?? [])],
    hosting: hosting ?? null,
  });
}

export const adviseSpec = commandSpec({
  usage: 'npm run advise --',
  summary:
    'Says which strategy to use for your scale, promise and budget, from stored runs and a price book.',
  options,
  check: mistakesTogether,
  examples: [
    'npm run advise -- --sessions 2e6 --rate 5000 --slo "p99<50ms" --budget 500 --may-lose 1s',
    'npm run advise -- --logins 50 --alive 12h --rate 800,2000,4000 --survives app-restart,zone',
    'npm run advise -- --like wikimedia --hosting managed',
  ],
  after: [
    'It measures nothing and starts nothing. What was not measured is named with the command that would add it.',
    'Exit codes: 0 an option meets every wish; 2 none does, or what is needed to say so was not measured, or the runs do not',
    'fit each other; 64 bad usage or a price book with mistakes; 70 internal fault.',
  ].join('\n'),
});
