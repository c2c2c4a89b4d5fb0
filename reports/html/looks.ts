/**
 * How strategies are told apart: colour, shape and dash together, so that colour alone never carries a meaning.
 * Colours follow Okabe and Ito (2008), made darker on white and lighter on black until each has a contrast of 3:1
 * (WCAG 2.2, 1.4.11); the style sheet holds the values for both themes.
 */

export interface Look {
  /** A custom property of the style sheet: `var(--s0)`. */
  readonly colour: string;
  /** Name of a Vega symbol. */
  readonly shape: string;
  /** The same symbol as SVG path within 16 × 16. */
  readonly shapePath: string;
  /** Stroke dash pattern. */
  readonly dash: readonly number[];
}

export const lookCount = 8;

const shapes = [
  { shape: 'circle', shapePath: 'M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0 -9z' },
  { shape: 'square', shapePath: 'M4 4h8v8h-8z' },
  { shape: 'triangle-up', shapePath: 'M8 3.2L13 12.4H3z' },
  { shape: 'diamond', shapePath: 'M8 2.6L13 8L8 13.4L3 8z' },
  { shape: 'cross', shapePath: 'M6.2 3h3.6v3.2H13v3.6H9.8V13H6.2V9.8H3V6.2h3.2z' },
  { shape: 'triangle-down', shapePath: 'M8 12.8L13 3.6H3z' },
  { shape: 'triangle-right', shapePath: 'M12.8 8L3.6 3v10z' },
  { shape: 'triangle-left', shapePath: 'M3.2 8L12.4 3v10z' },
] as const;

const dashes: readonly (readonly number[])[] = [
  [1, 0],
  [7, 2],
  [2, 2],
  [8, 2, 2, 2],
  [4, 2],
  [10, 3, 2, 3, 2, 3],
  [3, 4],
  [12, 4],
];

/** Repeats after eight; the label is then what tells two strategies apart. */
export function lookOf(index: number): Look {
  const slot = index % lookCount;
  const symbol = shapes[slot] ?? shapes[0];
  return { colour: `var(--s${slot})`, dash: dashes[slot] ?? [1, 0], ...symbol };
}
