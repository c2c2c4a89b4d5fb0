/** What was measured, as Markdown. */
import { engineName, stockName, wrkName } from './generators.ts';
import type { Window } from './measure.ts';
import { median } from './median.ts';

export interface Row {
  readonly generator: string;
  readonly closed: readonly Window[];
  /** Empty where the generator has no such pace. */
  readonly fixed: readonly Window[];
}

export interface Findings {
  readonly rows: readonly Row[];
  readonly rate: number;
  readonly connections: number;
  readonly rounds: number;
  readonly windowSeconds: number;
  /** Usual resident memory of our engine, in bytes, after so many requests. */
  readonly memory: readonly { readonly requests: number; readonly bytes: number }[];
  /** Processor, cores, kernel and versions. */
  readonly machine: string;
  /** ISO 8601 date. */
  readonly date: string;
}

const cpu = (windows: readonly Window[]) => median(windows.map((each) => each.cpuMicrosPerRequest));

function cpuCell(windows: readonly Window[]): string {
  if (windows.length === 0) return '—';
  const all = windows.map((each) => each.cpuMicrosPerRequest);
  return `${cpu(windows).toFixed(1)} µs (${Math.min(...all).toFixed(1)}–${Math.max(...all).toFixed(1)})`;
}

/**
 * Median over rounds of this generator's cost over the other's in the same round: what disturbs a round disturbs both.
 */
export function ratio(windows: readonly Window[], others: readonly Window[]): number {
  return median(
    windows.flatMap((each, round) => {
      const other = others[round];
      return other ? [each.cpuMicrosPerRequest / other.cpuMicrosPerRequest] : [];
    }),
  );
}

const times = (value: number) => (Number.isNaN(value) ? '—' : `${value.toFixed(2)}x`);

export function markdown(findings: Findings): string {
  const { rows, memory } = findings;
  const of = (name: string) => rows.find((row) => row.generator === name);
  const wrk = of(wrkName)?.closed ?? [];
  const stock = of(stockName);
  const cells = rows.map(({ generator, closed, fixed }) => [
    generator,
    cpuCell(closed),
    `${Math.round(median(closed.map((each) => each.requestsPerSecond)))}/s`,
    times(ratio(closed, wrk)),
    times(ratio(closed, stock?.closed ?? [])),
    cpuCell(fixed),
    times(ratio(fixed, stock?.fixed ?? [])),
  ]);
  const head = [
    'generator',
    'closed loop: CPU per request',
    'requests',
    'to wrk',
    'to stock k6',
    `at ${findings.rate}/s: CPU per request`,
    'to stock k6',
  ];
  return [
    `Measured on ${findings.date}; ${findings.machine}.`,
    '',
    tableOf([head, ...cells]),
    '',
    `Medians of ${findings.rounds} rounds (least–most), each generator once a round, in windows of ` +
      `${findings.windowSeconds} s. ${findings.connections} connections; generator on one core, target on another. ` +
      'Ratios are of the same round.',
    '',
    `Memory of ${engineName}:`,
    '',
    tableOf([
      ['requests', 'resident memory, median of three seconds'],
      ...memory.map(({ requests, bytes }) => [
        requests.toLocaleString('en'),
        `${(bytes / 2 ** 20).toFixed(1)} MiB`,
      ]),
    ]),
    '',
  ].join('\n');
}

function tableOf([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head ?? []), line((head ?? []).map(() => '---')), ...rows.map(line)].join('\n');
}

export interface Goal {
  readonly text: string;
  readonly reached: boolean;
}

/** How much memory may differ by chance: collection of garbage comes when it comes. */
const memoryNoise = 0.1;

export function goals({ rows, memory }: Findings): readonly Goal[] {
  const of = (name: string) => rows.find((row) => row.generator === name)?.closed ?? [];
  const toWrk = ratio(of(engineName), of(wrkName));
  const toStock = ratio(of(engineName), of(stockName));
  const growth = (memory.at(-1)?.bytes ?? Number.NaN) / (memory[0]?.bytes ?? Number.NaN) - 1;
  return [
    { text: `at most 2x wrk: ${times(toWrk)}`, reached: toWrk <= 2 },
    { text: `at most a quarter of stock k6: ${times(toStock)}`, reached: toStock <= 0.25 },
    {
      text: `memory does not grow with requests: ${(growth * 100).toFixed(1)} %`,
      reached: growth <= memoryNoise,
    },
  ];
}
