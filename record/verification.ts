/** `verification.json`: what `npm run verify` asked of each strategy's deployment, and what came of it. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';
import { serverVersion } from './common.ts';
import { reason } from './reasons.ts';
import { recordHead } from './record-head.ts';
import { securityCheckIds } from './security-checks.ts';

/**
 * `holds`: it was asked, and is so. `limit`: it cannot be so here, for a documented reason. `broken`: it was asked, and is not so.
 * `unknown`: it could not be asked.
 */
export const checkOutcomes = ['holds', 'limit', 'unknown', 'broken'] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

export const checkResult = z.strictObject({
  id: z.enum(securityCheckIds),
  /** Of OWASP ASVS 5.0; none where the standard has none. */
  requirements: z.array(z.string()),
  outcome: z.enum(checkOutcomes),
  /** What was seen, or why it could not be. */
  detail: z.string(),
  milliseconds: z.int().min(0),
});
export type CheckResult = z.infer<typeof checkResult>;

export const verifiedStrategy = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** `not-verified`: its servers cannot run here, and `reasons` says why. */
  status: z.enum(['planned', 'verified', 'not-verified']),
  reasons: z.array(reason),
  versions: z.array(serverVersion),
  /** In the order of the catalogue; empty where it was not verified. */
  checks: z.array(checkResult),
});
export type VerifiedStrategy = z.infer<typeof verifiedStrategy>;

/** The bad requests that each strategy was sent: the same seed makes the same ones. */
export const badRequests = z.strictObject({ seed: z.int().min(0), count: z.int().min(0) });
export type BadRequests = z.infer<typeof badRequests>;

/** Version of `verification.json`. */
export const VERIFICATION_VERSION = 1;

export const verificationRecord = z.strictObject({
  schemaVersion: z.literal(VERIFICATION_VERSION),
  ...recordHead,
  /** Lives of sessions in the deployment whose time-outs were waited for, in seconds. */
  shortLives: z.strictObject({ idleSeconds: z.number(), absoluteSeconds: z.number() }),
  /** Null in records that are older than these requests. */
  badRequests: addedLater(badRequests.nullable(), null),
  strategies: z.array(verifiedStrategy),
  /** What went wrong besides. */
  faults: z.array(reason),
});
export type VerificationRecord = z.infer<typeof verificationRecord>;
