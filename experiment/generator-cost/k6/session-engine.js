/** Reads alone, by session-bench's engine with every check on; the variables are those of infra/k6/session.d.ts. */
import { drive } from 'k6/x/session';

export const options = {
  scenarios: {
    load: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '1h', gracefulStop: '10s' },
  },
};

const workload = {
  name: 'reads',
  mix: { login: 0, read: 1, write: 0, logout: 0 },
  payloadBytes: 0,
  sessions: 1000,
  zipfExponent: 0.6,
};

export default function () {
  drive(workload, __ENV);
}
