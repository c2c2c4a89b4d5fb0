/** Times and shares as a terminal shows them. */

/** 1:05 for 65 seconds, 2:03:00 for hours. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const rest = String(total % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** Microseconds as µs, ms or s with three significant digits. */
export function micros(value: number): string {
  if (value < 1000) return `${Math.round(value)} µs`;
  if (value < 1_000_000) return `${Number((value / 1000).toPrecision(3))} ms`;
  return `${Number((value / 1_000_000).toPrecision(3))} s`;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
