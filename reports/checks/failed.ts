import { sumOf } from '../../record/common.ts';
import { findingOf } from '../../record/reasons.ts';
import { errorsInWords } from '../words/errors.ts';
import { asSentenceEnd, type Check } from './check.ts';

/** Strategies that answered too little to be compared with any other: an alarm for each. */
export const failedStrategies: Check = ({ strategies }) =>
  strategies
    .filter(({ status }) => status === 'failed')
    .flatMap(({ title, reasons, errors }) => {
      const found = reasons.find(({ code }) => code === 'strategy-failed');
      if (!found) return [];
      const kinds = sumOf(errors) > 0 ? `; in all its trials ${errorsInWords(errors)}` : '';
      const message = `${title} failed and is in no ranking: ${asSentenceEnd(`${found.message}${kinds}`)}`;
      return [findingOf('strategy-failed', message, found.remedy)];
    });
