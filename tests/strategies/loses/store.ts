/** Says of a live session, when it is read, that it is not there; it is there again after. Seen as `lost`. */
import { answering, openFaulty } from '../faults/faulty-store.ts';
import { requestMethod } from '../faults/requests.ts';

export default openFaulty((store, plan) =>
  answering(store, (_sid, session) => (requestMethod() === 'GET' && plan.takes('lost') ? null : session)),
);
