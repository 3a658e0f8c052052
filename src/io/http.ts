/** Bytes over HTTP, on connections that are kept open between requests. */

import http from "node:http";
import https from "node:https";
import tls from "node:tls";
import { number } from "../text/numbers.ts";

/** An HTTP answer, whatever its status. */
export interface Answer {
  readonly status: number;
  /** The `Retry-After` header as it came. */
  readonly retryAfter?: string | undefined;
  /** The `Date` header as it came. */
  readonly date?: string | undefined;
  /** The `Location` header as it came. */
  readonly location?: string | undefined;
  /** The `Content-Type` header as it came. */
  readonly contentType?: string | undefined;
  /** True when the proxy answered, and the host was never reached. */
  readonly isOfProxy?: boolean;
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
const MAX_ANSWER_BYTES = 64_000_000;

/** The answer's body is longer than anything this program asks for. */
export class AnswerTooLong extends Error {
  override readonly name = "AnswerTooLong";
  constructor() {
    super(`the answer is longer than ${number(MAX_ANSWER_BYTES)} bytes`);
  }
}

/** The proxy could not be reached, or closed the connection; the cause is the system's error. */
export class ProxyUnreachable extends Error {
  override readonly name = "ProxyUnreachable";
}

/**
 * Many servers close a connection that nobody used for five seconds. It is closed here before, so that no request is
 * sent into a connection that the server is just closing.
 */
const KEPT = { keepAlive: true, timeout: 4_000 } as const;

const httpAgent = new http.Agent(KEPT);
const httpsAgent = new https.Agent(KEPT);
const proxied: { agent?: http.Agent } = {};

/** The agent for a URL, and whether it goes through a proxy. */
async function agentFor(url: string): Promise<{ agent: http.Agent; isProxied: boolean }> {
  if (!url.startsWith("https:")) return { agent: httpAgent, isProxied: false };
  const { proxyAgent, proxyFor } = await import("./proxy.ts");
  if (proxyFor(url) === undefined) return { agent: httpsAgent, isProxied: false };
  proxied.agent ??= proxyAgent() ?? httpsAgent;
  return { agent: proxied.agent, isProxied: true };
}

/**
 * A server on this machine may show a certificate of its address, or of the host it stands in for. Everywhere else
 * Node.js checks the certificate against the host.
 */
function tlsOptions(url: string): https.RequestOptions {
  if (!isLoopback(new URL("/", url).href)) return {};
  const { hostname } = new URL(url);
  return {
    checkServerIdentity: (host, certificate) =>
      tls.checkServerIdentity(hostname, certificate) && tls.checkServerIdentity(host, certificate),
  };
}

/** The real transport. It asks for no compression, so that the body comes as the server stores it. */
export const httpTransport: Transport = async (url, headers, signal, body) => {
  const { agent, isProxied } = await agentFor(url);
  return new Promise<Answer>((resolve, reject) => {
    const isTls = url.startsWith("https:");
    const options = {
      agent,
      signal,
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? headers : { ...headers, "content-length": String(body.length) },
      ...(isTls && tlsOptions(url)),
    };
    let connected: number | undefined;
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
        resolve({
          status: statusCode,
          retryAfter: headers["retry-after"],
          date: headers.date,
          location: headers.location,
          contentType: headers["content-type"],
          isOfProxy: connected !== undefined && connected !== 200,
          body: Buffer.concat(chunks),
        });
      });
    });
    request.on("proxyConnect", ({ statusCode }: { statusCode: number }) => {
      connected = statusCode;
    });
    request.on("error", (error) => {
      if (isProxied && connected === undefined && !request.reusedSocket && !signal.aborted) {
        reject(new ProxyUnreachable("the proxy", { cause: error }));
      } else reject(error);
    });
    request.end(body);
  });
};

/** The three forms of a date that HTTP knows, all in GMT. Source: RFC 9110, section 5.6.7. */
const DATE = /^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? .*\d\d:\d\d:\d\d/i;

/** A date in a header, as epoch milliseconds; NaN for anything else. `Date.parse` reads a date into almost any text. */
export function headerDate(text = ""): number {
  return DATE.test(text) ? Date.parse(text.replace(/(:\d\d(?: \d{4})?)$/, "$1 GMT")) : Number.NaN;
}

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
