/** The Duo Admin API as a source of pages: one request per page, signed and retried. */

import { type Page, readPage } from "../core/page.ts";
import type { Resource } from "../core/resource.ts";
import { isObject, ownField, type RawObject } from "../core/scalar.ts";
import { errorCode } from "../io/errors.ts";
import { type Answer, AnswerTooLong, ProxyUnreachable } from "../io/http.ts";
import { MAX_TRIES, retryDelay, type World } from "../io/retry.ts";
import { within } from "../io/within.ts";
import {
  type DuoErrorCode,
  type DuoErrorDetail,
  HTML_PAGE,
  isFinalConnectionCode,
  NO_STAT,
  SIGN_IN_PAGE,
} from "./causes.ts";
import { type Config, MAX_LIMIT } from "./config.ts";
import { DuoApiError } from "./errors.ts";
import { clipped, masked } from "./mask.ts";
import { authorization, canonicalParams } from "./sign.ts";

/** Which page of which resource. */
export interface PageRequest {
  readonly resource: Resource;
  readonly offset: number;
  /** Records to ask for; the resource's own maximum applies too. */
  readonly limit: number;
}

/** One page of a resource. */
export interface DuoPage extends PageRequest {
  /** The request's path and query. */
  readonly path: string;
  /** The page as Duo sent it. */
  readonly body: Uint8Array;
  /** The body, parsed; its `stat` is "OK". */
  readonly document: RawObject;
  /** The records in it, and what is odd about the page. */
  readonly page: Page;
  /** `metadata.total_objects`, when it is there. */
  readonly totalObjects: number | undefined;
}

/** A retry that is about to be waited for. */
export interface DuoRetry {
  readonly resource: Resource;
  readonly offset: number;
  /** How often the request has been sent. */
  readonly tries: number;
  readonly waitMs: number;
  readonly error: DuoApiError;
}

const REQUEST_TIMEOUT_MS = 60_000;

type Failure = { readonly code: DuoErrorCode; readonly detail: Omit<DuoErrorDetail, "path"> };

/** A doubtful answer is tried again like one that may pass, and is final when it comes twice in a row. */
export type Judgement =
  | { readonly kind: "page"; readonly document: RawObject }
  | ({ readonly kind: "retry" | "doubtful" | "final" } & Failure);

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** How much of a body is looked at to tell whether it is a page for people. */
const HEAD_BYTES = 65_536;
const MARKUP = /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*</;
const HTML_TYPE = /^\s*(?:text\/html|application\/xhtml)/i;
/** What asks a person for something, or sends the browser elsewhere. */
const ASKS = /<(?:form|input|button|script)\b|http-equiv=["']?refresh/i;
/** The statuses with which proxies and firewalls block a request. Duo's own edge answers with HTML and 400. */
const BLOCKED: ReadonlySet<number> = new Set([403, 451]);
const CUT = "not JSON, or cut short";

/** What a body that is not JSON is. */
function faultIn(body: Uint8Array, contentType = ""): string {
  // In UTF-16, every other byte of plain markup is 0.
  const head = Buffer.from(body.subarray(0, HEAD_BYTES)).toString("latin1").replaceAll("\0", "");
  if (head.trim() === "") return "empty";
  if (MARKUP.test(head) || HTML_TYPE.test(contentType)) return ASKS.test(head) ? SIGN_IN_PAGE : HTML_PAGE;
  return CUT;
}

/** The value of a body, or what is wrong with it. */
function parse({ body, contentType }: Answer): { readonly value: unknown } | { readonly fault: string } {
  try {
    const value: unknown = JSON.parse(UTF8.decode(body));
    return { value };
  } catch (error) {
    const fault = faultIn(body, contentType);
    const isOtherText = error instanceof TypeError && fault === CUT;
    return { fault: isOtherText ? "not UTF-8" : fault };
  }
}

/** Where a redirect points to, without what may identify anyone. */
function redirectOf(location: string | undefined): { readonly redirect?: string } {
  if (location === undefined || !URL.canParse(location)) return {};
  const { protocol, host } = new URL(location);
  return { redirect: clipped(`${protocol}//${host}`) };
}

/**
 * What an answer means: a page, or a failure. An HTML page that asks a person for nothing is doubtful: that of a
 * gateway passes, that of a proxy which blocks Duo does not.
 */
export function judge(answer: Answer): Judgement {
  const { status, location, isOfProxy } = answer;
  const parsed = parse(answer);
  const value = "value" in parsed ? parsed.value : undefined;
  const fault = "fault" in parsed ? parsed.fault : undefined;
  const isForPeople = fault === SIGN_IN_PAGE || fault === HTML_PAGE;
  const fields = isObject(value) ? value : {};
  const { stat, code, message } = fields;
  const detail = {
    status,
    ...(status >= 300 && status < 400 && redirectOf(location)),
    ...(isOfProxy === true && { of_proxy: true }),
    ...((typeof code === "number" || typeof code === "string") && { duo_code: String(code) }),
    ...(typeof message === "string" && { duo_message: message }),
  };
  const refusal = stat === "FAIL" ? "DUO_STAT_FAIL" : "DUO_HTTP";
  if (status === 429 || (status >= 500 && status !== 511)) return { kind: "retry", code: refusal, detail };
  if (status < 200 || status >= 300) {
    const isRefusedOnTheWay = isForPeople && BLOCKED.has(status);
    return { kind: "final", code: refusal, detail: { ...detail, ...(isRefusedOnTheWay && { fault }) } };
  }
  if (fault !== undefined) {
    const kind = fault === SIGN_IN_PAGE ? "final" : fault === HTML_PAGE ? "doubtful" : "retry";
    return { kind, code: "DUO_BODY", detail: { ...detail, fault } };
  }
  if (stat === "OK") return { kind: "page", document: fields };
  const isDuos = stat === "FAIL" || detail.duo_code !== undefined;
  return { kind: "final", code: "DUO_STAT_FAIL", detail: { ...detail, ...(!isDuos && { fault: NO_STAT }) } };
}

/** What the lack of an answer means. */
function judgeFailure(error: unknown, isTimeout: boolean): Judgement {
  if (error instanceof AnswerTooLong) {
    return { kind: "final", code: "DUO_BODY", detail: { fault: "over 64 MB, which no page of Duo's is" } };
  }
  const ofProxy = error instanceof ProxyUnreachable;
  const system_code = isTimeout ? "ETIMEDOUT" : errorCode(ofProxy ? error.cause : error);
  const detail = { ...(system_code !== undefined && { system_code }), ...(ofProxy && { of_proxy: true }) };
  return { kind: isFinalConnectionCode(system_code) ? "final" : "retry", code: "DUO_UNREACHABLE", detail };
}

/** A whole number. Some of Duo's clients write it as text. */
function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function metadataField(document: RawObject, name: string): unknown {
  return ownField(ownField(document, "metadata"), name);
}

/**
 * Where the next page starts: an offset, or undefined when this page was the last.
 *
 * @throws RangeError when `metadata.next_offset` is neither, or does not lie beyond `offset`.
 */
export function nextOffset(document: RawObject, offset: number): number | undefined {
  const next = metadataField(document, "next_offset");
  if (next === undefined || next === null) return undefined;
  const number = wholeNumber(next);
  if (number !== undefined && number > offset) return number;
  throw new RangeError("next_offset");
}

function toPage(request: PageRequest, path: string, document: RawObject, body: Uint8Array): DuoPage {
  const totalObjects = wholeNumber(metadataField(document, "total_objects"));
  return { ...request, path, body, document, page: readPage(document), totalObjects };
}

/** What a client is made of: who asks, whom, and how. */
export type DuoCredentials = Pick<Config, "ikey" | "hostname" | "baseUrl" | "signature"> & {
  readonly skey: string;
};

/** Reads pages of one Duo account. */
export class DuoClient {
  readonly #credentials: DuoCredentials;
  readonly #world: World;
  readonly #onRetry: (retry: DuoRetry) => void;
  readonly #maxTries: number;

  constructor(
    credentials: DuoCredentials,
    world: World,
    onRetry: (retry: DuoRetry) => void = () => {},
    maxTries = MAX_TRIES,
  ) {
    this.#credentials = credentials;
    this.#world = world;
    this.#onRetry = onRetry;
    this.#maxTries = maxTries;
  }

  /**
   * Reads one page. Each try has its own date and signature, and none starts or is waited for past `deadline`
   * (epoch milliseconds).
   *
   * @throws DuoApiError when Duo refuses, or 7 tries failed, or the deadline is reached. Its texts hold no secret.
   */
  async page(request: PageRequest, deadline: number, signal: AbortSignal): Promise<DuoPage> {
    const { now, random, sleep } = this.#world;
    const { resource, offset } = request;
    const limit = Math.min(request.limit, MAX_LIMIT[resource]);
    const path = `/admin/v1/${resource}`;
    const params = { limit: String(limit), offset: String(offset) };
    const target = `${path}?${canonicalParams(params)}`;
    let before: Judgement["kind"] | undefined;
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted();
      if (now() >= deadline) throw new DuoApiError("DEADLINE", { path: target });
      const { retryAfter, body, ...verdict } = await this.#try(path, params, deadline, signal);
      if (verdict.kind === "page") return toPage({ ...request, limit }, target, verdict.document, body);
      const failed = new DuoApiError(verdict.code, { ...verdict.detail, path: target, tries });
      const isDoubted = verdict.kind === "doubtful" && before === "doubtful";
      if (verdict.kind === "final" || isDoubted || tries === this.#maxTries) throw failed;
      before = verdict.kind;
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
  ): Promise<Judgement & { readonly retryAfter?: string | undefined; readonly body: Uint8Array }> {
    const { now, transport } = this.#world;
    const { ikey, skey, hostname, baseUrl, signature } = this.#credentials;
    const date = new Date(now()).toUTCString();
    const request = { date, method: "GET", host: hostname, path, params };
    const headers = { host: hostname, date, authorization: authorization(signature, ikey, skey, request) };
    const url = new URL(`${path}?${canonicalParams(params)}`, baseUrl);
    return within(Math.min(REQUEST_TIMEOUT_MS, deadline - now()), [signal], async (limit) => {
      let answer: Answer;
      try {
        answer = await transport(url.href, headers, limit);
      } catch (error) {
        signal.throwIfAborted();
        return { ...judgeFailure(error, limit.aborted), body: new Uint8Array() };
      }
      const { retryAfter, body } = answer;
      const judgement = judge(answer);
      if (judgement.kind === "page") return { ...judgement, retryAfter, body };
      return { ...judgement, detail: withoutSecrets(judgement.detail, [skey, ikey]), retryAfter, body };
    });
  }
}

/** Duo's message made fit to be shown. It may hold anything: the request's own headers, or 20 MB of text. */
function withoutSecrets(detail: Failure["detail"], secrets: readonly string[]): Failure["detail"] {
  const { duo_code, duo_message, redirect } = detail;
  return {
    ...detail,
    ...(duo_code !== undefined && { duo_code: clipped(masked(duo_code, secrets)) }),
    ...(duo_message !== undefined && { duo_message: clipped(masked(duo_message, secrets)) }),
    ...(redirect !== undefined && { redirect: masked(redirect, secrets) }),
  };
}
