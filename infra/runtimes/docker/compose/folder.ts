/** The folder of one deployment: its Compose file, and the files and folders that its containers are given. */
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { renderYaml } from './file.ts';
import { GENERATOR, type Rendering, renderCompose, renderedFolders, renderFiles } from './render.ts';

export const composeFileIn = (folder: string) => path.join(folder, 'compose.yml');

/** As root, what containers get belongs to their user; anybody else runs them as themselves. */
function give(file: string, user: Rendering['user']): void {
  if (process.getuid?.() === 0) chownSync(file, user.uid, user.gid);
}

export function writeDeploymentFolder(rendering: Rendering): void {
  const { folder, user } = rendering;
  for (const name of renderedFolders(rendering)) {
    const where = path.join(folder, name);
    // Nodes' own folders may be passed through, the harness' sockets are in them; the rest is their user's alone.
    mkdirSync(path.dirname(where), { recursive: true });
    // Whatever the umask.
    chmodSync(path.dirname(where), 0o711);
    mkdirSync(where, { mode: 0o700 });
    if (!name.startsWith(`${GENERATOR}/`)) give(where, user);
  }
  for (const { path: name, content } of renderFiles(rendering)) {
    const where = path.join(folder, name);
    writeFileSync(where, content, { mode: 0o600 });
    give(where, user);
  }
  // Names of users, which every process of a container may look up.
  chmodSync(path.join(folder, 'passwd'), 0o644);
  writeFileSync(composeFileIn(folder), renderYaml(renderCompose(rendering)), { mode: 0o600 });
}

export async function removeDeploymentFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
