/** What to know before the numbers. */
import type { Finding } from '../../../record/reasons.ts';
import { findings, paragraph, section } from '../../document/build.ts';
import type { Section } from '../../document/document.ts';

export const findingsPart = (found: readonly Finding[]): Section =>
  section(
    'findings',
    'Read this first',
    'everywhere',
    found.length > 0
      ? findings(found)
      : paragraph(
          'Nothing out of the ordinary: every trial is valid, every answer was right, and all counts agree.',
        ),
  );
