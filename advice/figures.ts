/** The numbers that an option rests on, each with where it comes from. */
import type { Basis } from './evidence/basis.ts';
import type { Option } from './options.ts';
import { isInApps, sharingProcesses } from './sizing/tiers.ts';
import { sessionsAlive } from './wishes/usual.ts';
import type { Wishes } from './wishes/wishes.ts';
import { about, bytes } from './words/format.ts';

export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly basis: Basis;
}

/** Empty of an option that could not be sized. */
export function figuresOf(option: Option, wishes: Wishes): readonly Figure[] {
  const { sizing, candidate, judged } = option;
  const { load } = candidate.strategy;
  if (sizing.kind !== 'sized' || load.kind !== 'measured') return [];
  const measured: Basis = { kind: 'measured', run: load.run };
  const { cpuMicros } = sizing.load;
  const rate = (servers: number): string => `${about(wishes.rate.high / servers)} requests/s`;
  const inApps = isInApps(candidate.strategy);
  const processes = sharingProcesses(candidate.strategy, wishes, sizing.processes);
  const line = inApps ? sizing.memory.app : sizing.memory.store;
  return [
    { name: 'CPU time of an app for a request', value: `${about(cpuMicros.app)} µs`, basis: measured },
    ...(cpuMicros.store === null
      ? []
      : [
          {
            name: 'CPU time of the store for a request',
            value: `${about(cpuMicros.store)} µs`,
            basis: measured,
          },
        ]),
    {
      name: 'CPU time of the balancer for a request',
      value: `${about(cpuMicros.balancer)} µs`,
      basis: measured,
    },
    { name: 'each app process carries', value: rate(processes), basis: sizing.basis.apps },
    ...(sizing.balancer === null || sizing.basis.balancer === null
      ? []
      : [
          {
            name: 'each balancer carries',
            value: rate(sizing.balancer.servers),
            basis: sizing.basis.balancer,
          },
        ]),
    ...(sizing.store === null || sizing.basis.store === null
      ? []
      : [
          {
            name: 'each server of the store carries',
            value: rate(sizing.store.servers),
            basis: sizing.basis.store,
          },
        ]),
    ...(sizing.connections === null
      ? []
      : [
          {
            name: 'connections to each server of the store',
            value: `${about(sizing.connections.wanted)} of ${about(sizing.connections.most)}`,
            basis: { kind: 'assumed', what: 'pools and limits as they are set here' } as const,
          },
        ]),
    {
      name: 'sessions of each server that keeps them',
      // Of one that keeps any: there may be more servers than sessions.
      value: about(Math.max(1, sessionsAlive(wishes) / (sizing.store?.servers ?? processes))),
      basis: sizing.basis.memory,
    },
    {
      name: 'memory of a session, copies included',
      value: bytes(line.perSession),
      basis: sizing.basis.memory,
    },
    ...judged
      .filter(({ wish }) => wish !== 'size' && wish !== 'budget')
      .map(({ wish, shows, basis }) => ({ name: wish, value: shows, basis })),
  ];
}
