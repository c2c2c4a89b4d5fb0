/** Numbers and lists as people read them. A number that is not there is an em dash. */
import { formatCount } from '../../record/counted.ts';
import { listed } from '../../record/listed.ts';

export { counted, formatCount, perSecond } from '../../record/counted.ts';
export { listed } from '../../record/listed.ts';

export const absent = '—';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** As few digits as say it: 5, 99.9, 0.1. */
export const plainNumber = (value: number): string => String(Number(value.toPrecision(6)));

/** Milliseconds with about three significant digits: 0.523, 7.61, 48.2, 1,204. */
export function formatMs(value: number): string {
  if (value >= 1000) return whole.format(value);
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

/** Microseconds of CPU time: whole numbers from 10 on. */
export const formatMicros = (value: number): string => (value < 10 ? value.toFixed(1) : whole.format(value));

export const formatMiB = (bytes: number): string => {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 10 ? mebibytes.toFixed(1) : whole.format(mebibytes);
};

export const formatGiB = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);

/** A share (0 to 1) as per cent, with as many digits as keep a small share from reading as none. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.01) return '< 0.01 %';
  return `${percent < 1 ? percent.toFixed(2) : percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** How much of a goal was reached; rounded down, so that 99.96 % does not read as all of it. */
export const formatReached = (share: number): string =>
  share >= 1 ? `${(share * 100).toFixed(0)} %` : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;

/** 2.2×, 12×. */
export const formatRatio = (ratio: number): string =>
  `${ratio < 10 ? ratio.toFixed(1) : whole.format(ratio)}×`;

export const orAbsent = <Value>(value: Value | null | undefined, format: (value: Value) => string): string =>
  value === null || value === undefined ? absent : format(value);

const small = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
export const inWords = (value: number): string => small[value] ?? formatCount(value);

export const disjoined = (items: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(items);

/** `3 lost and 1 stale`: the classes that are not zero; empty where none are known. */
export function formatClasses(classes: Readonly<Record<string, number>> | null): string {
  const present = Object.entries(classes ?? {}).filter(([, count]) => count > 0);
  return listed(present.map(([name, count]) => `${formatCount(count)} ${name}`));
}

/** Names of files stay as they are. */
export const upperFirst = (text: string): string =>
  /^[^\s/]+\//.test(text) ? text : `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
export const lowerFirst = (text: string): string => `${text[0]?.toLowerCase() ?? ''}${text.slice(1)}`;
