/**
 * docs/security-checks.md, made of the catalogue: what `npm run verify` asks. `node record/security-checks-page.ts` writes the
 * file again, and a test holds the two together.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { securityCheckIds, securityChecks } from './security-checks.ts';

export const securityChecksFile = path.join(import.meta.dirname, '../docs/security-checks.md');

const introduction = `\`npm run verify\` starts each strategy's real deployment (two apps, the balancer, the store), puts no load on it but bad requests, and asks it
the questions below through the balancer and of each app past it. A second deployment of the same strategy, whose sessions live for seconds,
is asked for its time-outs at the same time. Two strategies are asked at a time; bad requests come when no other check keeps time. Numbers are those of [OWASP ASVS 5.0](https://owasp.org/www-project-application-security-verification-standard/);
the words are ours. Written by \`node record/security-checks-page.ts\` from [record/security-checks.ts](../record/security-checks.ts).`;

const outcomes = `| outcome | what it means |
| :-- | :-- |
| \`holds\` | it was asked, and is so |
| \`limit\` | it cannot be so here, or does not apply, for the reason that is told: sticky sessions live in one app, loopback has no TLS |
| \`unknown\` | it could not be asked, or the machine was too busy for an answer |
| \`broken\` | it was asked, and is not so |`;

const files = `\`results/verifications/<id>/\` has \`verification.json\` (its shape: [record/verification.ts](../record/verification.ts)),
\`verification.html\`, \`verification.md\`, \`verification.junit.xml\` (\`npm run report -- <id>\` makes these three again), and the servers' logs that were searched for ids. The command ends with 0 when every
check holds or is a limit, 1 when one is broken, 2 when none is broken and one is unknown or a strategy that was named cannot run.`;

const open = `The deployments keep an index of users (\`userIndex\` in the configuration of the app), which those of the bench do not.

What is not asked yet: accounts of stores with fewer rights than the app needs (13.2.2). The cookie behind TLS is not looked at, and a login on another app than the one that holds a tied
session does not end that session.`;

/** The file's content, as it must be for the catalogue. */
export function securityChecksPage(): string {
  const rows = securityCheckIds.map((id) => {
    const { title, requirements, asks, remedy } = securityChecks[id];
    return `| ${title} | ${requirements.join(', ') || '—'} | ${asks} | ${remedy} |`;
  });
  const checks = ['| check | ASVS | what is asked | how to mend it |', '| :-- | :-- | :-- | :-- |', ...rows];
  const parts = ['# What npm run verify asks', introduction, checks.join('\n'), outcomes, files, open];
  return `${parts.join('\n\n')}\n`;
}

if (import.meta.main) await writeFile(securityChecksFile, securityChecksPage());
