/** Which programs are here, and which strategies can run with them. */

import { hasApt, systemLacks } from '../../infra/machine/programs/apt.ts';
import { findPrograms } from '../../infra/machine/programs/index.ts';
import { findGo, findK6 } from '../../infra/machine/programs/k6-build.ts';
import { lackOf, type ProgramNeed } from '../../infra/machine/programs/program.ts';
import { system } from '../../infra/machine/programs/system.ts';
import type { Lack, Strategy } from '../../infra/runtimes/runtime.ts';
import { haproxy } from '../../infra/services/haproxy/index.ts';
import { serviceKind } from '../../infra/services/index.ts';
import type { Finding } from './finding.ts';

/** Every strategy is measured behind the balancer. */
const balancer = haproxy.configure({ affinity: 'none', apps: [{ host: '127.0.0.1', port: 1 }] }, 1).programs;

export interface ProgramExamination {
  readonly programs: readonly Finding[];
  readonly strategies: readonly Finding[];
}

export async function examinePrograms(strategies: readonly Strategy[]): Promise<ProgramExamination> {
  const needsOf = new Map(strategies.map((strategy) => [strategy.name, readNeeds(strategy)]));
  const needs = distinct([...needsOf.values()].flatMap((read) => (Array.isArray(read) ? read : [])));
  const [generator, byName] = await Promise.all([examineK6(), examineNeeds([...balancer, ...needs])]);
  return {
    programs: [...generator, ...byName.values()],
    strategies: strategies.map((strategy) => {
      const read = needsOf.get(strategy.name) ?? [];
      const own = Array.isArray(read)
        ? [...balancer, ...read].flatMap(({ name }) => byName.get(name) ?? [])
        : [read];
      return judge(strategy, [...generator, ...own]);
    }),
  };
}

const distinct = (needs: readonly ProgramNeed[]) => [
  ...new Map(needs.map((need) => [need.name, need])).values(),
];

/** The programs of a strategy's services, or why they cannot be known. */
function readNeeds({ name, folder, topology }: Strategy): ProgramNeed[] | Finding {
  try {
    return topology.services.flatMap(({ kind, settings, count }) => [
      ...serviceKind(kind).configure(settings, count).programs,
    ]);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name, status: 'bad', detail, remedy: `Mend ${folder}/topology.ts.` };
  }
}

/** Go and the k6 that it builds; without Go a k6 that was built before cannot be told to be the right one. */
async function examineK6(): Promise<readonly Finding[]> {
  const go = await findGo();
  if (go.status === 'lacking') return [{ name: 'k6', status: 'bad', ...told(go.lack) }];
  const found: Finding = {
    name: 'Go',
    status: 'good',
    detail: `${go.GOVERSION.replace(/^go/, '')}, ${go.path}`,
  };
  const k6 = await findK6();
  return [
    found,
    k6 === null
      ? { name: 'k6', status: 'later', detail: 'will be built from infra/k6, about two minutes on two cores' }
      : { name: 'k6', status: 'good', detail: k6 },
  ];
}

const told = ({ why, remedy }: Lack) => ({ detail: why, remedy });

async function examineNeeds(needs: readonly ProgramNeed[]): Promise<ReadonlyMap<string, Finding>> {
  const unique = distinct(needs);
  const { ready, missing } = await findPrograms(unique, {});
  const fetchable = await hasApt();
  const on = await system();
  const lacking = new Set(missing.flatMap((group) => group.needs.map(({ name }) => name)));
  const findings = await Promise.all(
    unique.map(async (need): Promise<[string, Finding]> => {
      const found = ready.get(need.name);
      if (found?.status === 'ready')
        return [need.name, here(need, found.executable.path, found.executable.origin)];
      const known = fetchable && need.debianPackages.length > 0;
      if (lacking.has(need.name) && known && !(await systemLacks(need.debianPackages)))
        return [need.name, later(need)];
      return [
        need.name,
        {
          name: need.name,
          status: 'bad',
          ...told(lackOf(need, on, 'not on PATH, and cannot be fetched here')),
        },
      ];
    }),
  );
  return new Map(findings);
}

const here = ({ name }: ProgramNeed, file: string, origin: string): Finding => ({
  name,
  status: 'good',
  detail: origin === 'cache' ? `${file} (fetched)` : file,
});

const later = ({ name, debianPackages }: ProgramNeed): Finding => ({
  name,
  status: 'later',
  detail: `will be fetched, as the Debian package ${debianPackages.join(' ')}, without root`,
});

function judge({ name, topology }: Strategy, findings: readonly Finding[]): Finding {
  const bad = findings.filter(({ status }) => status === 'bad');
  if (bad.length > 0) {
    const why = bad.map((finding) =>
      finding.name === name ? finding.detail : `${finding.name} is missing.`,
    );
    return { name, status: 'bad', detail: `${topology.title}: cannot run. ${why.join(' ')}` };
  }
  const outstanding = findings.filter(({ status }) => status === 'later').map((finding) => finding.name);
  return outstanding.length > 0
    ? {
        name,
        status: 'later',
        detail: `${topology.title}: can run, once these are there: ${outstanding.join(', ')}`,
      }
    : { name, status: 'good', detail: `${topology.title}: can run` };
}
