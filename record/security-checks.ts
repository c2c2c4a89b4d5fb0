/**
 * The catalogue of what `npm run verify` asks of a deployment: the requirement, the question, and how a broken one is mended.
 * Numbers are those of OWASP ASVS 5.0; the words are ours.
 */

interface Entry {
  /** For people, at most 20 characters: tables name rows by it. */
  readonly title: string;
  /** Of OWASP ASVS 5.0; none where the standard has none. */
  readonly requirements: readonly string[];
  /** What was asked, and what of it an answer cannot show. */
  readonly asks: string;
  /** How to mend it where it is broken. */
  readonly remedy: string;
}

export const securityChecks = {
  'own-session': {
    title: 'own session alone',
    requirements: ['7.2.1'],
    asks: 'Clients of several users, signed in at the same time on each app and through the balancer: none is ever served the session of another.',
    remedy:
      'Look a session up by its whole id, keep no state of a request beyond it, and never reuse a connection whose answers may be out of step.',
  },
  'id-entropy': {
    title: 'entropy of ids',
    requirements: ['7.2.3'],
    asks: 'Ids of hundreds of logins, made by every app: no two are equal, none shares a long beginning with another, and their characters vary enough for 128 bits. A sample can refute that ids come from a secure source; it cannot prove it.',
    remedy:
      'Make ids of at least 16 bytes of crypto.randomBytes, and let neither app nor store shorten them or fold their case.',
  },
  'id-renewed': {
    title: 'new id at login',
    requirements: ['7.2.4'],
    asks: 'A client with a session logs in again, as somebody else: it gets a new id, and the old one opens nothing on any app.',
    remedy:
      'Destroy the session that came with a login, and make a session with a new id before anything is kept in it.',
  },
  fixation: {
    title: 'chosen ids refused',
    requirements: ['7.2.2', '7.2.4'],
    asks: 'Logins that bring an id of their own (invented, without a signature, with one of another session, of a session that was logged out): each gets another id, and the id that was brought opens nothing.',
    remedy:
      'Never take an id from a client unless the store knows it, and make a new one at login even then.',
  },
  'idle-timeout': {
    title: 'idle time-out',
    requirements: ['7.3.1', '7.4.1'],
    asks: 'With an idle life of seconds, a session that nobody uses is refused soon after it on every app.',
    remedy:
      "Write each session with its idle life as the store's own expiry, and check the deadline when it is read.",
  },
  'absolute-timeout': {
    title: 'absolute time-out',
    requirements: ['7.3.2'],
    asks: 'With an absolute life of seconds, a session that is used all the time is refused when it is over.',
    remedy: 'Keep the time of the login in the session, and end a session whose login is too long ago.',
  },
  logout: {
    title: 'logout everywhere',
    requirements: ['7.4.1'],
    asks: 'After a logout on one app, reads and writes with the old cookie are refused on every app and through the balancer, and a write brings nothing back.',
    remedy:
      "Destroy the session in the store, wait for its answer, and keep no copy of it in an app's memory.",
  },
  'every-app': {
    title: 'known to every app',
    requirements: [],
    asks: 'A session that one app made is served by each of the others with the same data, and a write by one is read by the others, in the moment after it was answered too.',
    remedy:
      'Keep sessions where every app reaches them, or tie a client to its app (`affinity: cookie`) and accept what is lost with that app.',
  },
  'logout-race': {
    title: 'logout against write',
    requirements: ['7.4.1'],
    asks: 'Logouts at the same time as writes of the same session, on all apps, many times: afterwards the session is refused everywhere. A sample can refute it; it cannot prove it.',
    remedy:
      'Let a write change a session that is there and make none (`update` of the store contract: SET … XX, replace, UPDATE … WHERE): a set or upsert brings back what a logout ended meanwhile.',
  },
  'login-race': {
    title: 'login against login',
    requirements: ['7.2.4'],
    asks: 'Two logins at the same time that bring the same old cookie, as different users, many times: the old id opens nothing afterwards, and each new id opens the session of its own user.',
    remedy:
      'End the session that came with a login before the new one is made, and end it also where another login has ended it already.',
  },
  'lost-updates': {
    title: 'writes at once',
    requirements: [],
    asks: 'Several writes of one session at the same time, many times: how many acknowledged writes the session does not show afterwards. The session store contract promises none of them but the last, so that a loss is a limit; a session that shows no write at all is broken.',
    remedy:
      'Keep in a session only what may be lost to another request, or have the store compare before it sets (CAS).',
  },
  'hostile-cookies': {
    title: 'hostile cookies',
    requirements: ['7.2.1'],
    asks: 'Cookies that are tampered with, foreign, oversized, duplicated or malformed, sent to every app and through the balancer: none opens a session that is not its own, none meets a 5xx, and the sessions of others stay as they were.',
    remedy:
      'Verify the signature of a cookie in constant time before the store is asked, and answer 401 to whatever does not verify.',
  },
  'cookie-attributes': {
    title: 'HttpOnly, SameSite',
    requirements: ['3.3.2', '3.3.4'],
    asks: "The session's cookie and the balancer's are HttpOnly and say SameSite, and no answer has the cookie's value anywhere but in Set-Cookie.",
    remedy:
      'Set HttpOnly and SameSite=Lax (or Strict) on both cookies, and never put the value into a body or another header.',
  },
  'cookie-secure': {
    title: 'Secure, __Host-',
    requirements: ['3.3.1', '3.3.3'],
    asks: "The session's cookie is Secure and its name begins with __Host-. Deployments of the bench speak plain HTTP over loopback, where browsers would drop such a cookie.",
    remedy:
      'Behind TLS, set `session.tls` in the configuration of the app: the cookie is then `__Host-session` and Secure.',
  },
  'cookie-size': {
    title: 'cookie size',
    requirements: ['3.3.5'],
    asks: 'With the largest session that the app takes, the name and value of each cookie together have at most 4,096 bytes.',
    remedy: 'Keep data in the store, and only a reference to it in the cookie.',
  },
  'cross-site': {
    title: 'cross-site requests',
    requirements: ['3.5.1', '3.5.2', '3.5.3'],
    asks: 'What a page of another site can send without being asked first (forms, plain text, bodies without a type, types that look like JSON, method overrides) changes no session, and no answer allows another origin.',
    remedy:
      'Take JSON alone, change things by POST, PATCH and DELETE alone, ignore method overrides, and send no Access-Control-Allow-Origin.',
  },
  'not-cached': {
    title: 'answers not cached',
    requirements: ['14.2.2', '14.3.2'],
    asks: 'Every answer of a login, a read, a write, a logout and a refusal says Cache-Control: no-store, so that no cache between app and user serves one user the answer of another.',
    remedy:
      'Send Cache-Control: no-store with every answer of the routes that have sessions, refusals included.',
  },
  'affinity-cookie': {
    title: 'affinity cookie',
    requirements: ['3.3.2', '3.3.4'],
    asks: "The balancer's own cookie holds neither an address nor a port nor anything of the session's id; alone it opens nothing, and invented ones meet no 5xx.",
    remedy:
      'Let the balancer insert a short name for each server (`server app1 … cookie app1`), not its address.',
  },
  'server-login': {
    title: 'servers want a login',
    requirements: ['13.2.3'],
    asks: 'A client who was told no secret goes to every server of the store and to the admin listener of every app: without a login, with an empty password, and with those that everybody tries (root/root, postgres/postgres). None lets it in.',
    remedy:
      "Set a random password for every account of the store's servers, remove those that come with the server, and let no listener of an app but the public one answer without its token.",
  },
  'open-ports': {
    title: 'private addresses',
    requirements: ['13.4.5'],
    asks: 'The sockets of every server, as the system lists them, and the ports that containers publish: none listens where others than this machine and its private networks reach it, and connections by the addresses that others know this machine by are refused.',
    remedy:
      'Bind each server to loopback or to a private network, and publish ports of containers on 127.0.0.1 alone.',
  },
  'store-tls': {
    title: 'TLS to the store',
    requirements: ['12.3.1'],
    asks: "Whether the store's servers take TLS as they are run here, and refuse what comes in clear. Strategies of the bench speak in clear, since apps and stores are on one machine, where no other sees what passes between them; their variants `redis@tls`, `valkey@tls`, `postgres@tls` and `mysql@tls` speak TLS alone. Our client for Memcached has no TLS, and our Redis Cluster does not use it.",
    remedy:
      'Where apps and store do not share a machine or a network that is trusted, turn TLS on in the server and have the client verify its certificate.',
  },
  'bad-requests': {
    title: 'bad requests',
    requirements: ['4.2.1', '16.5.3', '16.5.4'],
    asks: "100,000 bad requests (`--requests`) of one seed (`--seed`), to every app and through the balancer, over many connections: cookies, bodies, methods, paths, bad HTTP, pipelined, half sent, and slow. No server ends, no answer is a 5xx (but 501 and 505, which speak of the request) or has somebody else's session, others keep theirs, the store has no more sessions than before, and memory grows in the second half of them by at most 8 MiB in the apps, garbage aside, and 32 MiB in other servers.",
    remedy:
      'The message has the seed and the index of the first request that did harm; with the same seed it is sent again. Refuse what is malformed before it costs anything, and let no error of one request end the process or reach another.',
  },
  'end-user': {
    title: 'all of a user ended',
    requirements: ['7.4.2', '7.4.5'],
    asks: 'An administrator ends all sessions of a user, who has some on every app: each is refused everywhere afterwards, nobody else’s is, and the user can log in again. What it and a login send to the servers of the store is told.',
    remedy:
      'Keep for each user which sessions are theirs, note a session before its login is answered, and let no note end before its session.',
  },
  'user-sessions': {
    title: 'own sessions listed',
    requirements: ['7.5.2', '7.4.3'],
    asks: 'A user lists their own sessions, ends one of them, all others, and all: the list has those that are alive and no other, and no id; nobody ends a session of another user. Memcached ends them, and lists none.',
    remedy:
      'Look sessions up by the user whom the session itself names, never by one that the request names, and name them in the list by something that is no login.',
  },
  'ids-in-store': {
    title: 'no id in the store',
    requirements: [],
    asks: 'All keys and values of the store are read: none has an id that a client was given, in clear, hexadecimal or base64, and no text among them opens a session. Memcached lists no keys: it is asked for each id, alone and behind each prefix that it tells.',
    remedy:
      'Make the key of a session from a hash of its id (`servers/contract/store-key.ts`), and keep neither id nor cookie in the session.',
  },
  'crafted-values': {
    title: 'crafted values',
    requirements: ['1.5.2', '15.3.6'],
    asks: 'Values that somebody with access to the store could leave there are written in place of sessions (cut short, huge, deep, of wrong types, with a prototype, names of methods or a cookie of its own): each is taken for no session, or for one without what was crafted; no app fails, and nobody else notices.',
    remedy:
      'Take from a stored value nothing but known fields of the right type, each within its bounds, into a new object; everything else is no session.',
  },
  'error-hygiene': {
    title: 'errors tell nothing',
    requirements: ['16.5.1'],
    asks: 'Answers to mistakes, and to every operation and `GET /ready` while the store is dead, are plain problems: no stack trace, path, address, id, name of a product or new cookie, and a dead store means 503.',
    remedy:
      'Answer errors that the app did not expect with a fixed text, log the details, and remove Server and X-Powered-By.',
  },
  'ids-in-logs': {
    title: 'no id in a log',
    requirements: ['16.2.5'],
    asks: 'After all of the above, bad requests and a dead store included: no id that a client was given or sent, and nothing that only sessions hold (the name of a user), stands in a log of the balancer, the apps or the servers.',
    remedy:
      'Log a hash of the id where a log must tell sessions apart, and keep keys out of the messages of stores.',
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type SecurityCheckId = keyof typeof securityChecks;

// Object.keys gives string[]; the catalogue has no other keys.
export const securityCheckIds = Object.keys(securityChecks) as [SecurityCheckId, ...SecurityCheckId[]];
