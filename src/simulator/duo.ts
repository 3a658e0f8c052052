/** The Duo Admin API on this machine: signed requests in, pages of an invented account out, faults on demand. */

import http from "node:http";
import { MAX_LIMIT } from "../collector/config.ts";
import { authorization, SIGNATURES } from "../collector/sign.ts";
import { RESOURCES, type Resource } from "../core/resource.ts";
import { Account, type Sizes, sizesFor } from "./data.ts";
import { DUO_FAULTS, type Fault, type FaultKind, Faults } from "./faults.ts";
import { BAD_GATEWAY, listen, type Reply, send } from "./server.ts";

export interface SimulatorOptions {
  /** Number of users. Everything else grows with them. Default: 1000. */
  readonly users?: number;
  /** Record counts that differ from what the users make of them. */
  readonly sizes?: Partial<Sizes>;
  /** Equal seeds give equal accounts. Default: 1. */
  readonly seed?: number;
  readonly faults?: readonly Fault[];
  /** The port on 127.0.0.1. Default: any free one. */
  readonly port?: number;
  readonly ikey?: string;
  readonly skey?: string;
  readonly hostname?: string;
  /** Epoch milliseconds, the clock that dates are held against. */
  readonly now?: () => number;
}

/** One request as it came, and how it was answered (0: not at all). */
export interface SeenRequest {
  readonly path: string;
  readonly resource?: Resource;
  readonly offset?: number;
  readonly date: string;
  readonly authorization: string;
  readonly port: number | undefined;
  readonly status: number;
}

export interface Simulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What the collector needs to find it: the four DUO_ variables. */
  readonly env: Readonly<Record<"DUO_IKEY" | "DUO_SKEY" | "DUO_API_HOSTNAME" | "DUO_API_URL", string>>;
  readonly account: Account;
  /** The latest requests, ten thousand at most, in the order of their answers. */
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

/** Duo accepts dates that are up to five minutes off. */
const LONGEST_SKEW_MS = 300_000;
const DEFAULT_LIMIT = 100;
const KEPT_REQUESTS = 10_000;

const MESSAGES = {
  40002: "Invalid request parameters",
  40101: "Missing request credentials",
  40102: "Invalid identity in request credentials",
  40103: "Invalid signature in request credentials",
  40105: "Bad request timestamp",
  40301: "Access forbidden",
  40401: "Resource not found",
  42901: "Too Many Requests",
  50001: "Unknown internal server error",
} as const;
type Code = keyof typeof MESSAGES;

function failure(code: Code, more: { detail?: string; status?: number } = {}): Reply {
  const message_detail = more.detail === undefined ? {} : { message_detail: more.detail };
  const body = JSON.stringify({ code, message: MESSAGES[code], ...message_detail, stat: "FAIL" });
  return { status: more.status ?? Math.floor(code / 100), body };
}

function wholeNumber(text: string | null, fallback: number, most: number): number | undefined {
  if (text === null) return fallback;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return number <= most ? number : undefined;
}

interface AskedPage {
  readonly resource: Resource;
  readonly offset: number;
  readonly limit: number;
}

const LONG = "x".repeat(60_000);

/** What a fault makes of a page's records. */
function recordsOf(account: Account, { resource, offset, limit }: AskedPage, fault: FaultKind | undefined) {
  switch (fault) {
    case "empty-pages":
      return [];
    case "repeated-pages":
      return account.page(resource, 0, limit);
    case "null-response":
      return null;
    case "odd-elements":
      return account.page(resource, offset, limit).flatMap((record) => [null, record, "odd", [record]]);
    case "long-lines":
      return account.page(resource, offset, limit).map((record) => ({ ...record, notes: LONG }));
    default:
      return account.page(resource, offset, limit);
  }
}

/** Where a page says that the next one starts. */
function nextOf(total: number, { offset, limit }: AskedPage, fault: FaultKind | undefined) {
  switch (fault) {
    case "stuck-offset":
      return offset;
    case "runaway-offset":
      return offset + total + 10 * limit;
    case "empty-pages":
    case "repeated-pages":
      return offset + limit;
    case "short":
      return undefined;
    default:
      return offset + limit < total ? offset + limit : undefined;
  }
}

function pageOf(account: Account, request: AskedPage, fault?: FaultKind): string {
  const { resource, offset, limit } = request;
  const size = account.sizes[resource];
  const next = nextOf(size, request, fault);
  const total = fault === "shrinking" ? Math.max(size - Math.ceil(offset / limit), 0) : size;
  const written = (number: number) => (fault === "text-offsets" ? String(number) : number);
  const metadata = {
    ...(next !== undefined && { next_offset: written(next) }),
    ...(offset > 0 && { prev_offset: Math.max(offset - limit, 0) }),
    // Pages without end have no total to announce.
    ...(fault !== "empty-pages" && fault !== "repeated-pages" && { total_objects: written(total) }),
  };
  // Resources that fit on one page have been seen without any metadata.
  const isBare = resource === "desktop_authenticators" && size <= limit && fault === undefined;
  const response = recordsOf(account, request, fault);
  return JSON.stringify({ ...(!isBare && { metadata }), response, stat: "OK" });
}

const HTML = { "content-type": "text/html" };
const SIGN_IN =
  "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form></form></body></html>\n";
const BLOCKED =
  "<html>\n<head><title>Blocked</title></head>\n<body><h1>Blocked by policy</h1></body>\n</html>\n";
const HUGE_BYTES = 70_000_000;

/** The reply that shows a fault; `echoed` is what the fault `echo` repeats of the request. */
function applyFault(
  { kind, retryAfter }: Fault,
  pageWith: (fault?: FaultKind) => string,
  echoed: string,
): Reply {
  const page = pageWith();
  const half = Math.floor(Buffer.byteLength(page) / 2);
  switch (kind) {
    case "rate-limit":
      return {
        ...failure(42901),
        ...(retryAfter !== undefined && { headers: { "retry-after": String(retryAfter) } }),
      };
    case "server-error":
    case "dead":
      return failure(50001);
    case "html":
      return { status: 502, body: BAD_GATEWAY, headers: HTML };
    case "html-ok":
      return { status: 200, body: BAD_GATEWAY, headers: HTML };
    case "drop":
      return { status: 0, body: "" };
    case "truncate":
      return { status: 200, body: page, breakAfter: half };
    case "cut":
      return { status: 200, body: page.slice(0, half) };
    case "not-utf8":
      return {
        status: 200,
        body: Buffer.from(page.replace('"stat":"OK"', '"note":"\u00e9","stat":"OK"'), "latin1"),
      };
    case "fail":
      return failure(40002, { detail: "limit", status: 200 });
    case "forbidden":
      return failure(40301);
    case "late-clock":
      return failure(40105);
    case "blocked":
      return { status: 403, body: BLOCKED, headers: HTML };
    case "endless":
      return { status: 200, body: `{"response":[${" ".repeat(65_536)}`, isEndless: true };
    case "huge":
      return { status: 200, body: `${page}${" ".repeat(HUGE_BYTES - page.length)}` };
    case "redirect":
      return { status: 302, body: "", headers: { location: "http://sign-in.example.com/?from=duo" } };
    case "portal":
      return { status: 200, body: SIGN_IN, headers: HTML };
    case "proxy-login":
      return { status: 407, body: "", headers: { "proxy-authenticate": "Basic" } };
    case "echo":
      return { status: 400, body: JSON.stringify({ code: 40002, message: echoed, stat: "FAIL" }) };
    default:
      return { status: 200, body: pageWith(kind) };
  }
}

/** Starts a simulator on 127.0.0.1. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    users = 1_000,
    seed = 1,
    port = 0,
    ikey = "DISIMULATORSIMULATOR",
    skey = "simulated-secret-key-of-forty-characters",
    hostname = "api-simulator.duosecurity.com",
    now = Date.now,
  } = options;
  const account = new Account(seed, { ...sizesFor(users), ...options.sizes });
  const faults = new Faults(options.faults ?? [], DUO_FAULTS);
  const requests: SeenRequest[] = [];

  /** Duo's code for a fault in the request's credentials, if there is one. */
  function refuse(request: http.IncomingMessage, url: URL): Code | undefined {
    const { authorization: header = "", date = "" } = request.headers;
    if (!header.startsWith("Basic ")) return 40101;
    const [name] = Buffer.from(header.slice("Basic ".length), "base64").toString().split(":");
    if (name !== ikey) return 40102;
    if (!(Math.abs(Date.parse(date) - now()) <= LONGEST_SKEW_MS)) return 40105;
    const params = Object.fromEntries(
      [...url.searchParams.keys()].map((key) => [key, url.searchParams.getAll(key)]),
    );
    const signed = { date, method: request.method ?? "", host: hostname, path: url.pathname, params };
    const isSigned = SIGNATURES.some((version) => header === authorization(version, ikey, skey, signed));
    return isSigned ? undefined : 40103;
  }

  function answer(request: http.IncomingMessage, url: URL): Omit<SeenRequest, "status"> & { reply: Reply } {
    const { authorization: header = "", date = "" } = request.headers;
    const seen = {
      path: `${url.pathname}${url.search}`,
      date,
      authorization: header,
      port: request.socket.remotePort,
    };
    const refused = refuse(request, url);
    if (refused !== undefined) return { ...seen, reply: failure(refused) };
    const resource = RESOURCES.find((one) => url.pathname === `/admin/v1/${one}`);
    if (resource === undefined || request.method !== "GET") return { ...seen, reply: failure(40401) };
    const limit = wholeNumber(url.searchParams.get("limit"), DEFAULT_LIMIT, MAX_LIMIT[resource]);
    const offset = wholeNumber(url.searchParams.get("offset"), 0, Number.MAX_SAFE_INTEGER);
    if (!limit || offset === undefined) {
      return { ...seen, resource, reply: failure(40002, { detail: limit ? "offset" : "limit" }) };
    }
    const fault = faults.next(resource, offset);
    const page = (kind?: FaultKind) => pageOf(account, { resource, offset, limit }, kind);
    const reply =
      fault === undefined ? { status: 200, body: page() } : applyFault(fault, page, `${header} ${skey}`);
    return { ...seen, resource, offset, reply };
  }

  const server = http.createServer((request, response) => {
    const target = request.url ?? "/";
    const base = "http://localhost";
    const { reply, ...seen } = answer(request, new URL(URL.canParse(target, base) ? target : "/", base));
    requests.push({ ...seen, status: reply.status });
    if (requests.length > KEPT_REQUESTS) requests.shift();
    send(response, reply);
  });
  const { url, close } = await listen(server, port);
  return {
    url,
    env: { DUO_IKEY: ikey, DUO_SKEY: skey, DUO_API_HOSTNAME: hostname, DUO_API_URL: url },
    account,
    requests,
    close,
  };
}
