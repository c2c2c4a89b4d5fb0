/** The very store of `sticky`; what is missing is the balancer's affinity. Seen as `lost`. */
export { default } from '../../../servers/strategies/sticky/store.ts';
