/** A strategy as it is rendered on a machine with four cores, with nothing in it that differs between two times. */
import type { ProgramNeed } from '../../../../machine/programs/program.ts';
import { app } from '../../../../services/app/index.ts';
import type { Service } from '../../../../services/definition.ts';
import { planDeployment } from '../../../plan.ts';
import type { NetworkMode, Placement, Slowdown, Strategy } from '../../../runtime.ts';
import { appPrograms } from '../../images/app.ts';
import type { ServiceImage } from '../../images/local.ts';
import { imageNameOf } from '../../images/names.ts';
import { containedServices, projectName, type Rendering } from '../render.ts';
import { dockerSite } from '../site.ts';

const placement: Placement = {
  cores: { generator: [0], balancer: [1], app: [2], store: [3] },
  shared: false,
  siblings: null,
  kinds: null,
  description: 'four cores',
};

/** Where official images have their programs does not matter for what is rendered. */
const place = ({ name, candidates }: ProgramNeed) => {
  const file = candidates[0] ?? name;
  return [name, { path: `/usr/bin/${file}`, root: null, resolvedName: file, version: null }] as const;
};

function imageOf({ image, programs }: Service): ServiceImage {
  if (image.kind === app.kind)
    return { reference: 'session-bench-app:test', description: 'app', programs: appPrograms };
  const reference = imageNameOf(image, new Map());
  return { reference, description: reference, programs: Object.fromEntries(programs.map(place)) };
}

export async function renderingOf(
  strategy: Strategy,
  folder = '/tmp/run/1',
  slowdown: Slowdown | null = null,
  network: NetworkMode = 'direct',
  apps = 2,
): Promise<Rendering> {
  const options = { apps, sessionTtlSeconds: 3600, storeTimeoutMs: 2000, placement, slowdown, network };
  const site = dockerSite(strategy.name, (service) => imageOf(service).programs);
  const plan = await planDeployment(strategy, options, site);
  return {
    project: projectName('test', strategy),
    title: strategy.topology.title,
    services: containedServices(plan, ({ service }) => imageOf(service), placement, {}),
    folder,
    user: { uid: 1000, gid: 1000 },
    labels: { 'session-bench.run': 'test' },
    subnet: '172.20.0.0/16',
    generator: {
      image: 'session-bench-k6:test',
      user: { uid: 1000, gid: 1000 },
      placement,
      overrides: {},
    },
  };
}
