/**
 * Whether numbers of several runs may stand beside each other: same machine, same versions, same work. Commits may differ, and are
 * told: between two of them most code that was measured is the same.
 */
import type { RunRecord } from '../../record/run.ts';

export interface Difference {
  readonly what: string;
  readonly first: string;
  readonly second: string;
}

interface Aspect {
  readonly what: string;
  of(record: RunRecord): string;
}

/** Of any two runs. */
const always: readonly Aspect[] = [
  { what: 'version of session-bench', of: ({ tool }) => tool.version },
  { what: 'runtime', of: ({ runtime }) => runtime },
  { what: 'processor', of: ({ host }) => `${host.cpuModel}, ${host.arch}` },
  { what: 'number of cores', of: ({ host }) => String(host.cores) },
  { what: 'virtualization', of: ({ host }) => host.virtualization },
  { what: 'memory in GiB', of: ({ host }) => String(Math.round(host.memoryBytes / 2 ** 30)) },
  { what: 'balancer, Node.js and k6', of: ({ versions }) => versionsText(versions) },
];

/** Of two runs that load the strategies with a scenario's mix. */
const ofWork: readonly Aspect[] = [
  { what: 'scenario', of: ({ scenario }) => scenario.name },
  {
    what: 'mix of operations',
    of: ({ scenario }) =>
      Object.entries(scenario.mix)
        .map(([name, share]) => `${name} ${share}`)
        .join(', '),
  },
  { what: 'payload in bytes', of: ({ scenario }) => String(scenario.payloadBytes) },
  { what: 'number of app processes', of: ({ plan }) => String(plan.apps) },
];

const versionsText = (versions: RunRecord['versions']): string =>
  versions
    .map(({ product, version }) => `${product} ${version}`)
    .sort()
    .join(', ');

const loads = ({ design }: RunRecord): boolean => design.kind === 'blocks' || design.kind === 'search';

/** Empty where both fit. */
export function differencesOf(a: RunRecord, b: RunRecord): readonly Difference[] {
  const aspects = loads(a) && loads(b) ? [...always, ...ofWork] : always;
  const found = aspects
    .map(({ what, of }) => ({ what, first: of(a), second: of(b) }))
    .filter(({ first, second }) => first !== second);
  return [...found, ...serverDifferences(a, b)];
}

type WithServers = {
  readonly strategies: readonly Pick<RunRecord['strategies'][number], 'name' | 'versions'>[];
};

/**
 * Of strategies that both measured, or verified. Where a strategy told no version, nothing is said of it. A verification needs no
 * more: what it asks does not follow from the machine.
 */
export function serverDifferences(a: WithServers, b: WithServers): readonly Difference[] {
  return a.strategies.flatMap(({ name, versions }) => {
    const other = b.strategies.find((each) => each.name === name)?.versions ?? [];
    if (versions.length === 0 || other.length === 0) return [];
    const [first, second] = [versionsText(versions), versionsText(other)];
    return first === second ? [] : [{ what: `servers of ${name}`, first, second }];
  });
}
