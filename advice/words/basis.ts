/** Where a number comes from, in words. */
import type { Basis, Remedy, Tested } from '../evidence/basis.ts';
import { about } from './format.ts';

export function basisWords(basis: Basis): string {
  switch (basis.kind) {
    case 'measured':
      return `measured here (${basis.run})`;
    case 'scaled':
      return `scaled; ${testedWords(basis.tested)} (${basis.run})`;
    case 'extrapolated':
      return `extrapolated, ${about(basis.times)} times what was tested; ${testedWords(basis.tested)} (${basis.run})`;
    case 'line':
      return `on a line, ${about(basis.times)} times what was tested: it foretold ${about(basis.foretold.times)} times as many as it was made of to ${about(Math.abs(basis.foretold.error) * 100)} %; ${testedWords(basis.tested)} (${basis.run})`;
    case 'priced':
      return basis.entries.length === 0 ? 'priced' : `priced (${basis.entries.join(', ')})`;
    case 'on-paper':
      return `on paper, not measured here: ${basis.command}`;
    case 'assumed':
      return `assumed: ${basis.what}`;
    case 'none':
      return `not measured: ${remedyWords(basis)}`;
  }
}

/** The command, and the machine that it takes. */
export const remedyWords = ({ command, on }: Remedy): string =>
  on === null ? command : `${command}, ${on.words}`;

const testedWords = ({ from, to, unit }: Tested): string =>
  from === 0 || from === to
    ? `tested to ${about(to)} ${unit}`
    : `tested from ${about(from)} to ${about(to)} ${unit}`;
