/** What was measured, on what, and how to do it again. */

import { tiers } from '../../../record/common.ts';
import type { RunRecord } from '../../../record/run.ts';
import { rateOf } from '../../design.ts';
import { formatCount, formatGiB, formatShare, orAbsent } from '../../words/format.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { Model } from '../model.ts';
import { dataTable, numberColumn, section, textColumn } from '../parts.ts';

export function settingSection({ run, strategies }: Model): Markup {
  const { record } = run;
  const { design } = record;
  const rate = rateOf(design);
  const facts: [string, Child][] = [
    [
      'Host',
      `${record.host.hostname}: ${record.host.cpuModel}, ${record.host.cores} cores, ${formatGiB(record.host.memoryBytes)} GiB of memory`,
    ],
    [
      'System',
      `${record.host.os}, kernel ${record.host.kernel}, ${record.host.arch}, virtualization ${record.host.virtualization}`,
    ],
    ['Runtime', record.runtime],
    [
      'Placement',
      html`${record.placement.description} ${record.placement.shared ? 'Tiers shared cores, so tails include scheduling.' : ''}<br><small>${tiers.map((tier) => `${tier}: core ${record.placement.cores[tier].join(', ') || 'any'}`).join(' · ')}</small>`,
    ],
    [
      'Scenario',
      html`<b>${record.scenario.name}</b>: ${record.scenario.title}. ${record.scenario.description}`,
    ],
    ['Source of the scenario', record.scenario.source],
    [
      'Mix',
      Object.entries(record.scenario.mix)
        .map(([name, share]) => `${name} ${formatShare(share)}`)
        .join(', '),
    ],
    [
      'Population',
      `${formatCount(record.scenario.sessions)} sessions of ${formatCount(record.scenario.payloadBytes)} bytes, chosen by Zipf's law with exponent ${record.scenario.zipfExponent}`,
    ],
    [
      'Plan',
      `preset ${record.preset}: ${design.kind === 'search' ? `a search for the highest rate that keeps ${design.promise.text}` : `${design.blocks} blocks`}, each trial ${record.plan.measureSeconds} s after ${record.plan.warmupSeconds} s of warm-up; ${record.plan.apps} apps, ${record.plan.connections} connections`,
    ],
    [
      'Offered rate',
      rate
        ? `${formatCount(rate.value)} operations/s (${rate.mode}). ${rate.explanation}`
        : design.kind === 'search'
          ? 'chosen by the search, trial by trial'
          : 'the run ended before it was found',
    ],
    [
      'Closed-loop throughput found first',
      rate && Object.keys(rate.probed).length > 0
        ? Object.entries(rate.probed)
            .map(([name, probed]) => `${name} ${formatCount(probed)}/s`)
            .join(', ')
        : null,
    ],
    ['Seed', String(record.seed)],
    [
      'session-bench',
      `${record.tool.version}, commit ${orAbsent(record.tool.commit, (commit) => commit.slice(0, 12))}${record.tool.dirty ? ', with changes that are not committed' : ''}`,
    ],
    ['Started, ended', `${record.startedAt}, ${orAbsent(record.endedAt, (time) => time)} (${record.status})`],
    [
      'Time spent',
      Object.entries(record.timings)
        .map(([step, milliseconds]) => `${step} ${(milliseconds / 1000).toFixed(1)} s`)
        .join(', ') || null,
    ],
    ['Command as typed', html`<code>${record.command.map(quoted).join(' ')}</code>`],
    ['To repeat it', html`<code>${repeatCommand(record)}</code>`],
  ];
  return section(
    'setting',
    'What was measured',
    html`<dl>${facts.filter(([, value]) => value !== null).map(([what, value]) => html`<div><dt>${what}</dt><dd>${value}</dd></div>\n`)}</dl>
<h3>Versions, read from the running servers</h3>`,
    dataTable(
      'Versions',
      [
        textColumn('Product'),
        textColumn('Version'),
        numberColumn('Processes'),
        textColumn('Part of'),
        textColumn('Origin'),
      ],
      [
        ...record.versions.map((each) => versionRow(each, 'every strategy')),
        ...strategies.flatMap(({ label, summary }) =>
          summary.versions.map((each) => versionRow(each, label)),
        ),
      ],
    ),
    ...budgetTable(record),
  );
}

/** Nothing where nothing is enforced. */
function budgetTable({ strategies }: RunRecord): Markup[] {
  const rows = strategies.flatMap(({ title, budgets }) =>
    budgets.map((each): Child[] => [
      title,
      each.service,
      each.tier,
      String(each.nodes),
      each.cores.join(', '),
      String(each.cpus),
      `${formatCount(each.memoryMiB)} MiB`,
    ]),
  );
  if (rows.length === 0) return [];
  const columns = [
    textColumn('Strategy'),
    textColumn('Service'),
    textColumn('Tier'),
    numberColumn('Containers'),
    textColumn('Cores'),
    numberColumn('CPU time, in cores'),
    numberColumn('Memory'),
  ];
  return [
    html`<h3>Budgets of each container, enforced by the engine</h3>`,
    dataTable('Budgets', columns, rows),
  ];
}

const versionRow = (version: RunRecord['versions'][number], part: string): Child[] => [
  version.product,
  version.version,
  String(version.nodes),
  part,
  html`<code>${version.origin}</code>`,
];

/** For a POSIX shell. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

function repeatCommand(record: RunRecord): string {
  const { strategies, scenario, preset, plan, design, seed, runtime } = record;
  const options = [
    ...strategies
      .filter(({ status }) => status !== 'not-measured')
      .flatMap(({ name }) => ['--strategy', name]),
    '--scenario',
    scenario.name,
    '--preset',
    preset,
    ...(design.kind === 'search'
      ? ['--capacity', '--slo', design.promise.text, '--trials', String(design.maxTrials)]
      : ['--blocks', String(design.blocks), '--rate', design.rate ? String(design.rate.value) : 'auto']),
    '--duration',
    String(plan.measureSeconds),
    '--sessions',
    String(scenario.sessions),
    '--payload',
    String(scenario.payloadBytes),
    '--apps',
    String(plan.apps),
    '--seed',
    String(seed),
    '--runtime',
    runtime,
  ];
  return ['npm', 'run', 'bench', '--', ...options].map(quoted).join(' ');
}

export function readingSection(): Markup {
  return section(
    'reading',
    'How to read this',
    html`<dl>
<div><dt>Strategy, trial, block</dt><dd>A strategy is one way to keep sessions. A trial is one measured stretch of one strategy. A block holds one trial of each strategy in random order, close in time, so that drift of the machine meets all alike.</dd></div>
<div><dt>DIFFERENT, SAME, INCONCLUSIVE</dt><dd>The verdict on two strategies and one metric. Trials are paired within blocks; the ratio is the Hodges–Lehmann estimate with its 95 % interval. DIFFERENT: an exact sign-flip test is significant at 5 % after Holm's correction over all comparisons of the run, and the whole interval lies beyond ±5 %. SAME: the whole interval lies within ±5 %. INCONCLUSIVE is anything else: it does not mean that there is no difference, and says how large one this run could have seen. Letters and places follow from the verdicts alone.</dd></div>
<div><dt>Latency</dt><dd>Requests arrive at a set rate whatever the answers do. Latency counts from when a request should have started, so waiting behind a stall is counted; service time counts from the first byte sent. Percentiles of several trials come from their merged histograms (three significant digits), never from averages.</dd></div>
<div><dt>CPU per request</dt><dd>User and system time of all processes of a tier in the measured phase, divided by the requests of that phase. The load generator is not part of it.</dd></div>
<div><dt>Valid</dt><dd>A trial counts when the generator kept its pace, dropped nothing, stayed within its CPU budget, the host stole no time, no server died, and three independent counts of requests agree. No number here stands without a valid trial behind it; only wrong answers and errors are counted over all trials.</dd></div>
</dl>`,
  );
}
