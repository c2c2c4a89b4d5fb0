/** A strategy as it is rendered on a machine with four cores, with nothing in it that differs between two times. */

import type { ProgramNeed } from '../../../../services/types.ts';
import type { Placement, Slowdown, Strategy } from '../../../runtime.ts';
import { appPrograms, planDeployment, servicesOf } from '../../deployment-plan.ts';
import { imageNameOf, namedImageOf } from '../../image-names.ts';
import type { Rendering } from '../render.ts';

const placement: Placement = {
  cores: { generator: [0], balancer: [1], app: [2], store: [3] },
  shared: false,
  description: 'four cores',
};

/** Where official images have their programs does not matter for what is rendered. */
const place = ({ name, candidates }: ProgramNeed) => {
  const file = candidates[0] ?? name;
  return [name, { path: `/usr/bin/${file}`, root: null, resolvedName: file }] as const;
};

export function renderingOf(strategy: Strategy, folder = '/tmp/run/1', slowdown?: Slowdown): Rendering {
  const plan = planDeployment(strategy, {
    apps: 2,
    sessionTtlSeconds: 3600,
    storeTimeoutMs: 2000,
    placement,
    budgets: {},
    ...(slowdown ? { slowdown } : {}),
    imageOf(kind, service) {
      if (kind.kind === 'app')
        return { reference: 'session-bench-app:test', description: 'app', programs: appPrograms };
      const reference = imageNameOf(namedImageOf(kind, service), new Map());
      return {
        reference,
        description: reference,
        programs: Object.fromEntries(service.programs.map(place)),
      };
    },
  });
  return {
    project: `sb-test-${strategy.name}`,
    title: strategy.topology.title,
    nodes: servicesOf(plan).flatMap(({ nodes }) => nodes),
    folder,
    user: { uid: 1000, gid: 1000 },
    labels: { 'session-bench.run': 'test' },
    generator: {
      image: 'session-bench-k6:test',
      user: { uid: 1000, gid: 1000 },
      placement,
      overrides: {},
    },
  };
}
