/** How a service gets ready, for the first time and after it was frozen: the same questions on every runtime. */

import { until } from '../machine/until.ts';
import type { ServiceControl } from '../services/definition.ts';

/** For one state of all nodes, in milliseconds. */
const STATE_TIMEOUT_MS = 30_000;

export interface LivingService {
  /** The topology's name for it: `cache`. */
  readonly name: string;
  readonly control: ServiceControl;
  /** Why waiting has no sense any more: a node ended, or the service is being stopped. */
  gone(): Error | null;
}

async function wait(service: LivingService, state: string, attempt: () => Promise<void>): Promise<void> {
  await until(`${service.name} ${state}`, STATE_TIMEOUT_MS, attempt, { unless: () => service.gone() });
}

/** @throws Error when it does not get ready in time, or when a node ended. */
export async function untilReady(service: LivingService): Promise<void> {
  await wait(service, 'is ready', () => service.control.ready());
}

/** After the nodes were started for the first time. */
export async function becomeReady(service: LivingService): Promise<void> {
  await wait(service, 'answers', () => service.control.answering());
  await service.control.establish?.();
  await untilReady(service);
}

/** After the nodes were given CPU time again. */
export async function beReadyAgain(service: LivingService): Promise<void> {
  await wait(service, 'answers', () => service.control.answering());
  await service.control.afterThaw?.();
  await untilReady(service);
}
