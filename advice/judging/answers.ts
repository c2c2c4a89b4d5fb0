/** Does a strategy answer, and right? No wish is needed for that. */
import type { StrategyEvidence } from '../evidence/evidence.ts';
import { broken, type Judged, met, open } from './judged.ts';

export function judgeAnswers({ load }: StrategyEvidence): Judged {
  const wish = 'right answers';
  if (load.kind === 'missing') return open(wish, load.what, load.command);
  const basis = { kind: 'measured', run: load.run } as const;
  if (load.value.status === 'failed') return broken(wish, load.value.why, basis);
  const { violations } = load.value;
  if (violations === null) return open(wish, 'nobody counted its wrong answers', 'npm run bench');
  const seen = Object.entries(violations).filter(([, count]) => count > 0);
  if (seen.length === 0) return met(wish, 'no answer was wrong', basis);
  return broken(
    wish,
    `answers were wrong: ${seen.map(([name, count]) => `${count} ${name}`).join(', ')}`,
    basis,
  );
}
