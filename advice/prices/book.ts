/**
 * The price book: what servers cost, where and when somebody read that. It is an input of its own: results hold no price,
 * so that old results can be priced anew.
 */
import { z } from 'zod';
import { sumOfMistakes } from './mistakes.ts';

const currency = z.string().regex(/^[A-Z]{3}$/, 'name a currency by its three capitals, for example "USD"');
const price = z.number('give a price as a number').min(0, 'a price is 0 or more');
const source = z.string('say where the price was read').trim().min(1, 'say where the price was read');
const asOf = z.iso.date('give the day on which the price was read or published, as "2026-11-26"');
const usableMemory = z
  .number()
  .gt(0, 'a usable share is more than 0')
  .max(1, 'a usable share is at most 1')
  .describe(
    'Share of the memory that sessions and processes may take; the rest is for the system, copies and peaks.',
  );
const memoryGiB = z.number().positive();
const vcpus = z.number().positive();

const read = {
  id: z.string().trim().min(1, 'give the entry an id'),
  price: price.describe('For one unit.'),
  /** That of the book unless told. */
  currency: currency.exactOptional(),
  region: z.string('say of which region the price is').trim().min(1, 'say of which region the price is'),
  source,
  asOf,
  note: z.string().exactOptional(),
};

const plainUnits = [
  'vcpu-hour',
  'disk-gb-month',
  'balancer-hour',
  'balancer-gb',
  'zone-traffic-gib',
] as const;

const plainEntry = <Unit extends (typeof plainUnits)[number]>(unit: Unit) =>
  z.strictObject({ unit: z.literal(unit), ...read });

const memoryEntry = z.strictObject({ unit: z.literal('gib-hour'), ...read, usableMemory });

/** A server of a store that the provider runs, one copy of it. */
const managedEntry = z.strictObject({
  unit: z.literal('managed-node-hour'),
  ...read,
  runs: z.array(z.string()).min(1, 'name the strategies that it runs').describe('Names of strategies.'),
  vcpus,
  steadyShare: z
    .number()
    .gt(0, 'a share is more than 0')
    .max(1, 'a share is at most 1')
    .exactOptional()
    .describe(
      'Share of its vCPUs that may be used all the time, where it is lent more for a while; absent: all.',
    ),
  memoryGiB,
  usableMemory,
  diskGbMonth: price.exactOptional().describe('Of its disk, for one GB and month; absent where it has none.'),
});

export const units = [...plainUnits, 'gib-hour', 'managed-node-hour'] as const;

export const priceEntry = z.discriminatedUnion(
  'unit',
  [
    plainEntry('vcpu-hour'),
    memoryEntry,
    plainEntry('disk-gb-month'),
    plainEntry('balancer-hour'),
    plainEntry('balancer-gb'),
    plainEntry('zone-traffic-gib'),
    managedEntry,
  ],
  { error: `give a unit: ${units.join(', ')}` },
);
export type PriceEntry = Readonly<z.infer<typeof priceEntry>>;

const exchange = z.strictObject({
  value: z.number().positive('a rate is more than 0').describe("One of this currency in the book's."),
  source,
  asOf,
});

/** A server that can be rented by vCPU and GiB. */
const serverSize = z.strictObject({ vcpus, memoryGiB });

export const priceBook = z.strictObject({
  $schema: z.string().exactOptional(),
  title: z.string().trim().min(1, 'give the book a title'),
  currency,
  rates: z.record(currency, exchange).exactOptional(),
  sizes: z.array(serverSize).min(1, 'name at least one size of server'),
  entries: z.array(priceEntry),
});
export type PriceBook = Readonly<z.infer<typeof priceBook>>;

export type BookResult =
  | { readonly status: 'valid'; readonly book: PriceBook }
  /** Every mistake, each with what to do. */
  | { readonly status: 'invalid'; readonly mistakes: readonly string[] };

/** What is wrong with the name of a strategy that a provider is said to run; null where nothing is. */
export type Strange = (strategy: string) => string | null;

/**
 * @param content the parsed JSON
 * @param today as `2026-11-26`: a price of a later day is a mistake
 */
export function parseBook(content: unknown, today: string, strange: Strange): BookResult {
  const parsed = priceBook.safeParse(content);
  const mistakes = [
    ...(parsed.success ? [] : sumOfMistakes(parsed.error)),
    ...togetherMistakes(content, today, strange),
  ];
  if (parsed.success && mistakes.length === 0) return { status: 'valid', book: parsed.data };
  return { status: 'invalid', mistakes };
}

const word = z.string().optional().catch(undefined);
/** What is read of an entry, and of a book, with other mistakes in it, so that all are told at once. */
const looseEntry = z
  .object({
    id: word,
    unit: word,
    currency: word,
    asOf: word,
    runs: z.array(z.string()).optional().catch(undefined),
  })
  .catch({});
const looseRate = z.object({ asOf: word }).catch({});
const loose = z.object({
  currency: word,
  rates: z.record(z.string(), looseRate).catch({}),
  entries: z.array(looseEntry).catch([]),
});
type Loose = z.infer<typeof loose>;

/** Mistakes that no entry makes alone. */
function togetherMistakes(content: unknown, today: string, strange: Strange): readonly string[] {
  const book = loose.safeParse(content);
  if (!book.success) return [];
  const { entries } = book.data;
  return [
    ...twiceMistakes(entries),
    ...missingMistakes(entries),
    ...currencyMistakes(book.data),
    ...rateMistakes(book.data),
    ...dayMistakes(book.data, today),
    ...entries.flatMap(({ id, runs = [] }) =>
      runs.flatMap((name) => strange(name) ?? []).map((mistake) => `entries: ${id}: runs: ${mistake}`),
    ),
  ];
}

const dayMistakes = ({ entries, rates }: Loose, today: string): readonly string[] =>
  [
    ...entries.map(({ id, asOf: day }) => ({ place: `entries: ${id}`, day })),
    ...Object.entries(rates).map(([of, { asOf: day }]) => ({ place: `rates: ${of}`, day })),
  ]
    .filter(({ day }) => isDay(day) && day > today)
    .map(({ place, day }) => `${place}: asOf: ${day} is still to come; give the day on which it was read`);

const isDay = (text: string | undefined): text is string => asOf.safeParse(text).success;

/** Units of which a book has exactly one entry. */
const single = units.filter((unit) => unit !== 'managed-node-hour');

function twiceMistakes(entries: Loose['entries']): readonly string[] {
  const ids = entries.flatMap(({ id }) => id ?? []);
  const sameIds = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  const sameUnits = single.filter((unit) => entries.filter((each) => each.unit === unit).length > 1);
  return [
    ...sameIds.map((id) => `entries: two have the id "${id}"; give each its own`),
    ...sameUnits.map((unit) => {
      const named = entries.filter((each) => each.unit === unit).map(({ id }) => `"${id}"`);
      return `entries: ${named.join(' and ')} both have the unit ${unit}, and one alone can count; keep one`;
    }),
  ];
}

const missingMistakes = (entries: Loose['entries']): readonly string[] =>
  single
    .filter((unit) => !entries.some((each) => each.unit === unit))
    .map(
      (unit) =>
        `entries: none has the unit ${unit}; add one, with the price 0 and a source where it costs nothing`,
    );

const currenciesOf = (entries: Loose['entries']): ReadonlySet<string> =>
  new Set(entries.flatMap((each) => currency.safeParse(each.currency).data ?? []));

function currencyMistakes({ currency: own, rates, entries }: Loose): readonly string[] {
  if (!currency.safeParse(own).success) return [];
  return [...currenciesOf(entries)]
    .filter((each) => each !== own && !(each in rates))
    .map(
      (each) =>
        `entries: prices are in ${each} and the book is in ${own}; add the rate, "rates": { "${each}": { "value": …, "source": …, "asOf": … } }`,
    );
}

/** A rate that changes nothing was meant to. */
function rateMistakes({ currency: own, rates, entries }: Loose): readonly string[] {
  const used = currenciesOf(entries);
  return Object.keys(rates).flatMap((each) => {
    if (each === own) return [`rates: ${each}: the book is in ${own} itself; take the rate out`];
    return used.has(each)
      ? []
      : [
          `rates: ${each}: no price is in ${each}; take the rate out, or say of prices that are in it "currency": "${each}"`,
        ];
  });
}
