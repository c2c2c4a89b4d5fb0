/** Servers that can be had, with their prices. */
import type { Prices } from '../prices/prices.ts';
import type { ServerSize } from './layout.ts';

export const GIB = 2 ** 30;

/** Those that are rented by vCPU and GiB. */
export const ownSizes = ({ sizes, vcpuHour, gibHour }: Prices): readonly ServerSize[] =>
  sizes.map(({ vcpus, memoryGiB }) => ({
    label: `${vcpus} vCPU, ${memoryGiB} GiB`,
    vcpus,
    steadyShare: 1,
    memoryGiB,
    usableBytes: memoryGiB * GIB * gibHour.usableMemory,
    perHour: vcpus * vcpuHour.price + memoryGiB * gibHour.price,
    entries: [vcpuHour.id, gibHour.id],
  }));

/** Those that the provider runs for a strategy; empty where it runs none. */
export const managedSizes = ({ managed }: Prices, strategy: string): readonly ServerSize[] =>
  managed
    .filter(({ runs }) => runs.includes(strategy))
    .map(({ id, price, vcpus, steadyShare, memoryGiB, usableMemory }) => ({
      label: id,
      vcpus,
      steadyShare,
      memoryGiB,
      usableBytes: memoryGiB * GIB * usableMemory,
      perHour: price,
      entries: [id],
    }));
