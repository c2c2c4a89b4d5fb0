/** Whether servers can work where temporary folders are made. */
import { statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Lack } from './lack.ts';
import { type UserIds, unprivilegedUser } from './unprivileged.ts';

const OTHERS_PASS = 0o001;
const GROUP_PASSES = 0o010;
const OWNER_PASSES = 0o100;

function mayPass(folder: string, { uid, gid }: UserIds): boolean {
  const { mode, uid: owner, gid: group } = statSync(folder);
  if (owner === uid) return (mode & OWNER_PASSES) !== 0;
  if (group === gid) return (mode & GROUP_PASSES) !== 0;
  return (mode & OTHERS_PASS) !== 0;
}

function withAncestors(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [...withAncestors(parent), folder];
}

/** The first folder from the root that the user may not pass on the way to a file; null where there is none. */
export const closedOnTheWay = (file: string, user: UserIds): string | null =>
  withAncestors(path.dirname(path.resolve(file))).find((each) => !mayPass(each, user)) ?? null;

/**
 * Null when the user as whom servers run reaches the temporary folder. Root's own may be closed to everybody else
 * (pam_tmpdir makes it so), and servers do not run as root.
 */
export function closedTemporaryFolder(
  folder = os.tmpdir(),
  user: UserIds | null = unprivilegedUser(),
): Lack | null {
  const closed = user && withAncestors(path.resolve(folder)).find((each) => !mayPass(each, user));
  return closed
    ? {
        what: 'a temporary folder that servers can reach',
        why: `servers do not run as root, and ${closed} is closed to the user they run as (${user.uid})`,
        remedy: `Set TMPDIR to an open folder (TMPDIR=/tmp), or let others pass: chmod o+x ${closed}`,
      }
    : null;
}
