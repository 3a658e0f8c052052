/** The SecOps API, as far as entities and parsers go: authorized, retried requests. */

import { isObject, ownField, type RawObject } from "../core/scalar.ts";
import { PROXY_LOGIN_ADVICE } from "../io/advice.ts";
import { errorCode } from "../io/errors.ts";
import { type Answer, AnswerTooLong, ProxyUnreachable } from "../io/http.ts";
import { MAX_TRIES, REAL_WORLD, retryDelay, type World } from "../io/retry.ts";
import { isCertificateCode } from "../io/tls.ts";
import { within } from "../io/within.ts";
import type { Credentials } from "./auth.ts";
import { SecopsError, type SecopsErrorCode, type SecopsErrorDetail } from "./errors.ts";
import type { Target } from "./instance.ts";

/** A retry that is about to be waited for. */
export interface Retry {
  /** How often the request has been sent. */
  readonly tries: number;
  readonly waitMs: number;
  readonly error: SecopsError;
}

export interface ClientOptions extends Partial<World> {
  readonly onRetry?: (retry: Retry) => void;
  /** Ends the request in hand, and every wait. */
  readonly signal?: AbortSignal;
}

/** What became of an import: taken whole, refused whole, or too large to be looked at. */
export type ImportVerdict = "accepted" | "refused" | "too large";

/** A parser as SecOps lists it. */
export interface Parser {
  readonly name: string;
  /** The source in base64. */
  readonly cbn: string;
  readonly isActive: boolean;
  readonly isCustom: boolean;
}

const PROXY_REFUSAL =
  "the proxy did not connect to Google: ask whoever runs it to let this machine through, or set NO_PROXY";
const REQUEST_TIMEOUT_MS = 120_000;
const PARSERS_PER_PAGE = 100;
/** Most pages of parsers that are read. No instance has as many for one log type. */
const MOST_PAGES = 1_000;

type Detail = Omit<SecopsErrorDetail, "method">;

type ApiOutcome =
  | { readonly kind: "answer"; readonly document: RawObject }
  | { readonly kind: "refused" | "too large" | "stale"; readonly detail: Detail }
  | { readonly kind: "retry" | "final"; readonly code: SecopsErrorCode; readonly detail: Detail };

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** What an answer means, and what Google says in it. */
export function judge({ status, isOfProxy, body }: Answer): ApiOutcome {
  const document = parse(body);
  const fields = isObject(document) ? document : undefined;
  const error = fields !== undefined && isObject(fields["error"]) ? fields["error"] : {};
  const { status: name, message } = error;
  const detail = {
    status,
    ...(typeof name === "string" && { google_status: name }),
    ...(typeof message === "string" && { google_message: message }),
  };
  if (isOfProxy === true) {
    const advice = status === 407 ? PROXY_LOGIN_ADVICE : PROXY_REFUSAL;
    return { kind: "final", code: "SECOPS_UNREACHABLE", detail: { status, advice } };
  }
  if (status === 429 || status >= 500) return { kind: "retry", code: "SECOPS_HTTP", detail };
  if (status === 401) return { kind: "stale", detail };
  if (status === 413) return { kind: "too large", detail };
  // What a proxy says in HTML is nothing about the request.
  const isGoogles = fields !== undefined || body.length === 0;
  if (status === 400 && isGoogles && (name === undefined || name === "INVALID_ARGUMENT")) {
    return { kind: "refused", detail };
  }
  if (status < 200 || status >= 300) return { kind: "final", code: "SECOPS_HTTP", detail };
  if (fields === undefined) return { kind: "retry", code: "SECOPS_BODY", detail };
  return { kind: "answer", document: fields };
}

/** What it means that no answer came. */
function judgeFailure(error: unknown, isTimeout: boolean): ApiOutcome {
  if (error instanceof AnswerTooLong) return { kind: "final", code: "SECOPS_BODY", detail: {} };
  const isOfProxy = error instanceof ProxyUnreachable;
  const system_code = isTimeout ? "ETIMEDOUT" : errorCode(isOfProxy ? error.cause : error);
  const stays = isOfProxy || system_code === "ENOTFOUND" || isCertificateCode(system_code ?? "");
  const detail = {
    ...(system_code !== undefined && { system_code }),
    ...(isOfProxy && { advice: "check HTTPS_PROXY and that the proxy runs" }),
  };
  return { kind: stays ? "final" : "retry", code: "SECOPS_UNREACHABLE", detail };
}

/** The outcome without the token, which Google's message may repeat. */
function withoutSecret(outcome: ApiOutcome, secret: string): ApiOutcome {
  if (outcome.kind === "answer" || secret === "") return outcome;
  const { google_message } = outcome.detail;
  if (google_message === undefined) return outcome;
  return {
    ...outcome,
    detail: { ...outcome.detail, google_message: google_message.replaceAll(secret, "***") },
  };
}

const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/** A parser's source in base64: prebuilt ones have been seen as plain text. */
function encodedSource(cbn: string): string {
  const isEncoded = BASE64.test(cbn) && cbn.replace(/\s/g, "").length % 4 === 0;
  return isEncoded ? cbn : Buffer.from(cbn).toString("base64");
}

function parserOf(listed: unknown): Parser | undefined {
  const name = ownField(listed, "name");
  const cbn = ownField(listed, "cbn");
  if (typeof name !== "string" || typeof cbn !== "string") return undefined;
  const state = ownField(listed, "state");
  const source = ownField(ownField(listed, "creator"), "source");
  return {
    name,
    cbn: encodedSource(cbn),
    isActive: state === "ACTIVE",
    isCustom: ownField(listed, "type") === "CUSTOM" || source === "CUSTOMER",
  };
}

/** Asks about one instance. */
export class SecopsClient {
  /** How many requests have been sent, retries among them. */
  requests = 0;
  readonly #target: Target;
  readonly #credentials: Credentials;
  readonly #world: World;
  readonly #onRetry: (retry: Retry) => void;
  readonly #signal: AbortSignal;

  constructor(target: Target, credentials: Credentials, options: ClientOptions = {}) {
    const { onRetry = () => {}, signal = new AbortController().signal, ...world } = options;
    this.#target = target;
    this.#credentials = credentials;
    this.#world = { ...REAL_WORLD, ...world };
    this.#onRetry = onRetry;
    this.#signal = signal;
  }

  /**
   * Gets a token, so that credentials that do not work are reported before anything else is done.
   *
   * @throws SecopsError
   */
  async authorize(): Promise<void> {
    await this.#credentials.headers(false);
  }

  /**
   * Imports the entities of one request's body.
   *
   * @throws SecopsError when SecOps cannot be asked, or will never accept such a request.
   */
  async import(body: Uint8Array): Promise<ImportVerdict> {
    const outcome = await this.#send("entities:import", body);
    return typeof outcome === "string" ? outcome : "accepted";
  }

  /**
   * All parsers of a log type.
   *
   * @throws SecopsError
   */
  async parsers(logType: string): Promise<Parser[]> {
    const parsers: Parser[] = [];
    let token = "";
    for (let page = 0; page < MOST_PAGES; page++) {
      const next = token === "" ? "" : `&pageToken=${encodeURIComponent(token)}`;
      const document = await this.#ask(
        `logTypes/${logType}/parsers`,
        `?pageSize=${PARSERS_PER_PAGE}&view=FULL_VIEW${next}`,
      );
      const listed = ownField(document, "parsers");
      if (Array.isArray(listed)) parsers.push(...listed.map(parserOf).filter((one) => one !== undefined));
      const following = ownField(document, "nextPageToken", "next_page_token");
      if (typeof following !== "string" || following === "") return parsers;
      token = following;
    }
    throw new SecopsError("SECOPS_PAGING", { method: `logTypes/${logType}/parsers` });
  }

  /**
   * Runs a parser over logs; nothing is stored.
   *
   * @returns SecOps's answer as it came
   * @throws SecopsError
   */
  async runParser(logType: string, parser: Parser, logs: readonly Uint8Array[]): Promise<RawObject> {
    const body = {
      parser: { cbn: parser.cbn },
      log: logs.map((log) => Buffer.from(log).toString("base64")),
      statedump_allowed: false,
    };
    return this.#ask(`logTypes/${logType}:runParser`, "", Buffer.from(JSON.stringify(body)));
  }

  /** Sends what cannot be refused for what it holds. */
  async #ask(method: string, query: string, body?: Uint8Array): Promise<RawObject> {
    const outcome = await this.#send(method, body, query);
    if (typeof outcome !== "string") return outcome;
    throw new SecopsError("SECOPS_HTTP", { method, status: outcome === "refused" ? 400 : 413 });
  }

  /**
   * Sends a request until it is answered. An answer that was lost is asked for again: every request here may be
   * repeated. A token that is refused is renewed once.
   */
  async #send(
    method: string,
    body?: Uint8Array,
    query = "",
  ): Promise<RawObject | Exclude<ImportVerdict, "accepted">> {
    const { now, random, sleep } = this.#world;
    let isStale = false;
    let isRenewed = false;
    for (let tries = 1; ; tries++) {
      this.#signal.throwIfAborted();
      const { retryAfter, outcome } = await this.#try(`/${method}${query}`, body, isStale);
      if (outcome.kind === "answer") return outcome.document;
      if (outcome.kind === "refused" || outcome.kind === "too large") return outcome.kind;
      isStale = outcome.kind === "stale" && !isRenewed;
      if (isStale) {
        isRenewed = true;
        continue;
      }
      const code = "code" in outcome ? outcome.code : "SECOPS_HTTP";
      const error = new SecopsError(code, { ...outcome.detail, method, tries });
      if (outcome.kind !== "retry" || tries >= MAX_TRIES) throw error;
      const waitMs = retryDelay(tries, retryAfter, now(), random());
      this.#onRetry({ tries, waitMs, error });
      await sleep(waitMs, this.#signal);
    }
  }

  async #try(
    path: string,
    body: Uint8Array | undefined,
    isStale: boolean,
  ): Promise<{ readonly outcome: ApiOutcome; readonly retryAfter?: string | undefined }> {
    const headers: Readonly<Record<string, string>> = {
      ...(await this.#credentials.headers(isStale)),
      accept: "application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
    };
    this.requests++;
    return within(REQUEST_TIMEOUT_MS, [this.#signal], async (limit) => {
      try {
        const answer = await this.#world.transport(`${this.#target.url}${path}`, headers, limit, body);
        const secret = headers["authorization"]?.replace(/^Bearer /, "") ?? "";
        return { outcome: withoutSecret(judge(answer), secret), retryAfter: answer.retryAfter };
      } catch (error) {
        this.#signal.throwIfAborted();
        return { outcome: judgeFailure(error, limit.aborted) };
      }
    });
  }
}
