/** A verification as a document: requirements and strategies, the worst first, then what is broken and how to mend it. */
import { type SecurityCheckId, securityCheckIds, securityChecks } from '../../record/security-checks.ts';
import type {
  CheckOutcome,
  CheckResult,
  VerificationRecord,
  VerifiedStrategy,
} from '../../record/verification.ts';
import { bad, checklist, good, notable, section, table, terms, words } from '../document/build.ts';
import type { Answer, Document, Section, Text, Told } from '../document/document.ts';
import { absent, counted, formatCount, listed } from '../words/format.ts';
import { suiteOf } from './suite.ts';
import { checkTitle } from './titles.ts';

export function verificationPage(record: VerificationRecord): Document {
  return {
    title: 'session-bench: verification',
    subject: record.id,
    answer: answerOf(record),
    details: detailsOf(record),
    setting: settingOf(record),
    sections: sectionsOf(record),
    suite: suiteOf(record),
  };
}

const verifiedOf = ({ strategies }: VerificationRecord): readonly VerifiedStrategy[] =>
  strategies.filter(({ status }) => status === 'verified');

const countOf = (strategies: readonly VerifiedStrategy[], wanted: CheckOutcome): number =>
  strategies.reduce((sum, { checks }) => sum + checks.filter(({ outcome }) => outcome === wanted).length, 0);

function answerOf(record: VerificationRecord): Answer {
  const verified = verifiedOf(record);
  if (verified.length === 0) return { text: 'No strategy was verified.', tone: 'void' };
  const broken = verified.filter(({ checks }) => checks.some(({ outcome }) => outcome === 'broken'));
  if (broken.length > 0)
    return {
      text: `${counted(countOf(broken, 'broken'), 'check')} broken, of ${counted(broken.length, 'strategy', 'strategies')} among ${verified.length}.`,
      tone: 'bad',
    };
  const open = countOf(verified, 'unknown');
  if (open > 0)
    return { text: `Nothing is broken; ${counted(open, 'check')} could not be answered.`, tone: 'open' };
  return {
    text: `Every check holds for ${counted(verified.length, 'strategy', 'strategies')}, documented limits aside.`,
    tone: 'good',
  };
}

const detailsOf = ({ strategies, faults }: VerificationRecord): readonly string[] => [
  ...strategies.flatMap(({ name, reasons }) =>
    reasons.map(({ message, remedy }) => `${name} was not verified: ${message}. ${remedy}`),
  ),
  ...faults.map(({ message, remedy }) => `${message} ${remedy}`),
];

const settingOf = (record: VerificationRecord): string => {
  const { startedAt, runtime, host, tool, shortLives, badRequests } = record;
  const requests =
    badRequests === null
      ? ''
      : `; ${formatCount(badRequests.count)} bad requests of seed ${badRequests.seed} to each strategy`;
  return `Asked on ${startedAt.slice(0, 10)} of deployments with two apps, ${runtime}, on ${host.os}, at commit ${tool.commit?.slice(0, 7) ?? 'unknown'}${tool.dirty === true ? ' with changes' : ''}; time-outs with lives of ${shortLives.idleSeconds} s (idle) and ${shortLives.absoluteSeconds} s${requests}. Numbers are those of OWASP ASVS 5.0.`;
};

function sectionsOf(record: VerificationRecord): readonly Section[] {
  const verified = verifiedOf(record).toSorted((a, b) => weightOfAll(b) - weightOfAll(a));
  if (verified.length === 0) return [];
  return [
    section('matrix', 'Requirements', 'everywhere', matrix(verified)),
    ...told('broken', 'What is broken, and how to mend it', verified, 'alarm'),
    ...told('unknown', 'What could not be answered', verified, 'warning'),
    ...told('limit', 'Limits', verified, 'note'),
    section('asked', 'What was asked', 'documents', asked(verified)),
    section('seen', 'What was seen', 'documents', checklist(toldOf(verified, 'holds', 'good'))),
  ];
}

const weights: Readonly<Record<CheckOutcome, number>> = { holds: 0, limit: 1, unknown: 100, broken: 10_000 };
const weightOfAll = ({ checks }: VerifiedStrategy): number =>
  checks.reduce((sum, { outcome }) => sum + weights[outcome], 0);

const resultOf = ({ checks }: VerifiedStrategy, id: SecurityCheckId): CheckResult | undefined =>
  checks.find((each) => each.id === id);

/** Checks that were asked, the worst first. */
function asChecked(verified: readonly VerifiedStrategy[]): readonly SecurityCheckId[] {
  const weightOf = (id: SecurityCheckId): number =>
    verified.reduce((sum, each) => sum + weights[resultOf(each, id)?.outcome ?? 'holds'], 0);
  return securityCheckIds
    .filter((id) => verified.some((each) => resultOf(each, id)))
    .toSorted((a, b) => weightOf(b) - weightOf(a));
}

const cells: Readonly<Record<CheckOutcome, Text>> = {
  holds: good('holds'),
  limit: 'limit',
  unknown: notable('unknown'),
  broken: bad('BROKEN'),
};

const matrix = (verified: readonly VerifiedStrategy[]) =>
  table(
    'Requirements by strategy',
    [words('Check'), words('ASVS', { reach: 'documents' }), ...verified.map(({ name }) => words(name))],
    asChecked(verified).map((id) => [
      securityChecks[id].title,
      securityChecks[id].requirements.join(', ') || absent,
      ...verified.map((each) => {
        const result = resultOf(each, id);
        return result ? cells[result.outcome] : absent;
      }),
    ]),
  );

function told(
  outcome: CheckOutcome,
  heading: string,
  verified: readonly VerifiedStrategy[],
  level: Told['level'],
): readonly Section[] {
  const all = toldOf(verified, outcome, level);
  return all.length === 0 ? [] : [section(outcome, heading, 'everywhere', checklist(all))];
}

/** Strategies of which the same is said stand together. */
function toldOf(
  verified: readonly VerifiedStrategy[],
  outcome: CheckOutcome,
  level: Told['level'],
): readonly Told[] {
  return asChecked(verified).flatMap((id) => {
    const byDetail = Map.groupBy(
      verified.filter((each) => resultOf(each, id)?.outcome === outcome),
      (each) => resultOf(each, id)?.detail ?? '',
    );
    return [...byDetail].map(
      ([detail, strategies]): Told => ({
        level,
        label: checkTitle(id),
        text: `${listed(strategies.map(({ name }) => name))}: ${detail}`,
        remedy: outcome === 'broken' ? securityChecks[id].remedy : '',
      }),
    );
  });
}

const asked = (verified: readonly VerifiedStrategy[]) =>
  terms(asChecked(verified).map((id) => [checkTitle(id), securityChecks[id].asks] as const));
