/**
 * k6 script of the scenario "skewed"; what it does is in workloads/skewed.ts. With the k6 that infra/k6 builds:
 *
 *   k6 run -e SESSION_TARGET=http://127.0.0.1:8080 -e SESSION_RATE=500 scenarios/skewed.ts
 *
 * The variables are described in infra/k6/session.d.ts. Thresholds and outputs work as in any k6 script.
 */
import { drive } from 'k6/x/session';
import { workload } from './workloads/skewed.ts';

export const options = {
  scenarios: {
    // One iteration is the whole load: the engine in k6/x/session does pacing, sending and checking.
    load: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '24h', gracefulStop: '10s' },
  },
};

export default function (): void {
  drive(workload, __ENV);
}
