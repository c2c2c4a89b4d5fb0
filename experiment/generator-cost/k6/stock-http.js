/** The same read by k6's own HTTP client, one request an iteration, as a k6 user would write it. */
import http from 'k6/http';

const { TARGET, COOKIE, CONNECTIONS, RATE, SECONDS, TUNED } = __ENV;
const duration = `${SECONDS}s`;
const vus = Number(CONNECTIONS);

const load = RATE
  ? {
      executor: 'constant-arrival-rate',
      rate: Number(RATE),
      timeUnit: '1s',
      duration,
      preAllocatedVUs: vus,
      maxVUs: vus,
    }
  : { executor: 'constant-vus', vus, duration };

export const options = {
  scenarios: { load },
  ...(TUNED && { discardResponseBodies: true, systemTags: [] }),
};

const headers = { Cookie: COOKIE };

export default function () {
  http.get(`${TARGET}/session`, { headers });
}
