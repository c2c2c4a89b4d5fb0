/** A harness that starts servers, tells that they run, and stays: for being killed. */
import { startServices } from '../../runtimes/testing/services.ts';

const services = await startServices({
  services: [
    { name: 'cache', kind: 'redis', count: 1, memoryMiB: 64 },
    { name: 'database', kind: 'postgres', count: 1, memoryMiB: 128 },
    { name: 'table', kind: 'mysql', count: 1, memoryMiB: 128 },
  ],
});
if (process.argv.includes('frozen')) await services.freeze();
const ports = Object.values(services.endpoints).flatMap((endpoints) => endpoints.map(({ port }) => port));
console.log(JSON.stringify({ ports }));
if (process.argv.includes('throw')) throw new Error('a mistake in the harness');
setInterval(() => {}, 1000);
