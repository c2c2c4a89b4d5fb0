import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothingTold, sumHoldings } from './definition.ts';
import { answeredByItself, inFlight, parseStats, sessionRequests, whyNotUp } from './haproxy/index.ts';
import { parseK6Version } from './k6/index.ts';
import { commandsOf, holdingIn, strainIn } from './memcached/index.ts';
import { limitCounts } from './mysql/index.ts';
import { parseClusterNodes } from './redis/cluster.ts';
import { parseCommandStats, parseEntries, parseHolding, parseStrain } from './redis/connection.ts';

test("Redis' counts leave out administration and replication, and join subcommands", () => {
  const info = [
    '# Commandstats',
    'cmdstat_get:calls=12,usec=3,usec_per_call=0.25,rejected_calls=0,failed_calls=0',
    'cmdstat_set:calls=5,usec=3',
    'cmdstat_config|set:calls=4,usec=3',
    'cmdstat_xgroup|create:calls=1,usec=1',
    'cmdstat_xgroup|destroy:calls=2,usec=1',
    'cmdstat_replconf:calls=99,usec=3',
    'cmdstat_ping:calls=7,usec=3',
  ].join('\r\n');
  assert.deepEqual(parseCommandStats(info), { get: 12, set: 5, xgroup: 3 });
});

test("Memcached's counts come from its statistics", () => {
  const stats = { cmd_get: '3', cmd_set: '2', cmd_touch: '1', delete_hits: '4', delete_misses: '1' };
  assert.deepEqual(commandsOf(stats), { get: 3, set: 2, touch: 1, delete: 5 });
});

test('nodes of a cluster are read with their flags, pings and links', () => {
  const text = [
    'aa 127.0.0.1:1@2 myself,master - 0 0 1 connected 0-5460',
    'bb 127.0.0.1:3@4 slave,fail? aa 1700000000000 1690000000000 1 disconnected',
    '',
  ].join('\n');
  assert.deepEqual(parseClusterNodes(text), [
    { id: 'aa', flags: ['myself', 'master'], pingSent: 0, connected: true, serving: true },
    { id: 'bb', flags: ['slave', 'fail?'], pingSent: 1_700_000_000_000, connected: false, serving: false },
  ]);
});

const stats = (status: string, check: string) =>
  parseStats(
    [
      '# pxname,svname,status,check_status,check_code,last_chk,req_tot,',
      'public,FRONTEND,OPEN,,,,17,',
      'sessions,app1,UP,L7OK,200,,,',
      `sessions,app2,${status},${check},503,,,`,
      'sessions,BACKEND,UP,,,,12,',
      'other,BACKEND,UP,,,,5,',
      '',
    ].join('\n'),
  );

test('HAProxy is ready when every app is up by a check that was answered', () => {
  assert.equal(whyNotUp(stats('UP', 'L7OK'), 2), null);
  assert.match(whyNotUp(stats('DOWN', 'L7STS'), 2) ?? '', /app2 is DOWN \(L7STS 503/);
  assert.match(whyNotUp(stats('UP', 'INI'), 2) ?? '', /app2/);
  assert.match(whyNotUp(stats('UP', 'L7OK'), 3) ?? '', /2 of 3/);
});

test("HAProxy's count holds the session routes alone", () => {
  assert.equal(sessionRequests(stats('UP', 'L7OK')), 12);
});

test('what HAProxy answered itself stands in its counts of no app', () => {
  const rows = (...fivexx: readonly string[]) =>
    parseStats(
      ['# pxname,svname,hrsp_5xx,', ...fivexx.map((row) => `${row},`), 'other,BACKEND,99,', ''].join('\n'),
    );
  assert.equal(answeredByItself(rows('sessions,app1,25', 'sessions,app2,26', 'sessions,BACKEND,280')), 229);
  assert.equal(answeredByItself(rows('sessions,app1,0', 'sessions,app2,', 'sessions,BACKEND,0')), 0);
});

test("k6's version is read with and without a commit behind it", () => {
  assert.equal(parseK6Version('k6 v2.2.0 (go1.26.1, linux/amd64)\nExtensions:\n'), '2.2.0');
  assert.equal(parseK6Version('k6 v2.2.0 (commit/abc, go1.26.1, linux/amd64)'), '2.2.0');
  assert.equal(parseK6Version('main v2.2.0'), 'unknown');
});

const info = (...lines: readonly string[]) => lines.join('\r\n');

test('Redis tells what its limits did; a version that does not count errors tells of no refused write', () => {
  const told = [
    ...['redis_version:7.0.15', 'used_memory:1000', 'maxmemory:4096', 'evicted_keys:3', 'expired_keys:2'],
    ...['rejected_connections:1', 'total_error_replies:9'],
  ];
  assert.deepEqual(parseStrain('cache-1', info(...told, 'errorstat_ERR:count=2', 'errorstat_OOM:count=7')), {
    node: 'cache-1',
    product: 'Redis',
    counts: { evicted: 3, expired: 2, refusedConnections: 1, refusedForMemory: 7 },
    memory: { usedBytes: 1000, limitBytes: 4096 },
  });
  assert.equal(parseStrain('cache-1', info(...told)).counts.refusedForMemory, 0);
  const old = parseStrain('cache-1', info('redis_version:6.0.0', 'maxmemory:0', 'evicted_keys:0'));
  assert.deepEqual([old.counts.refusedForMemory, old.memory], [undefined, null]);
  assert.equal(parseStrain('c', info('redis_version:7.2.4', 'valkey_version:9.0.0')).product, 'Valkey');
});

test('what sessions take is told by each server in its own words, a replica counting nothing twice', () => {
  const master = info(
    'used_memory:5000',
    'role:master',
    'db0:keys=7,expires=7,avg_ttl=1',
    'db1:keys=2,expires=0',
  );
  const replica = info('used_memory:4000', 'role:slave', 'db0:keys=7,expires=7,avg_ttl=1');
  const file = info('used_memory:5000', 'aof_current_size:900', 'role:master');
  assert.deepEqual(parseHolding(master), { ...nothingTold, memoryBytes: 5000 });
  assert.deepEqual(parseHolding(file), { memoryBytes: 5000, diskBytes: 900, logBytes: 900 });
  assert.deepEqual([master, replica, file].map(parseEntries), [9, 0, 0]);
  assert.deepEqual(sumHoldings([master, replica].map(parseHolding)), { ...nothingTold, memoryBytes: 9000 });
  assert.deepEqual(sumHoldings([holdingIn({ bytes: '200' }), holdingIn({})]), nothingTold);
  assert.deepEqual(sumHoldings([]), nothingTold);
});

test('what a server does not tell is left out of its counts, and is not 0', () => {
  assert.deepEqual(strainIn('cache-1', { evictions: '4', bytes: '10', limit_maxbytes: '64' }), {
    node: 'cache-1',
    product: 'Memcached',
    counts: { evicted: 4 },
    memory: { usedBytes: 10, limitBytes: 64 },
  });
  assert.deepEqual(strainIn('cache-1', {}), {
    node: 'cache-1',
    product: 'Memcached',
    counts: {},
    memory: null,
  });
  assert.deepEqual(parseStrain('cache-1', info('redis_version:7.0.15')).counts, {});
  assert.deepEqual(limitCounts([]), {});
  const status = [
    { name: 'Connection_errors_max_connections', value: '2' },
    { name: 'Innodb_deadlocks', value: '1' },
  ];
  assert.deepEqual(limitCounts(status), { refusedConnections: 2, deadlocks: 1 });
});

test("an app's requests in flight stand in HAProxy's statistics", () => {
  const rows = parseStats(
    ['# pxname,svname,scur,', 'other,app1,9,', 'sessions,app1,3,', 'sessions,app2,0,', ''].join('\n'),
  );
  assert.deepEqual([inFlight(rows, 1), inFlight(rows, 2)], [3, 0]);
  assert.throws(() => inFlight(rows, 3), /lack the requests in flight of app3/);
});
