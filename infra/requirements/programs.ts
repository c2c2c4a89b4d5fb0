/** Which programs the native runtime finds here, and which strategies can run with them. */
import { hasApt, systemLacks } from '../machine/programs/apt.ts';
import { findGoFor, findGoProgram } from '../machine/programs/go-build.ts';
import { findPrograms } from '../machine/programs/index.ts';
import { findGo, findK6 } from '../machine/programs/k6-build.ts';
import { lackOf, type ProgramNeed } from '../machine/programs/program.ts';
import { type System, system } from '../machine/programs/system.ts';
import { tryProgram } from '../machine/programs/try.ts';
import { anyBalancer, type Needs, needsOf } from '../runtimes/plan.ts';
import type { Strategy } from '../runtimes/runtime.ts';
import { toxiproxyProgram } from '../services/toxiproxy/program.ts';
import {
  type Answer,
  bad,
  examine,
  type Finding,
  good,
  hint,
  later,
  type Requirement,
} from './requirement.ts';

export interface ProgramExamination {
  readonly programs: readonly Finding[];
  readonly strategies: readonly Finding[];
}

export async function examinePrograms(strategies: readonly Strategy[]): Promise<ProgramExamination> {
  const needs = strategies.map(needsOf);
  const wanted = [...anyBalancer.programs, ...needs.flatMap(programsOf)];
  const requirements = new Map(needs.flatMap(requirementsOf).map((each) => [each.name, each]));
  const [generator, found, asked] = await Promise.all([
    examineGenerator(),
    examineNeeds(wanted),
    examine([...requirements.values()]),
  ]);
  for (const finding of asked) found.set(finding.name, finding);
  return {
    programs: [...generator, ...found.values()],
    strategies: strategies.map((strategy, index) => {
      const own = needs[index];
      const programs = [
        ...anyBalancer.programs,
        ...(own ? [...programsOf(own), ...requirementsOf(own)] : []),
      ];
      const findings = programs.flatMap(({ name }) => found.get(name) ?? []);
      return judge(strategy, own?.mistakes ?? [], [...generator, ...findings]);
    }),
  };
}

const programsOf = ({ services }: Needs): readonly ProgramNeed[] =>
  services.flatMap(({ service }) => service.programs);

/** What kinds of servers need besides, each by its name. */
const requirementsOf = ({ services }: Needs): readonly Requirement[] =>
  services.flatMap(({ service }) => service.requirements ?? []);

/** Go, and the k6 that it builds. Without Go nobody knows whether a k6 that was built before is the right one. */
export async function examineGenerator(): Promise<readonly Finding[]> {
  const go = await findGo();
  if (go.status === 'lacking') return [{ name: 'k6', ...bad(go.lack.why, go.lack.remedy) }];
  const k6 = await findK6();
  return [
    { name: 'Go', ...good(`${go.GOVERSION.replace(/^go/, '')}, ${go.path}`) },
    {
      name: 'k6',
      ...(k6 === null ? later('will be built from infra/k6, about two minutes on two cores') : good(k6)),
    },
  ];
}

/** What asks for the proxies between apps and servers; they stand in the way of nothing else. */
const proxiedRuns = 'bench --distance, and bench --faults with a fault of the network (network-…)';

export async function examineProxies(): Promise<Finding> {
  const name = 'Toxiproxy';
  const go = await findGoFor(toxiproxyProgram);
  if (go.status === 'lacking')
    return { name, ...hint(`${go.lack.why}; nothing but ${proxiedRuns} needs it`, go.lack.remedy) };
  const found = await findGoProgram(toxiproxyProgram);
  if (found !== null) return { name, ...good(found) };
  return { name, ...later(`will be built for ${proxiedRuns}, ${toxiproxyProgram.takes}`) };
}

/** By name of the program, each once. */
async function examineNeeds(needs: readonly ProgramNeed[]): Promise<Map<string, Finding>> {
  const unique = [...new Map(needs.map((need) => [need.name, need])).values()];
  const { ready, missing } = await findPrograms(unique, {});
  const missed = new Set(missing.flatMap((group) => group.needs.map(({ name }) => name)));
  const [fetches, on] = await Promise.all([hasApt(), system()]);
  const findings = await Promise.all(
    unique.map(async (need): Promise<Finding> => {
      const found = ready.get(need.name);
      if (found?.status === 'ready') {
        const { path, origin } = found.executable;
        const tried = await tryProgram(need, found.executable);
        const lack = tried.status === 'lacking' ? tried.lack : null;
        if (lack) return { name: need.name, ...bad(lack.why, lack.remedy) };
        return { name: need.name, ...good(origin === 'cache' ? `${path} (fetched)` : path) };
      }
      return { name: need.name, ...(await answerToMissing(need, on, fetches && missed.has(need.name))) };
    }),
  );
  return new Map(findings.map((finding) => [finding.name, finding]));
}

async function answerToMissing(need: ProgramNeed, on: System, fetches: boolean): Promise<Answer> {
  const { debianPackages } = need;
  if (fetches && debianPackages.length > 0 && !(await systemLacks(debianPackages)))
    return later(`will be fetched, as the Debian package ${debianPackages.join(' ')}, without root`);
  const { why, remedy } = lackOf(need, on, 'not on PATH, and cannot be fetched here');
  return bad(why, remedy);
}

function judge(
  { name, topology }: Strategy,
  mistakes: Needs['mistakes'],
  findings: readonly Finding[],
): Finding {
  const named = (status: Finding['status']) =>
    findings.filter((finding) => finding.status === status).map((finding) => finding.name);
  const inTheWay = [...mistakes.map(({ why }) => why), ...named('bad').map((each) => `It needs ${each}.`)];
  if (inTheWay.length > 0)
    return { name, ...bad(`${topology.title}: cannot run. ${inTheWay.join(' ')}`, mistakes[0]?.remedy) };
  const outstanding = named('later');
  return {
    name,
    ...(outstanding.length > 0
      ? later(`${topology.title}: can run, once these are there: ${outstanding.join(', ')}`)
      : good(`${topology.title}: can run`)),
  };
}
