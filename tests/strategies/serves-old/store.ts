/** Answers a read with the session as it was before its last write. Seen as `stale`. */
import { answering, History, openFaulty } from '../faults/faulty-store.ts';
import { requestMethod } from '../faults/requests.ts';

export default openFaulty((store, plan) => {
  const history = new History();
  return answering(history.of(store), (sid, session) => {
    const previous = plan.isOpen && requestMethod() === 'GET' ? history.previous(sid) : null;
    return previous && plan.takes('stale') ? previous : session;
  });
});
