/** What an engine changes of a machine is put back, and what others changed is left: in a network of its own. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../../infra/machine/run.ts';
import { repository, temporaryFolder } from '../command.ts';

const library = path.join(repository, '.ci/machine-state');

/**
 * As root, where nothing of the machine's own network is seen, nor of its interfaces, which sysfs tells, nor of its control
 * groups and of an engine's folders. A new network forwards as the machine's own does.
 */
const alone = (script: string) => {
  const folders = ['/sys/fs/cgroup', '/run', '/var/lib', '/opt', '/etc/docker'].filter((each) =>
    existsSync(each),
  );
  const empty = folders.map((folder) => `mount -t tmpfs tmpfs ${folder}`);
  const begin = ['mount -t sysfs sysfs /sys', ...empty, 'echo 0 >/proc/sys/net/ipv4/ip_forward'].join(' && ');
  return runProgram('unshare', ['--net', '--mount', 'bash', '-c', `${begin} && ${script}`], {
    env: process.env,
  });
};

/** What an engine does, as it was seen with Docker 20.10. */
const engine = `
  mkdir -p /sys/fs/cgroup/memory/docker/c27292810bb1 /run/docker/netns /run/containerd /var/lib/docker/volumes
  touch /run/docker.sock
  echo 1 >/proc/sys/net/ipv4/ip_forward
  for bridge in docker0 br-c27292810bb1; do ip link add $bridge type bridge; done
  iptables -P FORWARD DROP
  for chain in DOCKER DOCKER-USER; do iptables -N $chain; done
  iptables -A FORWARD -j DOCKER-USER
  iptables -A DOCKER-USER -j RETURN
  iptables -A FORWARD -o br-c27292810bb1 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
  iptables -t nat -N DOCKER
  iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
  iptables -t nat -A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 8001 -j MASQUERADE`;

/** What others have and do meanwhile. */
const before = 'iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables -N MINE; iptables -A FORWARD -j MINE';
const meanwhile =
  'mkdir /sys/fs/cgroup/mine /var/lib/mine; iptables -A FORWARD -s 10.1.0.0/16 -j ACCEPT; iptables -t nat -A POSTROUTING -s 10.1.0.0/16 -j MASQUERADE; ip link add other type bridge';

async function lack(): Promise<string | false> {
  if (process.getuid?.() !== 0) return 'it needs root';
  const { exitCode, all } = await alone('ip link >/dev/null && iptables -t nat -L -n >/dev/null');
  return exitCode === 0 ? false : `it needs ip and iptables: ${all.trim()}`;
}
const needsNetwork = { skip: await lack() };

/** The state in the end, with what was left behind. Mounts are those of the machine's own engine. */
async function states(context: Parameters<typeof temporaryFolder>[0], during: string) {
  const folder = await temporaryFolder(context);
  const script = `
    source ${library}
    ${before}
    record_machine ${folder}
    ${during}
    restore_machine ${folder}
    left_behind ${folder} | sed 's/^/left: /'
    machine_state | grep -vE '^(tables|mounts): '`;
  const { exitCode, stdout, all } = await alone(script);
  assert.equal(exitCode, 0, all);
  return stdout;
}

test('of an engine nothing is left, and all that others had and made', needsNetwork, async (context) => {
  const without = await states(context, meanwhile);
  assert.match(without, /filter -A FORWARD -s 10\.1\.0\.0\/16 -j ACCEPT/);
  assert.match(without, /interfaces: other/);
  assert.equal(await states(context, `${engine}\n${meanwhile}`), without);
});

test('nothing at all is left where nobody else did anything', needsNetwork, async (context) => {
  const folder = await temporaryFolder(context);
  const { exitCode, all } = await alone(`
    whole() { { machine_state | grep -v '^mounts: '; find /sys/fs/cgroup /run /var/lib; } >${folder}/$1; }
    source ${library}; mkdir /sys/fs/cgroup/memory; whole before; record_machine ${folder}/record
    ${engine}
    restore_machine ${folder}/record; left_behind ${folder}/record; whole after
    diff ${folder}/before ${folder}/after`);
  assert.equal(exitCode, 0, all);
});

test('an engine that is there before is left alone by start and stop', needsNetwork, async (context) => {
  const folder = await temporaryFolder(context);
  const program = (name: string, script: string) =>
    `printf '#!/bin/bash\\n${script}\\n' >${name}; chmod +x ${name}`;
  // It answers, with a Compose; whoever starts or installs another says so.
  const programs = [
    program('docker', '[ "$1" = compose ] && echo 2.40.0 || echo Docker 28.0'),
    program('theirs/dockerd', 'while [ -e started ]; do read -t 0.1 <> <(:); done'),
    ...['dockerd', 'apt-get'].map((name) => program(name, `echo ${name} >>started`)),
  ];
  const { stdout, all } = await alone(`
    cd ${folder}; mkdir theirs; ${programs.join('; ')}
    touch started; theirs/dockerd & source ${library}; PATH=${folder}:$PATH
    machine_state >before
    bash ${repository}/.ci/engine start && bash ${repository}/.ci/engine stop
    machine_state | diff before -; cat started; ls /var/lib
    kill -0 $! && echo it runs; rm started; wait`);
  assert.match(stdout, /^engine: Docker 28/, all);
  assert.match(stdout, /engine: no engine of ours runs\nit runs\n?$/, all);
});

test('what an engine found as it makes it stays', needsNetwork, async (context) => {
  const found = 'echo 1 >/proc/sys/net/ipv4/ip_forward; iptables -P FORWARD DROP';
  const folder = await temporaryFolder(context);
  const recorded = `source ${library}; ${found}; record_machine ${folder}`;
  const { stdout, all } = await alone(`${recorded}; ${engine}\n restore_machine ${folder}; machine_state`);
  assert.match(stdout, /filter :FORWARD DROP/, all);
  assert.match(stdout, /ip_forward 1/);
  assert.doesNotMatch(stdout, /DOCKER|docker0|br-/);
});
