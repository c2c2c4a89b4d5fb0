/** Says that it has ended a session and keeps it. Seen as `resurrected`, when the session is used after its logout. */
import { openFaulty } from '../faults/faulty-store.ts';
import { requestMethod } from '../faults/requests.ts';

export default openFaulty((store, plan) => ({
  ...store,
  destroy(sid, callback) {
    if (requestMethod() === 'DELETE' && plan.takes('resurrected')) callback();
    else store.destroy(sid, callback);
  },
}));
