/** The doctor's findings as a person reads them. */
import type { Finding, Section, Standing } from '../../infra/requirements/index.ts';

const marks: Readonly<Record<Standing, string>> = { good: '✔', later: '↓', hint: '!', bad: '✖' };
const legend = '✔ good   ↓ bench does it by itself   ! runs, with a drawback   ✖ in the way';

export function describeSections(sections: readonly Section[], allCanRun: boolean): string {
  const names = sections.flatMap(({ findings }) => findings.map(({ name }) => name));
  const width = Math.max(...names.map(({ length }) => length));
  const parts = sections.map(({ title, findings }) =>
    [title, ...findings.map((finding) => describe(finding, width))].join('\n'),
  );
  const answer = allCanRun ? 'Every strategy can run.' : 'Not everything can run: see the lines marked ✖.';
  return `${parts.join('\n\n')}\n\n${legend}\n${answer}\n`;
}

function describe({ name, status, detail, remedy }: Finding, width: number): string {
  const indent = ' '.repeat(width + 6);
  const found = `  ${marks[status]} ${name.padEnd(width)}  ${detail.replaceAll('\n', `\n${indent}`)}`;
  return remedy === null ? found : `${found}\n${indent}→ ${remedy}`;
}
