/**
 * A report as plain data: what is said and in which order, and nothing of how an output looks.
 *
 * ```ts
 * const document: Document = {
 *   title: 'session-bench', subject: 'run 20261120-093000-1a2b',
 *   answer: { text: 'Redis carried 897–988 requests/s.', tone: 'plain' },
 *   details: ['All six kept every session.'],
 *   setting: 'steady at 900/s, 12 blocks of 10 s',
 *   sections: [
 *     section('findings', 'Read this first', 'everywhere', findings(found)),
 *     section('latency', 'Latency', 'documents',
 *       paragraph('Counted from the ', strong('intended'), ' start.'),
 *       table('Latency in ms', [words('Strategy'), numbers('p99')], [['Redis', '7.61']]),
 *       only('page', charts('small', latencyCharts))),
 *   ],
 *   suite: emptySuite,
 * };
 * process.stdout.write(terminal(document, { columns: 80 }));
 * ```
 *
 * The constructors are in build.ts; reports/render has a function for each output: `terminal`, `markdown`, `junit`
 * and `html`. Text from outside (titles, log lines, host names) goes in as it is: escaping is the renderer's.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { Asked } from '../advice/asked.ts';

/** How far a part of a document goes: to every output, to Markdown and the page, to the page alone. */
export type Reach = 'everywhere' | 'documents' | 'page';

export interface Document {
  /** `session-bench`, `session-bench: comparison`. */
  readonly title: string;
  /** What is reported: `run 20261120-093000-1a2b`; empty where the title says it. */
  readonly subject: string;
  readonly answer: Answer;
  /** What else the answer rests on or leaves out, a sentence each. */
  readonly details: readonly string[];
  /** What was measured, on what and when, in one line. */
  readonly setting: Text;
  readonly sections: readonly Section[];
  readonly suite: Suite;
}

export interface Answer {
  /** At most `mostWords` words. */
  readonly text: string;
  /** `open`: nothing is certain; `void`: nothing could be judged. */
  readonly tone: 'plain' | 'good' | 'bad' | 'open' | 'void';
}

/** Of an answer. */
export const mostWords = 40;

export interface Section {
  /** Unique in the document; the page's anchor. */
  readonly id: string;
  readonly heading: string;
  readonly reach: Reach;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text; readonly tone: 'plain' | 'hint' }
  /** Below the section's own heading. */
  | { readonly kind: 'heading'; readonly id: string; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  /** Terms, each with what is to be said of it. */
  | { readonly kind: 'terms'; readonly terms: readonly (readonly [term: string, text: Text])[] }
  | { readonly kind: 'findings'; readonly findings: readonly Told[] }
  /** Things that were looked at, each by its name. */
  | { readonly kind: 'checklist'; readonly items: readonly Told[] }
  | Table
  | { readonly kind: 'charts'; readonly size: 'small' | 'wide'; readonly charts: readonly Chart[] }
  /** What the marks of a chart or table stand for. */
  | { readonly kind: 'key'; readonly label: string; readonly entries: readonly KeyEntry[] }
  /** Strategies of the charts that follow, to be muted one by one. */
  | { readonly kind: 'legend'; readonly strategies: readonly StrategyName[] }
  /** Shows or hides what the charts that follow draw under a parameter of this name. */
  | { readonly kind: 'switch'; readonly parameter: string; readonly text: string }
  /** Fields that a reader fills in, and the advice that comes of them; on the page, where scripts run. */
  | { readonly kind: 'choose'; readonly asked: Asked }
  /** Folded away until a reader asks for it. */
  | { readonly kind: 'details'; readonly summary: string; readonly blocks: readonly Block[] }
  | { readonly kind: 'only'; readonly reach: Reach; readonly blocks: readonly Block[] };

export interface Table {
  readonly kind: 'table';
  /** Unique in the document; says what the rows are to one who cannot see them. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** A cell for each column; the first names the row. */
  readonly rows: readonly (readonly Text[])[];
}

export interface Column {
  readonly heading: string;
  /** For terminals: a column is as wide as its heading at least. */
  readonly short: string;
  /** `µs`, `requests/s`; empty for none. */
  readonly unit: string;
  readonly kind: 'words' | 'numbers';
  readonly reach: Reach;
  /** In a terminal without room for all columns: it stays, goes on lines of its own below each row, or is left out. */
  readonly narrow: 'stay' | 'below' | 'drop';
}

/** A finding as a reader meets it; `later`: the tool sees to it by itself. */
export interface Told {
  readonly level: 'alarm' | 'warning' | 'note' | 'later' | 'good';
  /** `Wrong answers`, `Warning`, `redis-server`. */
  readonly label: string;
  readonly text: Text;
  /** What to do next; empty where nothing is to be done. */
  readonly remedy: Text;
}

export interface Chart {
  /** Unique in the document. */
  readonly id: string;
  readonly heading: string;
  /** What a reader who cannot see the chart is told. */
  readonly description: string;
  readonly spec: TopLevelSpec;
}

/** Layers of a specification with this name are transparent: they only catch the pointer. */
export const pointerLayer = 'pointer';

export interface KeyEntry {
  readonly mark: Mark;
  readonly text: Text;
}

/** Text with what stands out in it. Nothing of it is markup. */
export type Text =
  | string
  | Styled
  | Mark
  | StrategyName
  /** Items below each other within a cell or after a sentence. */
  | { readonly kind: 'items'; readonly items: readonly Text[] }
  | readonly Text[];

export interface Styled {
  readonly kind: 'styled';
  readonly style: Style;
  readonly text: Text;
}

export type Style =
  | 'strong'
  | 'emphasis'
  | 'code'
  /** Beside a number: a unit, where it comes from. */
  | 'small'
  /** Something that must not be overlooked, something that is as it should be, something to look at. */
  | 'bad'
  | 'good'
  | 'notable'
  /** A state beside a name: `no valid trial`. */
  | 'badge'
  /** Letters of a ranking beside a number. */
  | 'letters'
  /** Stays on one line; wants room in a narrow column. */
  | 'unbroken'
  | 'roomy';

/** A small symbol, drawn on the page. */
export interface Mark {
  readonly kind: 'mark';
  readonly look: Look;
  /** Stands for it in Markdown: `✅`; empty for none. */
  readonly sign: string;
}

/** Colour, shape and dash together, so that colour alone never carries a meaning. */
export interface Look {
  /** A custom property of the page's style sheet: `var(--s0)`. */
  readonly colour: string;
  readonly shape: Shape;
  /** Hollow marks are uncertain. */
  readonly hollow: boolean;
  /** Stroke dash pattern of the look's line. */
  readonly dash: readonly number[];
}

/** Names of Vega symbols, and a block of colour. */
export type Shape =
  | 'circle'
  | 'square'
  | 'triangle-up'
  | 'diamond'
  | 'cross'
  | 'triangle-down'
  | 'triangle-right'
  | 'triangle-left'
  | 'block';

/** A strategy with its symbol and line on the page. */
export interface StrategyName {
  readonly kind: 'strategy';
  /** Where there is room for a name. */
  readonly title: string;
  /** Short enough for an axis or a legend; equal to the title where that is. */
  readonly label: string;
  readonly look: Look;
}

/** What a document judges, for CI servers that show test results. */
export interface Suite {
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly properties: readonly (readonly [name: string, value: string])[];
  /** Empty where nothing is judged. */
  readonly cases: readonly Case[];
  readonly notes: readonly string[];
}

export interface Case {
  readonly group: string;
  readonly name: string;
  /** Time measured, in seconds. */
  readonly seconds: number;
  readonly outcome:
    | { readonly kind: 'passed' }
    /** `type`: a word for scripts: `violation`, `regression`. */
    | {
        readonly kind: 'failure' | 'error';
        readonly type: string;
        readonly message: string;
        readonly detail: string;
      }
    | { readonly kind: 'skipped'; readonly message: string };
  readonly notes: readonly string[];
}
