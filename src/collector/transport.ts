/** Bytes to and from Duo over HTTP, on connections that are kept open between requests. */

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
 * Sends one GET. Rejects when there was no whole answer: no connection, a broken one, a body shorter than
 * announced, or `signal` aborted.
 */
export type Transport = (
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Answer>;

const httpAgent = new http.Agent({ keepAlive: true });
const httpsAgent = new https.Agent({ keepAlive: true });

/** The real transport. It asks for no compression, so that the body is the page as Duo sent it. */
export const httpTransport: Transport = (url, headers, signal) =>
  new Promise((resolve, reject) => {
    const isTls = url.startsWith("https:");
    const options = { agent: isTls ? httpsAgent : httpAgent, headers, signal };
    const request = (isTls ? https : http).get(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, retryAfter: headers["retry-after"], body: Buffer.concat(chunks) });
      });
    });
    request.on("error", reject);
  });
