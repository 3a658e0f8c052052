/** Bytes over HTTP, on connections that are kept open between requests. */

import http from "node:http";
import https from "node:https";

/** An HTTP answer, whatever its status. */
export interface Answer {
  readonly status: number;
  /** The `Retry-After` header as it came. */
  readonly retryAfter?: string | undefined;
  readonly body: Uint8Array;
}

/**
 * Sends one request: a GET, or a POST when there is a `body`. Rejects when there was no whole answer: no
 * connection, a broken one, a body shorter than announced or too long, or `signal` aborted.
 */
export type Transport = (
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  body?: Uint8Array,
) => Promise<Answer>;

/** The longest body of an answer that is read. */
export const MAX_ANSWER_BYTES = 64_000_000;

/** The answer's body is longer than anything this program asks for. */
export class AnswerTooLong extends Error {
  override readonly name = "AnswerTooLong";
  constructor() {
    super(`the answer is longer than ${MAX_ANSWER_BYTES.toLocaleString("en-US")} bytes`);
  }
}

const httpAgent = new http.Agent({ keepAlive: true });
const httpsAgent = new https.Agent({ keepAlive: true });

/** The real transport. It asks for no compression, so that the body comes as the server stores it. */
export const httpTransport: Transport = (url, headers, signal, body) =>
  new Promise((resolve, reject) => {
    const isTls = url.startsWith("https:");
    const options = {
      agent: isTls ? httpsAgent : httpAgent,
      signal,
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? headers : { ...headers, "content-length": String(body.length) },
    };
    const request = (isTls ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > MAX_ANSWER_BYTES) response.destroy(new AnswerTooLong());
      });
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, retryAfter: headers["retry-after"], body: Buffer.concat(chunks) });
      });
    });
    request.on("error", reject);
    request.end(body);
  });

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether `url` is nothing but the address of a server on this machine. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(url);
  return (
    (protocol === "http:" || protocol === "https:") &&
    LOOPBACK.test(hostname) &&
    pathname === "/" &&
    username + password + search + hash === ""
  );
}
