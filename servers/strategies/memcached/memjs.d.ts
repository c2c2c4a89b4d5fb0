declare module 'memjs' {
  const memjs: unknown;
  export default memjs;
}
