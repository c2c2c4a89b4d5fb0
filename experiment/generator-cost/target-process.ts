/** The target as a child process on a core of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { exitInWords } from '../../infra/machine/exit-words.ts';
import type { TargetReport } from './target.ts';

export class Target {
  readonly #process: ChildProcess;
  readonly url: string;
  /** `name=value` of a live session. */
  cookie = '';

  static async start(core: number): Promise<Target> {
    const file = path.join(import.meta.dirname, 'target.ts');
    const child = spawn('taskset', ['-c', String(core), process.execPath, file], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`the target ended with ${exitInWords(code, signal)} before it listened`);
    });
    const { port } = await Promise.race([nextReport(child), ended]);
    ended.catch(() => undefined);
    const target = new Target(child, `http://127.0.0.1:${port}`);
    await target.#login();
    return target;
  }

  private constructor(child: ChildProcess, url: string) {
    this.#process = child;
    this.url = url;
  }

  async #login(): Promise<void> {
    const body = JSON.stringify({ user: 'ann', payloadBytes: 0 });
    const response = await fetch(`${this.url}/session`, { method: 'POST', body });
    await response.body?.cancel();
    this.cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    if (this.cookie === '') throw new Error('the target gave no cookie');
  }

  async counts(): Promise<TargetReport> {
    const report = nextReport(this.#process);
    this.#process.send('count');
    return await report;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}

async function nextReport(child: ChildProcess): Promise<TargetReport> {
  // The target sends nothing else.
  const [report] = (await once(child, 'message')) as [TargetReport];
  return report;
}
