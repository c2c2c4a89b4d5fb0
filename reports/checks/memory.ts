import { findingOf } from '../../record/reasons.ts';
import { listed } from '../words/format.ts';
import type { Check } from './check.ts';

/** Memory that no valid trial of a strategy could read. */
export const memoryUnknown: Check = ({ strategies }) =>
  strategies
    .filter(({ status }) => status === 'valid')
    .flatMap(({ title, memoryBytes: { app, store } }) => {
      const unknown = [app === null ? ['of the apps'] : [], store === null ? ['of the servers'] : []].flat();
      if (unknown.length === 0) return [];
      return [findingOf('memory-unknown', `${title}: the memory ${listed(unknown)} could not be read.`)];
    });
