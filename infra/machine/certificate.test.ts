import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { newCertificate } from './certificate.ts';

test('a certificate names its server, is valid now, and is signed with its own key', () => {
  const { key, certificate } = newCertificate('cache');
  const read = new X509Certificate(certificate);
  assert.equal(read.subject, 'CN=cache');
  assert.ok(read.checkPrivateKey(createPrivateKey(key)));
  assert.ok(read.verify(read.publicKey));
  const now = Date.now();
  assert.ok(Date.parse(read.validFrom) < now && now < Date.parse(read.validTo));
});

test('a client that trusts it connects, and one that trusts another of the same name does not', async (t) => {
  const [own, other] = [newCertificate('cache'), newCertificate('cache')];
  const server = createServer({ key: own.key, cert: own.certificate }, (socket) => socket.end('hello'));
  server.on('tlsClientError', () => {});
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const open = (ca: string) =>
    connect({ port: address.port, host: '127.0.0.1', ca, checkServerIdentity: () => undefined });
  const trusting = open(own.certificate);
  await once(trusting, 'secureConnect');
  trusting.destroy();
  const [refusal] = await once(open(other.certificate), 'error');
  assert.match(String(refusal), /certificate|signature/i);
});
