/** What to do about the engine's most common refusals, and about images that do not fit this machine. */
import os from 'node:os';

/** As the kernel names it: in a virtual machine that is what the machine is shown. */
const processor = `${os.cpus()[0]?.model.trim() ?? 'unknown model'}, ${os.arch()}`;

/** The first that fits counts. Those of programs come first, since their words are special and others' are general. */
const explanations: readonly { readonly pattern: RegExp; readonly next: string }[] = [
  {
    pattern: /CPU does not support x86-64-v\d|illegal instruction/i,
    next: `The image was built for newer processors than this one (${processor}). Give a virtual machine the processor of its host (QEMU: -cpu host), or name another image with --image KIND=IMAGE, or use --runtime native.`,
  },
  {
    pattern: /exec format error|does not match the (detected|specified|host) platform/i,
    next: `The image is for another kind of processor than this one (${processor}). Pull it for this one (docker pull --platform linux/…), or name another with --image KIND=IMAGE.`,
  },
  {
    pattern:
      /exec (\/\S+|user process caused): no such file or directory|error while loading shared libraries|version `?\w+_[\d.]+'? not found|symbol not found/i,
    next: 'The image lacks libraries of the program that is to run in it: images of Alpine have another C library than the Node.js of this machine, and old ones an older one. Name one of Debian with --image KIND=IMAGE.',
  },
  {
    pattern: /no space left on device|disk quota exceeded/i,
    next: "The engine's disk is full. See what takes the room with `docker system df`, free some (`docker system prune` removes what no container uses), and try again.",
  },
  {
    pattern: /permission denied.*(docker\.sock|daemon socket)/i,
    next: "This user may not use the engine's socket: add it to the group docker and log in again, or use --runtime native.",
  },
  {
    pattern:
      /cannot connect to the docker daemon|connection refused|EPIPE|ECONNRESET|ENOENT.*\.sock|unexpected EOF/i,
    next: 'The engine has gone away. See its log (journalctl -u docker), start it, and run the command again; what was measured is kept.',
  },
  {
    pattern: /could not find an available.*(address pool|IPv4)|all predefined address pools/i,
    next: 'The engine has no network addresses left. Remove networks that nothing uses: docker network prune.',
  },
  {
    pattern: /port is already allocated|address already in use|pool overlaps|overlapping IPv4/i,
    next: 'Another program took a port, or the addresses of a network, at the same moment; run the command again.',
  },
  {
    pattern: /requested cpu|CPUs? (is|are) not available|cpuset/i,
    next: 'The engine may not use the cores that were chosen: see Cpus_allowed_list of dockerd, or limit session-bench to its cores with taskset.',
  },
  {
    pattern: /toomanyrequests|rate limit/i,
    next: 'The registry wants you to log in (docker login) or to wait.',
  },
  {
    pattern: /manifest unknown|not found|does not exist|pull access denied|repository.*denied/i,
    next: 'Check the name of the image; name another with --image KIND=IMAGE.',
  },
  {
    pattern:
      /no such host|i\/o timeout|TLS handshake|connect: network|x509|proxyconnect|request canceled|Temporary failure/i,
    next: 'The registry cannot be reached. `npm run images -- --offline` makes stand-ins from Debian packages instead.',
  },
];

/** The next step that a person can take, or null when the text is none of those that we know. */
export function nextStep(text: string): string | null {
  return explanations.find(({ pattern }) => pattern.test(text))?.next ?? null;
}

/** The lines of a command's output that say what went wrong, at most five. */
export function lastWords(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const errors = lines.filter((line) =>
    /error|fail|denied|cannot|unable|no space|unhealthy|exited/i.test(line),
  );
  return (errors.length > 0 ? errors : lines).slice(-5).join('\n  ');
}

/** One message of what happened and what to do next. */
export function explained(what: string, output: string): string {
  const next = nextStep(output);
  return `${what}: ${lastWords(output) || 'no reason given'}${next ? `\n${next}` : ''}`;
}
