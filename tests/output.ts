/** What a process prints. */
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Collected {
  /** What it has printed so far. */
  stdout(): string;
  /** Resolves when it has ended and its streams are closed; never rejects. */
  readonly ended: Promise<Finished>;
}

export function collect(child: ChildProcessByStdio<null, Readable, Readable>): Collected {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, stdout, stderr }));
  return { stdout: () => stdout, ended };
}
