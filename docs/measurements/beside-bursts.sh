#!/bin/sh
# A run beside a program that takes a core in bursts: has every strategy all its blocks, and is the program named?
# sh docs/measurements/beside-bursts.sh [SECONDS [bench options]], by default 20 s of every 40, and a short run.
# Nothing else should be working on the machine. Ends with 0 where both hold.
set -eu
seconds=${1:-20}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- --preset smoke --strategy sticky,redis --blocks 3
here=$(cd "$(dirname "$0")/../.." && pwd)
out=$(mktemp -d)

burst() { while :; do timeout "$seconds" sh -c 'while :; do :; done' || true; sleep "$seconds"; done; }
burst &
bursts=$!
trap 'kill "$bursts" 2>/dev/null || true; rm -rf "$out"' EXIT INT TERM

cd "$here"
npm run --silent bench -- "$@" --out "$out" || true
node --input-type=module - "$out/latest" <<'END'
import { readFileSync } from 'node:fs';
const folder = process.argv[2];
const { design, strategies, trials, findings } = JSON.parse(readFileSync(`${folder}/summary.json`, 'utf8'));
const blocksOf = (name) =>
  new Set(trials.filter((each) => each.strategy === name && each.status === 'valid').map((each) => each.block)).size;
const lacking = strategies.filter(({ name, status }) => status !== 'not-measured' && blocksOf(name) < design.blocks);
for (const { name } of strategies) console.log(`${name}: ${blocksOf(name)} of ${design.blocks} blocks`);
const loud = findings.filter(({ code }) => code === 'machine-loud').map(({ message }) => message);
console.log(loud.join('\n') || 'Nobody was named.');
process.exitCode = lacking.length === 0 && /\b(sh|timeout) \(pid \d+\)/.test(loud.join()) ? 0 : 1;
END
