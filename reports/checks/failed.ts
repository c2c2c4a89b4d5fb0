import { sumOf } from '../../record/common.ts';
import { findingOf } from '../../record/reasons.ts';
import { asSentenceEnd } from '../../record/sentence.ts';
import { errorsInWords } from '../words/errors.ts';
import { causesOf, losing, refusing } from './causes.ts';
import type { Check } from './check.ts';

/** Strategies that answered too little to be compared with any other: an alarm for each. */
export const failedStrategies: Check = (facts) =>
  facts.strategies
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, title, reasons, errors }) => {
      const found = reasons.find(({ code }) => code === 'strategy-failed');
      if (!found) return [];
      const kinds = sumOf(errors) > 0 ? `; in all its trials ${errorsInWords(errors)}` : '';
      const message = `${title} failed and is in no ranking: ${asSentenceEnd(`${found.message}${kinds}`)}`;
      const { text, remedy } = causesOf(facts, name, [...losing, ...refusing]);
      return [findingOf('strategy-failed', `${message}${text}`, remedy ?? found.remedy)];
    });
