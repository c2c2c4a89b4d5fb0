/**
 * Trials of several strategies in blocks, as an additive model on the log scale: log value = block + strategy + noise
 * (randomised complete block design; Montgomery 2017, Design and Analysis of Experiments, ch. 4). By least squares, so that a
 * missing trial costs only itself (ibid., §4.1.4, the general regression significance test).
 */
import type { Observation } from './paired.ts';

export interface BlockDesignFit {
  /** Degrees of freedom of the noise; 0 where every value is needed to fit the model. */
  readonly freedom: number;
  /** Variance of the noise of one log value; null without a degree of freedom. */
  readonly variance: number | null;
  /** Values of one strategy that the fit rests on. */
  trials(strategy: number): number;
  /** Difference of two strategies; null where no chain of common blocks links them. */
  difference(from: number, to: number): Difference | null;
  /**
   * Variance of the noise of one strategy's log values, from what the model leaves of them (Grubbs 1948, J. Am. Stat. Assoc.
   * 43:243). Null where the values cannot tell it: one block, or two strategies, whose rests mirror each other.
   */
  ownVariance(strategy: number): number | null;
}

export interface Difference {
  /** log(to / from). */
  readonly estimate: number;
  /** Variance of the estimate over the variance of the noise: 2 / n where n blocks are complete. */
  readonly relativeVariance: number;
  /** Strategies that are linked with these two, themselves included. */
  readonly groups: number;
}

interface Cell {
  readonly strategy: number;
  readonly block: number;
  readonly log: number;
}

/**
 * @param sides values of each strategy; those that are null are missing, and the others are above 0. A block in which a
 * strategy has two values is missing for it.
 */
export function fitBlockDesign(sides: readonly (readonly Observation[])[]): BlockDesignFit {
  const cells = inSharedBlocks(sides.flatMap(cellsOf));
  const components = linked(cells);
  const fits = components.map((component) => fitComponent(component));
  const freedom = fits.reduce((sum, each) => sum + each.freedom, 0);
  const residual = fits.reduce((sum, each) => sum + each.residual, 0);
  return {
    freedom,
    variance: freedom === 0 ? null : residual / freedom,
    trials: (strategy) => cells.filter((cell) => cell.strategy === strategy).length,
    difference(from, to) {
      const fit = fits.find(({ effects }) => effects.has(from) && effects.has(to));
      if (fit === undefined || from === to) return null;
      return fit.difference(from, to);
    },
    ownVariance(strategy) {
      return fits.find(({ effects }) => effects.has(strategy))?.ownVariance(strategy) ?? null;
    },
  };
}

function cellsOf(trials: readonly Observation[], strategy: number): Cell[] {
  const times = new Map<number, number>();
  for (const { block } of trials) times.set(block, (times.get(block) ?? 0) + 1);
  return trials.flatMap(({ block, value }) =>
    value === null || times.get(block) !== 1 ? [] : [{ strategy, block, log: Math.log(value) }],
  );
}

/** A value that is alone in its block says nothing of any difference. */
function inSharedBlocks(cells: readonly Cell[]): Cell[] {
  const sizes = new Map<number, number>();
  for (const { block } of cells) sizes.set(block, (sizes.get(block) ?? 0) + 1);
  return cells.filter(({ block }) => (sizes.get(block) ?? 0) > 1);
}

/** Cells in groups between which no strategy has a block in common. */
function linked(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const groups: Cell[][] = [];
  const open = new Set(cells);
  for (const first of cells) {
    if (!open.delete(first)) continue;
    const group = [first];
    // The list grows while it is walked: every cell brings those of its strategy and of its block.
    for (const { strategy, block } of group)
      for (const other of open)
        if (other.strategy === strategy || other.block === block) {
          open.delete(other);
          group.push(other);
        }
    groups.push(group);
  }
  return groups;
}

interface ComponentFit {
  readonly effects: ReadonlyMap<number, number>;
  readonly freedom: number;
  /** Sum of squares of what the model leaves. */
  readonly residual: number;
  difference(from: number, to: number): Difference;
  ownVariance(strategy: number): number | null;
}

function fitComponent(cells: readonly Cell[]): ComponentFit {
  const strategies = [...new Set(cells.map(({ strategy }) => strategy))];
  const blocks = Map.groupBy(cells, ({ block }) => block);
  const at = new Map(strategies.map((strategy, index) => [strategy, index]));
  const indexOf = ({ strategy }: Cell): number => at.get(strategy) ?? 0;
  const count = strategies.length;
  // Normal equations of the strategies once the blocks are eliminated. Effects are known up to a common summand; adding
  // 1/count to every cell of the matrix picks one, and changes no difference.
  const matrix = Array.from({ length: count }, () => Array.from({ length: count }, () => 1 / count));
  const right = Array.from({ length: count }, () => 0);
  for (const own of blocks.values()) {
    const mean = meanOf(own.map(({ log }) => log));
    for (const cell of own) {
      const row = matrix[indexOf(cell)];
      right[indexOf(cell)] = (right[indexOf(cell)] ?? 0) + cell.log - mean;
      for (const other of own) add(row, indexOf(other), (other === cell ? 1 : 0) - 1 / own.length);
    }
  }
  const inverse = inverted(matrix);
  const solved = inverse.map((row) => row.reduce((sum, each, index) => sum + each * (right[index] ?? 0), 0));
  const effects = new Map(strategies.map((strategy, index) => [strategy, solved[index] ?? 0]));
  const effectOf = (strategy: number): number => effects.get(strategy) ?? 0;
  const freedom = cells.length - blocks.size - count + 1;
  const rests = [...blocks.values()].flatMap((own) => {
    const left = own.map(({ strategy, log }) => ({ strategy, rest: log - effectOf(strategy) }));
    const mean = meanOf(left.map(({ rest }) => rest));
    return left.map(({ strategy, rest }) => ({ strategy, square: (rest - mean) ** 2 }));
  });
  const residual = rests.reduce((sum, { square }) => sum + square, 0);
  return {
    effects,
    freedom,
    residual,
    ownVariance(strategy) {
      const own = rests.filter((each) => each.strategy === strategy);
      if (count < 3 || own.length < 2 || freedom === 0) return null;
      const mean = own.reduce((sum, { square }) => sum + square, 0) / (own.length - 1);
      // A rest holds 1 - 2/count of its own strategy's variance, and 1/count of the mean over all.
      return Math.max(0, (mean - residual / freedom / count) / (1 - 2 / count));
    },
    difference(from, to) {
      const [i, j] = [at.get(from) ?? 0, at.get(to) ?? 0];
      const entry = (row: number, column: number): number => inverse[row]?.[column] ?? 0;
      return {
        estimate: effectOf(to) - effectOf(from),
        relativeVariance: entry(i, i) + entry(j, j) - 2 * entry(i, j),
        groups: count,
      };
    },
  };
}

function add(row: number[] | undefined, index: number, value: number): void {
  if (row !== undefined) row[index] = (row[index] ?? 0) + value;
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

/** Of a positive definite matrix, by Gauss and Jordan; such a matrix needs no pivoting. */
function inverted(matrix: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const size = matrix.length;
  const rows = matrix.map((row, index) => [...row, ...row.map((_, column) => (column === index ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    const own = rows[column] ?? [];
    const pivot = own[column] ?? 1;
    for (let at = 0; at < own.length; at += 1) own[at] = (own[at] ?? 0) / pivot;
    for (const row of rows) {
      const factor = row[column] ?? 0;
      if (row === own || factor === 0) continue;
      for (let at = 0; at < row.length; at += 1) row[at] = (row[at] ?? 0) - factor * (own[at] ?? 0);
    }
  }
  return rows.map((row) => row.slice(size));
}
