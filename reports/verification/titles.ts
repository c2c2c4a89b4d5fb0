import { type SecurityCheckId, securityChecks } from '../../record/security-checks.ts';

/** `7.2.4 new id at login`; without a number where the standard has none. */
export function checkTitle(id: SecurityCheckId): string {
  const { title, requirements } = securityChecks[id];
  return [requirements.join(', '), title].filter((part) => part !== '').join(' ');
}
