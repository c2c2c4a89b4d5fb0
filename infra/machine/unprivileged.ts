/** Which user runs servers that should not run as root. */
import { readFileSync } from 'node:fs';

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** The user `nobody`: every system has it, and it owns nothing. */
function nobody(): UserIds {
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  return { uid: Number(line?.[1] ?? 65_534), gid: Number(line?.[2] ?? 65_534) };
}

/** Null when this process is not root and so runs everything as itself. */
export function unprivilegedUser(): UserIds | null {
  return process.getuid?.() === 0 ? nobody() : null;
}
