/** Where a number comes from, in words. */
import type { Basis, Tested } from '../evidence/basis.ts';
import { about } from './format.ts';

export function basisWords(basis: Basis): string {
  switch (basis.kind) {
    case 'measured':
      return `measured here (${basis.run})`;
    case 'scaled':
      return `scaled; ${testedWords(basis.tested)} (${basis.run})`;
    case 'extrapolated':
      return `extrapolated, ${about(basis.times)} times what was tested; ${testedWords(basis.tested)} (${basis.run})`;
    case 'priced':
      return basis.entries.length === 0 ? 'priced' : `priced (${basis.entries.join(', ')})`;
    case 'on-paper':
      return `on paper, not measured here: ${basis.command}`;
    case 'assumed':
      return `assumed: ${basis.what}`;
    case 'none':
      return `not measured: ${basis.command}`;
  }
}

const testedWords = ({ from, to, unit }: Tested): string =>
  from === 0 || from === to
    ? `tested to ${about(to)} ${unit}`
    : `tested from ${about(from)} to ${about(to)} ${unit}`;
