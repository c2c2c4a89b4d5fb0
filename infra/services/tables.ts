/** What is in a database's tables, and how it is spoilt, for checks of security. Nothing is known of what the store made. */

/** A value of a row as a text; bytes as Latin-1. */
const textOf = (value: unknown): string => {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return value instanceof Date ? value.toISOString() : String(value);
};

export type Row = Readonly<Record<string, unknown>>;

export const textsOf = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap((row) => Object.values(row).map(textOf));

/** What is to be overwritten of a row: the longest of its other columns that hold text or bytes. */
export interface Victim {
  readonly keyColumn: string;
  readonly key: string | Buffer;
  readonly column: string;
}

/** Of the rows that have one of these names in a column. */
export function victimsIn(rows: readonly Row[], names: readonly string[]): readonly Victim[] {
  return rows.flatMap((row) => {
    const columns = Object.entries(row).flatMap(([name, value]) =>
      typeof value === 'string' || Buffer.isBuffer(value) ? [{ name, value, text: textOf(value) }] : [],
    );
    const key = columns.find(({ text }) => names.some((name) => text.includes(name)));
    const [longest] = columns
      .filter((each) => each !== key)
      .toSorted((a, b) => b.text.length - a.text.length);
    return key && longest ? [{ keyColumn: key.name, key: key.value, column: longest.name }] : [];
  });
}
