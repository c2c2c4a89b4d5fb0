/** What a run needs of this machine, as a document: a checklist for each part of it. */
import { checklist, emptySuite, paragraph, section } from '../document/build.ts';
import type { Document, Told } from '../document/document.ts';

/** As infra/requirements finds it. */
export interface Requirement {
  readonly name: string;
  readonly status: 'good' | 'later' | 'hint' | 'bad';
  readonly detail: string;
  readonly remedy: string | null;
}

export interface Part {
  readonly title: string;
  readonly findings: readonly Requirement[];
}

/** @param allCanRun whether nothing stands in the way of any strategy */
export const doctorPage = (parts: readonly Part[], allCanRun: boolean): Document => ({
  title: 'session-bench: doctor',
  subject: '',
  answer: allCanRun
    ? { text: 'Every strategy can run.', tone: 'good' }
    : { text: 'Not everything can run: see the lines marked ✖.', tone: 'bad' },
  details: [],
  setting: '',
  sections: [
    ...parts.map(({ title, findings }) =>
      section(title.toLowerCase().replaceAll(' ', '-'), title, 'everywhere', checklist(findings.map(told))),
    ),
    section(
      'marks',
      'Marks',
      'everywhere',
      paragraph('✔ good   ↓ bench does it by itself   ! runs, with a drawback   ✖ in the way'),
    ),
  ],
  suite: emptySuite,
});

const levels = { good: 'good', later: 'later', hint: 'warning', bad: 'alarm' } as const;

const told = ({ name, status, detail, remedy }: Requirement): Told => ({
  level: levels[status],
  label: name,
  text: detail,
  remedy: remedy ?? '',
});
