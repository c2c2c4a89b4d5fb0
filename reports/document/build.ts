/** Constructors of the parts of a document: short names, so that a page reads as what it shows. */
import type { Finding } from '../../record/reasons.ts';
import { asSentenceEnd } from '../../record/sentence.ts';
import type {
  Block,
  Chart,
  Column,
  KeyEntry,
  Reach,
  Section,
  StrategyName,
  Style,
  Suite,
  Table,
  Text,
  Told,
} from './document.ts';

export const section = (id: string, heading: string, reach: Reach, ...blocks: readonly Block[]): Section => ({
  id,
  heading,
  reach,
  blocks,
});

export const paragraph = (...text: readonly Text[]): Block => ({ kind: 'paragraph', text, tone: 'plain' });
export const hint = (...text: readonly Text[]): Block => ({ kind: 'paragraph', text, tone: 'hint' });
export const heading = (id: string, text: string): Block => ({ kind: 'heading', id, text });
export const list = (items: readonly Text[]): Block => ({ kind: 'list', items });
export const terms = (all: readonly (readonly [string, Text])[]): Block => ({ kind: 'terms', terms: all });
export const charts = (size: 'small' | 'wide', all: readonly Chart[]): Block => ({
  kind: 'charts',
  size,
  charts: all,
});
export const key = (label: string, entries: readonly KeyEntry[]): Block => ({ kind: 'key', label, entries });
export const legend = (strategies: readonly StrategyName[]): Block => ({ kind: 'legend', strategies });
export const switchOf = (parameter: string, text: string): Block => ({ kind: 'switch', parameter, text });
export const details = (summary: string, ...blocks: readonly Block[]): Block => ({
  kind: 'details',
  summary,
  blocks,
});
export const only = (reach: Reach, ...blocks: readonly Block[]): Block => ({ kind: 'only', reach, blocks });

export const table = (
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Text[])[],
): Table => ({ kind: 'table', caption, columns, rows });

/** A column with what stands in it for a row. */
export type Field<Row> = readonly [column: Column, cell: (row: Row) => Text];

export const tableOf = <Row>(caption: string, rows: readonly Row[], fields: readonly Field<Row>[]): Table =>
  table(
    caption,
    fields.map(([each]) => each),
    rows.map((row) => fields.map(([, cell]) => cell(row))),
  );

type ColumnOptions = Partial<Pick<Column, 'short' | 'unit' | 'reach' | 'narrow'>>;

const column =
  (kind: Column['kind']) =>
  (
    title: string,
    { short = title, unit = '', reach = 'everywhere', narrow = 'stay' }: ColumnOptions = {},
  ): Column => ({
    heading: title,
    short,
    unit,
    kind,
    reach,
    narrow,
  });
export const words = column('words');
export const numbers = column('numbers');

const styled =
  (style: Style) =>
  (...text: readonly Text[]): Text => ({ kind: 'styled', style, text });
export const strong = styled('strong');
export const emphasis = styled('emphasis');
export const code = styled('code');
export const small = styled('small');
export const bad = styled('bad');
export const good = styled('good');
export const notable = styled('notable');
export const badge = styled('badge');
export const letters = styled('letters');
export const unbroken = styled('unbroken');
export const roomy = styled('roomy');
export const items = (all: readonly Text[]): Text => ({ kind: 'items', items: all });

const labels = { alarm: 'Alarm', warning: 'Warning', note: 'Note' } as const;

export const findings = (all: readonly Finding[]): Block => ({
  kind: 'findings',
  findings: all.map(
    ({ severity, code: found, message, remedy }): Told => ({
      level: severity,
      label: found === 'violations' ? 'Wrong answers' : labels[severity],
      text: asSentenceEnd(message),
      remedy,
    }),
  ),
});

export const checklist = (items: readonly Told[]): Block => ({ kind: 'checklist', items });

/** Of a document that judges nothing. */
export const emptySuite: Suite = { name: '', startedAt: '', properties: [], cases: [], notes: [] };
