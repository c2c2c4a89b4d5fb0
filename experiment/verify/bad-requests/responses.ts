/** Tells the answers on one connection apart, as they come. */

export interface Response {
  /** Null where what came is no HTTP. */
  readonly status: number | null;
  /** Status line and header lines. */
  readonly head: string;
  readonly body: string;
  /** Whether the server closes the connection after it. */
  readonly closes: boolean;
}

const HEAD_END = '\r\n\r\n';
/** Answers to many requests at once are small; what is larger than this was not meant as one. */
const MOST_CHARACTERS = 4 * 2 ** 20;

export class ResponseReader {
  readonly #bodiless: readonly boolean[];
  #read = 0;
  #text = '';

  /** @param bodiless of each request in turn, whether its answer has no body whatever its head says */
  constructor(bodiless: readonly boolean[]) {
    this.#bodiless = bodiless;
  }

  /** @returns the answers that are whole now, in order */
  push(text: string): readonly Response[] {
    this.#text += text;
    const found: Response[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) found.push(next);
    return found;
  }

  /** The connection was closed. @returns an answer that ends with it; null where nothing is left */
  end(): Response | null {
    if (this.#text === '') return null;
    const [status, head, body] = split(this.#text);
    this.#text = '';
    return { status, head, body, closes: true };
  }

  #next(): Response | null {
    const [status, head, rest] = split(this.#text);
    if (status === null) return this.#text.length > MOST_CHARACTERS ? this.end() : null;
    const length = this.#lengthOf(status, head, rest);
    if (length === null || rest.length < length.wire) return null;
    this.#text = rest.slice(length.wire);
    // `100 Continue` and its like come before the answer.
    if (status < 200) return this.#next();
    this.#read += 1;
    return { status, head, body: length.body, closes: closesAfter(head) };
  }

  /** How many characters of the rest are its body, and what they say; null where its end is not there yet. */
  #lengthOf(
    status: number,
    head: string,
    rest: string,
  ): { readonly wire: number; readonly body: string } | null {
    // A refusal of bytes that came later may overtake the answer, and has a body whatever was asked.
    const bodiless = this.#bodiless[this.#read] === true && !closesAfter(head);
    if (status < 200 || status === 204 || status === 304 || bodiless) return { wire: 0, body: '' };
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) return chunked(rest);
    const told = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (told === undefined) return null;
    const wire = Number(told);
    return { wire, body: rest.slice(0, wire) };
  }
}

const closesAfter = (head: string): boolean => /\r\nconnection: *close/i.test(head);

/** Status null, and no head, where the text does not begin with a whole head of HTTP. */
function split(text: string): readonly [status: number | null, head: string, rest: string] {
  const end = text.indexOf(HEAD_END);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (end < 0 || status === undefined) return [null, '', text];
  return [Number(status), text.slice(0, end), text.slice(end + HEAD_END.length)];
}

/** Null where the last chunk has not come. */
function chunked(rest: string): { readonly wire: number; readonly body: string } | null {
  let body = '';
  for (let at = 0; ; ) {
    const line = rest.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = Number.parseInt(rest.slice(at, line), 16);
    const end = line + 2 + size + 2;
    if (!(size >= 0) || rest.length < end) return null;
    if (size === 0) return { wire: end, body };
    body += rest.slice(line + 2, line + 2 + size);
    at = end;
  }
}
