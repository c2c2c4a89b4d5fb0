/** Sessions in one Valkey server, by the client and the commands that Redis is used with. See docs/store-choices.md. */
export { default } from '../redis/store.ts';
