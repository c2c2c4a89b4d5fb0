/**
 * Sessions in one Valkey server, by the client and the commands that Redis is used with: Valkey speaks its protocol, and
 * a difference between the two strategies is then one between the servers. Every choice is explained there.
 */
export { default } from '../redis/store.ts';
