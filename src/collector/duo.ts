/** The Duo Admin API as a source of pages: one signed, retried request a page. */

import type { Resource } from "../core/resource.ts";
import { isObject, type RawObject } from "../core/scalar.ts";
import { errorCode } from "../io/errors.ts";
import type { Answer } from "../io/http.ts";
import { MAX_TRIES, retryDelay, type World } from "../io/retry.ts";
import { type Config, MAX_LIMIT } from "./config.ts";
import { DuoApiError, type DuoErrorCode, type DuoErrorDetail } from "./errors.ts";
import { authorization, canonicalParams } from "./sign.ts";

/** One page of a resource. */
export interface DuoPage {
  readonly offset: number;
  /** The page as Duo sent it. */
  readonly body: Uint8Array;
  /** The body, parsed; its `stat` is "OK". */
  readonly document: RawObject;
  /** How many records the page holds; a `response` that is no list counts as one. */
  readonly records: number;
  /** `metadata.total_objects`, when it is there. */
  readonly totalObjects: number | undefined;
}

/** A retry that is about to be waited for. */
export interface Retry {
  readonly resource: Resource;
  readonly offset: number;
  /** How often the request has been sent. */
  readonly tries: number;
  readonly waitMs: number;
  readonly error: DuoApiError;
}

const REQUEST_TIMEOUT_MS = 60_000;

type Failure = { readonly code: DuoErrorCode; readonly detail: Omit<DuoErrorDetail, "path"> };

export type Verdict =
  | { readonly kind: "page"; readonly document: RawObject }
  | ({ readonly kind: "retry" | "final" } & Failure);

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** What an answer means: a page, a failure that may pass, or one that will not. */
export function judge({ status, body }: Answer): Verdict {
  const document = parse(body);
  const fields = isObject(document) ? document : {};
  const { stat, code, message } = fields;
  const detail = {
    status,
    ...((typeof code === "number" || typeof code === "string") && { duo_code: String(code) }),
    ...(typeof message === "string" && { duo_message: message }),
  };
  const refusal = stat === "FAIL" ? "DUO_STAT_FAIL" : "DUO_HTTP";
  if (status === 429 || status >= 500) return { kind: "retry", code: refusal, detail };
  if (status < 200 || status >= 300) return { kind: "final", code: refusal, detail };
  if (document === undefined) return { kind: "retry", code: "DUO_BODY", detail };
  if (stat !== "OK") return { kind: "final", code: "DUO_STAT_FAIL", detail };
  return { kind: "page", document: fields };
}

/**
 * Where the next page starts: an offset, or undefined when this page was the last.
 *
 * @throws RangeError when `metadata.next_offset` is neither, or does not lie beyond `offset`.
 */
export function nextOffset(document: RawObject, offset: number): number | undefined {
  const metadata = document["metadata"];
  const next = isObject(metadata) && Object.hasOwn(metadata, "next_offset") ? metadata["next_offset"] : null;
  if (next === null) return undefined;
  const number = typeof next === "string" && /^\d+$/.test(next) ? Number(next) : next;
  if (typeof number === "number" && Number.isSafeInteger(number) && number > offset) return number;
  throw new RangeError("next_offset");
}

function toPage(document: RawObject, body: Uint8Array, offset: number): DuoPage {
  const { response, metadata } = document;
  const total = isObject(metadata) ? metadata["total_objects"] : undefined;
  return {
    offset,
    body,
    document,
    records: Array.isArray(response) ? response.length : response === undefined ? 0 : 1,
    totalObjects: typeof total === "number" ? total : undefined,
  };
}

/** What a client is made of: who asks, whom, and how. */
export type Credentials = Pick<Config, "ikey" | "hostname" | "baseUrl" | "signature" | "limit"> & {
  readonly skey: string;
};

/** Reads pages of one Duo account. */
export class DuoClient {
  readonly #credentials: Credentials;
  readonly #world: World;
  readonly #onRetry: (retry: Retry) => void;

  constructor(credentials: Credentials, world: World, onRetry: (retry: Retry) => void = () => {}) {
    this.#credentials = credentials;
    this.#world = world;
    this.#onRetry = onRetry;
  }

  /**
   * Reads the page of `resource` that starts at `offset`. Each try has its own date and signature, and none
   * starts or is waited for past `deadline` (epoch milliseconds).
   *
   * @throws DuoApiError when Duo refuses, or 7 tries failed, or the deadline is reached.
   */
  async page(resource: Resource, offset: number, deadline: number, signal: AbortSignal): Promise<DuoPage> {
    const { now, random, sleep } = this.#world;
    const { limit, skey } = this.#credentials;
    const path = `/admin/v1/${resource}`;
    const params = { limit: String(Math.min(limit, MAX_LIMIT[resource])), offset: String(offset) };
    const target = `${path}?${canonicalParams(params)}`;
    const error = ({ code, detail }: Failure, tries: number) => {
      const { duo_message } = detail;
      const message = duo_message === undefined ? {} : { duo_message: duo_message.replaceAll(skey, "***") };
      return new DuoApiError(code, { ...detail, ...message, path: target, tries });
    };
    for (let tries = 1; ; tries++) {
      if (now() >= deadline) throw new DuoApiError("DEADLINE", { path: target });
      const { retryAfter, body, ...verdict } = await this.#try(path, params, deadline, signal);
      if (verdict.kind === "page") return toPage(verdict.document, body, offset);
      const failed = error(verdict, tries);
      if (verdict.kind === "final" || tries === MAX_TRIES) throw failed;
      const waitMs = retryDelay(tries, retryAfter, now(), random());
      if (now() + waitMs >= deadline) {
        throw new DuoApiError("DEADLINE", failed.detail, { cause: failed });
      }
      this.#onRetry({ resource, offset, tries, waitMs, error: failed });
      await sleep(waitMs, signal);
    }
  }

  async #try(
    path: string,
    params: Readonly<Record<string, string>>,
    deadline: number,
    signal: AbortSignal,
  ): Promise<Verdict & { readonly retryAfter?: string | undefined; readonly body: Uint8Array }> {
    const { now, transport } = this.#world;
    const { ikey, skey, hostname, baseUrl, signature } = this.#credentials;
    const date = new Date(now()).toUTCString();
    const request = { date, method: "GET", host: hostname, path, params };
    const headers = { host: hostname, date, authorization: authorization(signature, ikey, skey, request) };
    const timeout = AbortSignal.timeout(
      Math.ceil(Math.min(REQUEST_TIMEOUT_MS, Math.max(1, deadline - now()))),
    );
    try {
      const url = new URL(`${path}?${canonicalParams(params)}`, baseUrl);
      const answer = await transport(url.href, headers, AbortSignal.any([signal, timeout]));
      return { ...judge(answer), retryAfter: answer.retryAfter, body: answer.body };
    } catch (cause) {
      signal.throwIfAborted();
      const system_code = timeout.aborted ? "ETIMEDOUT" : errorCode(cause);
      const detail = system_code === undefined ? {} : { system_code };
      return { kind: "retry", code: "DUO_UNREACHABLE", detail, body: new Uint8Array() };
    }
  }
}
