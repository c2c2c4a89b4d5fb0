/** What was measured, as Markdown. */
import { engineName, type Pace, stockName, wrk2Name, wrkName } from './generators.ts';
import type { Window } from './measure.ts';
import { median } from './median.ts';

/** One window of one generator. */
export interface Measured {
  readonly generator: string;
  readonly pace: Pace;
  /** Windows of one round lie close together in time. */
  readonly round: number;
  readonly window: Window;
}

export interface Findings {
  /** Rounds in their order. */
  readonly windows: readonly Measured[];
  readonly paces: readonly Pace[];
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

type Windows = Pick<Findings, 'windows'>;

const windowsOf = ({ windows }: Windows, generator: string, pace: Pace) =>
  windows.filter((each) => each.generator === generator && each.pace === pace);

function cpuCell(windows: readonly Measured[]): string {
  const all = windows.map(({ window }) => window.cpuMicrosPerRequest);
  return `${median(all).toFixed(1)} µs (${Math.min(...all).toFixed(1)}–${Math.max(...all).toFixed(1)})`;
}

/**
 * Median over rounds of this generator's cost over the other's in the same round: what disturbs a round disturbs both.
 * NaN where one of them was not measured at this pace.
 */
export function ratio(findings: Windows, generator: string, other: string, pace: Pace): number {
  const others = windowsOf(findings, other, pace);
  return median(
    windowsOf(findings, generator, pace).flatMap(({ round, window }) => {
      const beside = others.find((each) => each.round === round);
      return beside ? [window.cpuMicrosPerRequest / beside.window.cpuMicrosPerRequest] : [];
    }),
  );
}

const times = (value: number) => (Number.isNaN(value) ? '—' : `${value.toFixed(2)}x`);

function lagCell(windows: readonly Measured[]): string {
  const lags = windows.flatMap(({ window }) => window.lag ?? []);
  if (lags.length === 0) return '—';
  const [p50, p99] = [lags.map((each) => each.p50Micros), lags.map((each) => each.p99Micros)].map(median);
  return `${p50} / ${p99} µs`;
}

/** @param peer the generator of the same kind that others are compared with */
function rowsAt(findings: Findings, pace: Pace, peer: string): readonly (readonly string[])[] {
  const names = [...new Set(findings.windows.map(({ generator }) => generator))];
  return names.flatMap((name) => {
    const windows = windowsOf(findings, name, pace);
    if (windows.length === 0) return [];
    const speed = median(windows.map(({ window }) => window.requestsPerSecond));
    const ratios = [peer, stockName].map((other) => times(ratio(findings, name, other, pace)));
    return [[name, cpuCell(windows), `${Math.round(speed)}/s`, ...ratios, lagCell(windows)]];
  });
}

export function markdown(findings: Findings): string {
  const tables = findings.paces.flatMap((pace) => {
    const [title, peer] =
      pace === 'closed' ? (['In a closed loop', wrkName] as const) : ([`At ${pace}/s`, wrk2Name] as const);
    const head = [title, 'CPU per request', 'requests', `to ${peer}`, 'to stock k6', 'lag p50 / p99'];
    return [tableOf([head, ...rowsAt(findings, pace, peer)]), ''];
  });
  return [
    `Measured on ${findings.date}; ${findings.machine}.`,
    '',
    ...tables,
    `Medians of ${findings.rounds} rounds (least–most), each generator once a round, in windows of ` +
      `${findings.windowSeconds} s. ${findings.connections} connections; generator on one core, target on another. ` +
      'Ratios are of the same round.',
    '',
    `Memory of ${engineName}:`,
    '',
    tableOf([
      ['requests', 'resident memory, median of three seconds'],
      ...findings.memory.map(({ requests, bytes }) => [
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
  readonly outcome: 'reached' | 'missed' | 'not measured';
}

/** How much memory may differ by chance: collection of garbage comes when it comes. */
const memoryNoise = 0.1;

export function goals(findings: Pick<Findings, 'windows' | 'paces' | 'memory'>): readonly Goal[] {
  const growth =
    (findings.memory.at(-1)?.bytes ?? Number.NaN) / (findings.memory[0]?.bytes ?? Number.NaN) - 1;
  return [
    ...findings.paces.flatMap((pace) => {
      const [at, toPeer, toStock] =
        pace === 'closed' ? (['closed loop', 2, 0.25] as const) : ([`${pace}/s`, 1.5, 0.55] as const);
      const peer = pace === 'closed' ? wrkName : wrk2Name;
      return [
        goal(`${at}: at most ${toPeer}x ${peer}`, ratio(findings, engineName, peer, pace), toPeer, times),
        goal(
          `${at}: at most ${toStock}x stock k6`,
          ratio(findings, engineName, stockName, pace),
          toStock,
          times,
        ),
      ];
    }),
    goal(
      'memory does not grow with requests',
      growth,
      memoryNoise,
      (value) => `${(value * 100).toFixed(1)} %`,
    ),
  ];
}

function goal(what: string, value: number, most: number, inWords: (value: number) => string): Goal {
  if (Number.isNaN(value)) return { text: what, outcome: 'not measured' };
  return { text: `${what}: ${inWords(value)}`, outcome: value <= most ? 'reached' : 'missed' };
}
