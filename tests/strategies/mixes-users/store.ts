/**
 * Answers a read with another user's session. Seen as `crossed`. The other session is at least as new as the one asked
 * for, so that the answer is wrong in one way only.
 */
import type { SessionData } from '../../../servers/contract/store.ts';
import { answering, History, openFaulty } from '../faults/faulty-store.ts';
import { requestMethod } from '../faults/requests.ts';

export default openFaulty((store, plan) => {
  const history = new History();
  const confusable = (session: SessionData) => (other: SessionData) =>
    other.user !== session.user && Number(other.version) >= Number(session.version);
  return answering(history.of(store), (_sid, session) => {
    const other = plan.isOpen && requestMethod() === 'GET' ? history.another(confusable(session)) : null;
    return other && plan.takes('crossed') ? other : session;
  });
});
