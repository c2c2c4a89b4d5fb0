/**
 * How strategies and states are told apart: colour, shape and dash together, so that colour alone never carries a
 * meaning. Colours are custom properties of the page's style sheet, which has their values for both themes.
 */
import type { Look, Mark, Shape } from './document.ts';

export const lookCount = 8;

const shapes = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
] as const satisfies readonly Shape[];

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
  return {
    colour: `var(--s${slot})`,
    shape: shapes[slot] ?? 'circle',
    hollow: false,
    dash: dashes[slot] ?? [],
  };
}

/** @param sign stands for it where nothing is drawn; none unless given */
export const markOf = (shape: Shape, colour: string, sign = ''): Mark => ({
  kind: 'mark',
  look: { colour: `var(--${colour})`, shape, hollow: false, dash: [] },
  sign,
});

export const hollowMark = (shape: Shape, colour: string): Mark => {
  const mark = markOf(shape, colour);
  return { ...mark, look: { ...mark.look, hollow: true } };
};
