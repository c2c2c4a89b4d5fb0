/**
 * Questions of a shell inside a server's container, by which an engine sees that the server answers. They use what the
 * official images hold. An exit code of 0 means: it answers.
 */

/** Opens a connection with the shell's own means, for images without any client: `fd 3` is connected in `script`. */
export const connected = (port: number, script: string): string =>
  `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port} && ${script}' 2>/dev/null`;

/** Something listens. */
export const listens = (port: number): string => connected(port, 'true');

/** A GET of the route is answered with 200. */
export const answersHttp = (port: number, route: string): string =>
  connected(
    port,
    String.raw`printf "GET ${route} HTTP/1.0\r\n\r\n" >&3 && read -r line <&3 && case $line in *" 200 "*) ;; *) false ;; esac`,
  );
