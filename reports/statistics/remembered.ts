/** Values that take milliseconds to compute, and depend on three numbers that recur for every comparison of a run. */
type OfThree = (first: number, second: number, third: number) => number;

export function remembered(compute: OfThree): OfThree {
  const known = new Map<string, number>();
  return (first, second, third) => {
    const key = `${first} ${second} ${third}`;
    const found = known.get(key) ?? compute(first, second, third);
    known.set(key, found);
    return found;
  };
}
