/**
 * The temporary folder of one harness process and, in it, the register of what it started.
 *
 * Its name says whose it is (`sb-<pid>-<start ticks>-…`), every server works inside it, and each server is written into
 * the register before it is started. By these, a later run finds what a killed harness left, and nothing else.
 */
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { forgetFolder, rememberFolder } from './last-resort.ts';
import { type ProcessIdentity, readProcess } from './process-table.ts';
import { RUN_LOCK } from './run-lock.ts';

export const RUN_FOLDER_PREFIX = 'sb-';
/** Process number and start of the harness. Other programs' folders may begin alike. */
const RUN_FOLDER_NAME = /^sb-(\d+)-(\d+)-\w{6}$/;
/** Environment variable of every process that a harness starts; its value is the run folder's name. */
export const RUN_MARKER = 'SESSION_BENCH_RUN';
/** Environment variable of the same processes: the lock that the run holds. */
export const LOCK_VARIABLE = 'SESSION_BENCH_LOCK';

export const lockOfThisProcess = (): string => process.env[LOCK_VARIABLE] || RUN_LOCK;

/** The path of a unix socket may have 107 bytes; the others are for our folders and file names. */
export const LONGEST_TEMPORARY = 55;

const ownerSchema = z.strictObject({
  pid: z.int(),
  startTicks: z.number(),
  /** Changes with every boot of the machine. */
  bootId: z.string(),
  /** A process number is valid within one namespace only. */
  pidNamespace: z.string(),
  lock: z.string().default(RUN_LOCK),
});
export type Owner = z.infer<typeof ownerSchema>;

const registerLine = z.discriminatedUnion('event', [
  /** Written before the start. */
  z.strictObject({ event: z.literal('starting'), name: z.string(), program: z.string() }),
  z.strictObject({
    event: z.literal('started'),
    name: z.string(),
    pid: z.int(),
    startTicks: z.number(),
    stopSignal: z.string(),
  }),
  z.strictObject({ event: z.literal('ended'), pid: z.int(), startTicks: z.number() }),
]);
type RegisterLine = z.infer<typeof registerLine>;

const ownerFile = (folder: string) => path.join(folder, 'owner.json');
const registerFile = (folder: string) => path.join(folder, 'register.jsonl');

export function placeOfThisProcess(): Pick<Owner, 'bootId' | 'pidNamespace'> {
  return {
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    pidNamespace: readlinkSync('/proc/self/ns/pid'),
  };
}

/** The process in a run folder's name; null when that is no run folder. */
export function harnessOf(folderName: string): ProcessIdentity | null {
  const [, pid, startTicks] = RUN_FOLDER_NAME.exec(folderName) ?? [];
  return pid && startTicks ? { pid: Number(pid), startTicks: Number(startTicks) } : null;
}

/** Null when the folder does not say whose it is. */
export function readOwner(folder: string): Owner | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(ownerFile(folder), 'utf8')));
  } catch {
    return null;
  }
}

export interface Register {
  /** Programs that were started or about to be, as absolute paths. */
  readonly programs: ReadonlySet<string>;
  /** Started, with no end in the register; in order of starting. */
  readonly running: readonly (ProcessIdentity & { readonly name: string; readonly stopSignal: string })[];
}

/** Passes over half a line, which a harness leaves that is killed while it writes. */
export function readRegister(folder: string): Register {
  let text = '';
  try {
    text = readFileSync(registerFile(folder), 'utf8');
  } catch {
    // A harness that was killed before its first start has no register.
  }
  const lines = text.split('\n').flatMap((line): RegisterLine[] => {
    try {
      return [registerLine.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
  const ended = new Set(
    lines.filter((line) => line.event === 'ended').map(({ pid, startTicks }) => `${pid} ${startTicks}`),
  );
  return {
    programs: new Set(lines.filter((line) => line.event === 'starting').map(({ program }) => program)),
    running: lines
      .filter((line) => line.event === 'started')
      .filter(({ pid, startTicks }) => !ended.has(`${pid} ${startTicks}`)),
  };
}

export class RunFolder {
  readonly folder: string;
  #subfolders = 0;

  /**
   * Makes the folder under the system's temporary folder.
   * @throws Error when that cannot be written, or when its name is so long that sockets in it could not be reached
   */
  constructor() {
    if (Buffer.byteLength(os.tmpdir()) > LONGEST_TEMPORARY) {
      throw new Error(
        `the path of the temporary folder is too long for unix sockets in it: ${os.tmpdir()}. Set TMPDIR to a folder with a path of at most ${LONGEST_TEMPORARY} bytes.`,
      );
    }
    const self = readProcess(process.pid);
    if (!self) throw new Error('/proc is missing: the native runtime needs Linux');
    const prefix = `${RUN_FOLDER_PREFIX}${self.pid}-${self.startTicks}-`;
    this.folder = mkdtempSync(path.join(os.tmpdir(), prefix));
    // Servers that run as another user pass through to their own folders, but cannot list this one.
    chmodSync(this.folder, 0o711);
    const { pid, startTicks } = self;
    const owner: Owner = { pid, startTicks, ...placeOfThisProcess(), lock: lockOfThisProcess() };
    writeFileSync(ownerFile(this.folder), JSON.stringify(owner), { mode: 0o600 });
    rememberFolder(this.folder);
  }

  get marker(): Readonly<Record<string, string>> {
    return { [RUN_MARKER]: path.basename(this.folder), [LOCK_VARIABLE]: lockOfThisProcess() };
  }

  /** A new folder with a short name, for one server. */
  subfolder(): string {
    this.#subfolders += 1;
    const folder = path.join(this.folder, String(this.#subfolders));
    mkdirSync(folder);
    // Whatever the umask.
    chmodSync(folder, 0o711);
    return folder;
  }

  /** @throws when the line cannot be written; the caller must start nothing then */
  record(line: RegisterLine): void {
    appendFileSync(registerFile(this.folder), `${JSON.stringify(line)}\n`, { mode: 0o600 });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    forgetFolder(this.folder);
  }
}
