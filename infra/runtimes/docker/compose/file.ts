/** The parts of the Compose format that we write, and how they are written: to be read by people. */
import { Document, isScalar, visit } from 'yaml';
import type { HealthCheck } from './health.ts';

export interface ComposeService {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** `uid:gid` */
  readonly user: string;
  readonly hostname?: string;
  readonly network_mode?: string;
  readonly networks?: { readonly default: { readonly ipv4_address: string } };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes: readonly string[];
  readonly tmpfs: readonly string[];
  /** `127.0.0.1::8001`: a port of this machine that the engine chooses. */
  readonly ports?: readonly string[];
  readonly healthcheck?: HealthCheck;
  readonly cpuset: string;
  readonly cpus: number;
  readonly mem_limit: string;
  /** The same as the limit of memory: no swap. */
  readonly memswap_limit: string;
  readonly stop_signal?: string;
  readonly stop_grace_period?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ComposeFile {
  /** Lines above everything else, for the person who opens the file. */
  readonly comment: readonly string[];
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly network: {
    /** `172.20.0.0/16` */
    readonly subnet: string;
    readonly labels: Readonly<Record<string, string>>;
  };
}

/**
 * Open files of each process: twice HAProxy's connections, and less than what an engine may be held to itself, since it
 * cannot give more than it has. Without a limit of ours, servers would size tables by whatever the engine's is.
 */
const OPEN_FILES = 16_384;

/** The same for every container. */
const hardening = {
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  pids_limit: 1024,
  ulimits: { nofile: { soft: OPEN_FILES, hard: OPEN_FILES } },
  restart: 'no',
  pull_policy: 'never',
  logging: { driver: 'json-file', options: { 'max-size': '20m', 'max-file': '1' } },
};

export function renderYaml(file: ComposeFile): string {
  const services = Object.fromEntries(
    Object.entries(file.services).map(([name, service]) => [name, { ...service, ...hardening }]),
  );
  const { subnet, labels } = file.network;
  const networks = { default: { ipam: { config: [{ subnet }] }, labels } };
  // Quoted as older readers of YAML need it, for whom an unquoted `no` is false.
  const document = new Document({ name: file.name, services, networks }, { version: '1.1' });
  document.commentBefore = file.comment.map((line) => (line === '' ? ' ' : ` ${line}`)).join('\n');
  visit(document, {
    Scalar(key, node) {
      // Compose replaces variables in every value; ours mean themselves.
      if (key !== 'key' && typeof node.value === 'string') node.value = node.value.replaceAll('$', '$$$$');
    },
    Seq(_key, node) {
      // Commands are easier to read in one line.
      node.flow =
        node.items.length <= 4 &&
        node.items.every((item) => isScalar(item) && String(item.value).length < 40);
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, singleQuote: true });
}
