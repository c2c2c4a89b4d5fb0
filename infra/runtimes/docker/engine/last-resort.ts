/** Removes containers when this process leaves without having taken them down, for whatever reason. */
import { spawn } from 'node:child_process';
import { RUN_LABEL } from './owner.ts';

const tokens = new Set<string>();
let installed = false;

export function rememberToken(token: string): void {
  tokens.add(token);
  if (installed) return;
  installed = true;
  process.on('exit', removeAll);
}

export function forgetToken(token: string): void {
  tokens.delete(token);
}

/**
 * The event loop has ended here, and removing takes the engine seconds: it is left to a shell that outlives
 * this process.
 */
function removeAll(): void {
  for (const token of tokens) {
    const filter = `label=${RUN_LABEL}=${token}`;
    const script = `
      ids=$(docker ps -aq --filter ${filter}); [ -z "$ids" ] || docker rm -f -v $ids
      ids=$(docker network ls -q --filter ${filter}); [ -z "$ids" ] || docker network rm $ids
      ids=$(docker volume ls -q --filter ${filter}); [ -z "$ids" ] || docker volume rm -f $ids`;
    spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' }).unref();
  }
}
