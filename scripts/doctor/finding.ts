/** One line of the doctor's list. */
export interface Finding {
  readonly name: string;
  /**
   * `good`; `later`: bench does it by itself (fetches, builds); `hint`: runs, but numbers or comfort suffer;
   * `bad`: something cannot run.
   */
  readonly status: 'good' | 'later' | 'hint' | 'bad';
  /** What was found. */
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

const marks: Readonly<Record<Finding['status'], string>> = { good: '✔', later: '↓', hint: '!', bad: '✖' };

/** The list as a person reads it. */
export function describeSections(sections: readonly Section[]): string {
  const width = Math.max(...sections.flatMap(({ findings }) => findings.map(({ name }) => name.length)));
  const indent = ' '.repeat(width + 6);
  const text = ({ name, status, detail, remedy }: Finding) =>
    [
      `  ${marks[status]} ${name.padEnd(width)}  ${detail.replaceAll('\n', `\n${indent}`)}`,
      ...(remedy ? [`${indent}→ ${remedy}`] : []),
    ].join('\n');
  return sections.map(({ title, findings }) => [title, ...findings.map(text)].join('\n')).join('\n\n');
}
