/** What of ours is alive on this machine, read from /proc. */
import { readdir, readFile } from 'node:fs/promises';

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

async function pids(): Promise<readonly number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

async function describe(pid: number): Promise<ProcessInfo | null> {
  const stat = await read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 2 || fields[0] === 'Z') return null;
  const command = (await read(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ').trim();
  return { pid, parent: Number(fields[1]), command };
}

export async function processes(): Promise<readonly ProcessInfo[]> {
  const all = await Promise.all((await pids()).map(describe));
  return all.filter((each) => each !== null);
}

/** A process and everything it started, however deep. */
export async function descendants(root: number): Promise<readonly ProcessInfo[]> {
  const all = await processes();
  const found = new Set([root]);
  for (let grew = true; grew; ) {
    const next = all.filter(({ pid, parent }) => found.has(parent) && !found.has(pid));
    grew = next.length > 0;
    for (const { pid } of next) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid) && pid !== root);
}

export async function alive(pid: number): Promise<boolean> {
  return (await describe(pid)) !== null;
}

/** Polls until the condition holds. @throws Error after the deadline. */
export async function eventually<Value>(
  what: string,
  seconds: number,
  condition: () => Promise<Value | null | undefined | false>,
): Promise<Value> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`not seen within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ports of loopback that somebody listens on. */
export async function listeningPorts(): Promise<readonly number[]> {
  const rows = (await read('/proc/net/tcp')).split('\n').slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '0', 16));
}
