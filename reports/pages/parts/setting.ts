/** What was measured, on what, and how to do it again. */

import { tiers } from '../../../record/common.ts';
import { counted, nounFor } from '../../../record/counted.ts';
import { numbersOfApps, strategyBehind } from '../../../record/deployed-as.ts';
import type { SidesDesign } from '../../../record/design.ts';
import type { RunRecord } from '../../../record/run.ts';
import {
  code,
  heading,
  numbers,
  section,
  small,
  strong,
  tableOf,
  terms,
  words,
} from '../../document/build.ts';
import type { Block, Section, Text } from '../../document/document.ts';
import { formatCount, formatGiB, formatShare, listed, orAbsent } from '../../words/format.ts';
import type { View } from '../view.ts';

/** What the design of the run adds. */
export interface SettingWords {
  /** `12 blocks`. */
  readonly plan: string;
  /** Rate, sides: whatever else the design set. */
  readonly terms: readonly (readonly [term: string, text: Text])[];
  /** Words of the command that measures the same again. */
  readonly repeat: readonly string[];
}

export function settingPart({ facts: { run }, strategies }: View, design: SettingWords): Section {
  const { record } = run;
  const { host, placement, scenario, plan, tool } = record;
  return section(
    'setting',
    'What was measured',
    'documents',
    terms([
      [
        'Host',
        `${host.hostname}: ${host.cpuModel}, ${counted(host.cores, 'core')}, ${formatGiB(host.memoryBytes)} GiB of memory`,
      ],
      ['System', `${host.os}, kernel ${host.kernel}, ${host.arch}, virtualization ${host.virtualization}`],
      ['Runtime', record.runtime],
      [
        'Placement',
        [
          `${placement.description} ${placement.shared ? 'Tiers shared cores, so tails include each other. ' : ''}`,
          small(
            tiers.map((tier) => `${tier}: core ${placement.cores[tier].join(', ') || 'any'}`).join(' · '),
          ),
        ],
      ],
      ['Scenario', [strong(scenario.name), `: ${scenario.title}. ${scenario.description}`]],
      ['Source of the scenario', scenario.source],
      [
        'Mix',
        Object.entries(scenario.mix)
          .map(([name, share]) => `${name} ${formatShare(share)}`)
          .join(', '),
      ],
      ...pagesOf(scenario.arrival),
      [
        'Population',
        `${counted(scenario.sessions, 'session')} of ${counted(scenario.payloadBytes, 'byte')}, chosen by Zipf's law with exponent ${scenario.zipfExponent}${lifeWords(plan.idleSeconds)}`,
      ],
      [
        'Plan',
        `preset ${record.preset}: ${design.plan}, each trial ${plan.measureSeconds} s after ${plan.warmupSeconds} s of warm-up; ${appsWords(record)}, ${counted(plan.connections, 'connection')}`,
      ],
      ...design.terms,
      ['Seed', String(record.seed)],
      ['session-bench', toolWords(tool)],
      [
        'Started, ended',
        `${record.startedAt}, ${orAbsent(record.endedAt, (time) => time)} (${record.status})`,
      ],
      ...timeSpent(record),
      ['Command as typed', code(commandText(record.command))],
      ['To repeat it', code(commandText(design.repeat))],
    ]),
    heading('versions', 'Versions, read from the running servers'),
    tableOf('Versions', versionsOf(record, strategies), [
      [words('Product'), ({ product }) => product],
      [words('Version'), ({ version }) => version],
      [numbers('Processes'), ({ nodes }) => String(nodes)],
      [words('Part of'), ({ part }) => part],
      [words('Origin'), ({ origin }) => code(origin)],
    ]),
    ...budgets(record),
  );
}

/** Runs of before do not say it. */
const lifeWords = (idleSeconds: number | null): string =>
  idleSeconds === null ? '' : `; one that nobody uses lives ${formatCount(idleSeconds)} s`;

/** Nothing where no step was timed. */
/** Nothing where operations arrive one by one. */
function pagesOf(arrival: RunRecord['scenario']['arrival']): [string, string][] {
  if (arrival.kind === 'operation') return [];
  const { reads, writes, logouts, logins } = arrival;
  return [
    [
      'Pages',
      `${counted(reads, 'read')} and ${counted(writes, 'write')} of one session at once; in ${formatShare(logouts)} of them a logout in place of a read, in ${formatShare(logins)} two logins with one old cookie`,
    ],
  ];
}

function timeSpent({ timings }: RunRecord): [string, string][] {
  const steps = Object.entries(timings).map(
    ([step, milliseconds]) => `${step} ${(milliseconds / 1000).toFixed(1)} s`,
  );
  return steps.length === 0 ? [] : [['Time spent', steps.join(', ')]];
}

const versionsOf = ({ versions }: RunRecord, strategies: View['strategies']) => [
  ...versions.map((each) => ({ ...each, part: 'every strategy' })),
  ...strategies.flatMap(({ label, summary }) => summary.versions.map((each) => ({ ...each, part: label }))),
];

/** Nothing where nothing is enforced. */
function budgets({ strategies }: RunRecord): Block[] {
  const rows = strategies.flatMap(({ title, budgets: all }) => all.map((each) => ({ title, ...each })));
  if (rows.length === 0) return [];
  return [
    heading('budgets', 'Budgets of each container, enforced by the engine'),
    tableOf('Budgets', rows, [
      [words('Strategy'), ({ title }) => title],
      [words('Service'), ({ service }) => service],
      [words('Tier'), ({ tier }) => tier],
      [numbers('Containers'), ({ nodes }) => String(nodes)],
      [words('Cores'), ({ cores }) => cores.join(', ')],
      [numbers('CPU time, in cores'), ({ cpus }) => String(cpus)],
      [numbers('Memory', { unit: 'MiB' }), ({ memoryMiB }) => formatCount(memoryMiB)],
    ]),
  ];
}

/** For a POSIX shell. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

export const commandText = (words: readonly string[]): string => words.map(quoted).join(' ');

/** `2 apps`, `2, 4, and 8 apps`. */
function appsWords(record: RunRecord): string {
  const numbers = numbersOfApps(record);
  return `${listed(numbers.map(String))} ${nounFor(numbers.at(-1) ?? 0, 'app')}`;
}

const ranOf = (record: RunRecord): string[] => [
  ...new Set(
    record.strategies
      .filter(({ status }) => status !== 'not-measured')
      .map(({ name }) => strategyBehind(record, name)),
  ),
];

/** Which code measured: a commit names it only where the working tree is known to have no changes. */
export function toolWords({ version, commit, dirty }: RunRecord['tool']): string {
  const unknown = commit === null ? '' : ', changes unknown';
  const changes = dirty ? ', with changes that are not committed' : '';
  return `${version}, commit ${orAbsent(commit, (hash) => hash.slice(0, 12))}${dirty === null ? unknown : changes}`;
}

/** Words of a command that measures the same strategies on the same scenario. @param options of the design */
export function benchAgain(record: RunRecord, options: readonly string[]): string[] {
  const { scenario, preset, plan, seed, runtime } = record;
  return [
    ...['npm', 'run', 'bench', '--'],
    ...ranOf(record).flatMap((name) => ['--strategy', name]),
    ...['--scenario', scenario.name, '--preset', preset],
    ...options,
    ...['--duration', String(plan.measureSeconds), '--sessions', String(scenario.sessions)],
    ...['--payload', String(scenario.payloadBytes), '--apps', numbersOfApps(record).join(',')],
    ...['--seed', String(seed), '--runtime', runtime],
  ];
}

/** From the working tree that was the candidate. */
export function compareAgain(record: RunRecord, { baseline, pairs, blocks, rate }: SidesDesign): string[] {
  return [
    ...['npm', 'run', 'compare', '--', '--against', baseline.commit ?? baseline.label],
    ...pairs.flatMap(({ strategy }) => ['--strategy', strategy]),
    ...['--scenario', record.scenario.name, '--blocks', String(blocks)],
    ...['--duration', String(record.plan.measureSeconds), '--rate', rate ? String(rate.value) : 'auto'],
    ...['--seed', String(record.seed), '--runtime', record.runtime],
  ];
}
