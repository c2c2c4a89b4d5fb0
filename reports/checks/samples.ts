import { enoughBeyond, isThin } from '../facts/merged.ts';
import type { Check } from './check.ts';

/** High percentiles of few requests. */
export const fewSamples: Check = ({ strategies }) => {
  const thin = strategies.some(({ operations }) =>
    Object.values(operations).some(({ count }) => isThin(count, 99.9)),
  );
  if (!thin) return [];
  return [
    {
      severity: 'note',
      code: 'few-samples',
      message: `Some high percentiles rest on fewer than ${enoughBeyond} slower requests; they are marked with ~ and left out of the curves.`,
      remedy: 'Measure longer or with more blocks for those.',
    },
  ];
};
