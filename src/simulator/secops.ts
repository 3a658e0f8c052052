/** The SecOps API on this machine: entities in, refused by the published schema; parsers to list and to run. */

import { randomUUID } from "node:crypto";
import http from "node:http";
import { isObject, ownField } from "../core/scalar.ts";
import { canonicalEntity } from "../preflight/canonical.ts";
import { fitsSchema } from "../preflight/entity.ts";
import { type Fault, type FaultKinds, Faults } from "./faults.ts";
import { type ParserDifference, parseLog } from "./parser.ts";
import { BAD_GATEWAY, listen, type Reply, send } from "./server.ts";

/** The faults of the SecOps simulator. */
export const SECOPS_FAULTS = {
  /** 429, with `Retry-After` when `retryAfter` is given. */
  "rate-limit": "passes",
  /** 500. */
  "server-error": "passes",
  /** 503, with `Retry-After` when `retryAfter` is given. */
  unavailable: "passes",
  /** 502 with an HTML page. */
  html: "passes",
  /** 200 with an HTML page. */
  "html-ok": "passes",
  /** The connection is closed, and nothing was done. */
  drop: "passes",
  /** What was asked is done, and the connection is closed. */
  lost: "passes",
  /** What was asked is done, and half of the answer arrives. */
  truncate: "passes",
  /** 413. */
  "too-large": "passes",
  /** 401, and the token stays invalid from then on. */
  "expired-token": "passes",
  /** 401 whatever the token. */
  unauthorized: "stays",
  /** 403: the account lacks the permission. */
  forbidden: "stays",
  /** 404: there is no such instance. */
  "not-found": "stays",
  /** 500 every time. */
  dead: "stays",
} as const satisfies FaultKinds<string>;
export type SecopsFaultKind = keyof typeof SECOPS_FAULTS;

/** What a request asks for. A fault's `offset` counts the requests for one of these. */
export const SECOPS_RESOURCES = ["import", "parsers", "run"] as const;
export type SecopsResource = (typeof SECOPS_RESOURCES)[number];

export type SecopsFault = Fault<SecopsFaultKind, SecopsResource>;

/** Which of the parsers is active. */
export const ACTIVE_PARSERS = ["prebuilt", "custom", "none"] as const;
export type ActiveParser = (typeof ACTIVE_PARSERS)[number];

export interface SecopsSimulatorOptions {
  readonly faults?: readonly SecopsFault[];
  /** The port on 127.0.0.1. Default: any free one. */
  readonly port?: number;
  /** Refuses an entity that the schema takes. */
  readonly refuses?: (entity: unknown) => boolean;
  /** What the active parser does differently from our mapping. */
  readonly differences?: readonly ParserDifference[];
  readonly active?: ActiveParser;
  /** A larger body is answered with 413. */
  readonly maxBytes?: number;
  /** Refuses to give tokens in exchange for others. */
  readonly refusesTokens?: boolean;
  /** Told of the entities of each import that is accepted, with its log type. */
  readonly onImport?: (entities: readonly unknown[], logType: string) => void;
}

/** One request as it came, and how it was answered (0: not at all). */
export interface SeenSecopsRequest {
  readonly path: string;
  readonly resource?: SecopsResource;
  readonly bytes: number;
  /** How many entities or logs it holds. */
  readonly count: number;
  readonly status: number;
}

export interface SecopsSimulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What a client needs to find it, and a token for it. */
  readonly env: Readonly<Record<"SECOPS_API_URL" | "GCE_METADATA_HOST", string>>;
  /** The latest requests about an instance, ten thousand at most. */
  readonly requests: readonly SeenSecopsRequest[];
  /** The tokens that were given for others. */
  readonly exchanges: readonly string[];
  /** How many entities were accepted, and how many requests were refused. */
  readonly totals: { readonly accepted: number; readonly refused: number };
  close(): Promise<void>;
}

const KEPT_REQUESTS = 10_000;
const MAX_BYTES = 100_000_000;
const TOKEN_SECONDS = 3_600;
const MAX_LOGS = 1_000;
const MAX_LOG_BYTES = 10_000_000;
const MAX_LOGS_BYTES = 50_000_000;
/** Small, so that a listing has several pages. */
const MAX_PARSERS_PER_PAGE = 2;

const INSTANCE =
  /^\/v1(?:alpha|beta)?\/(?<instance>projects\/[^/]+\/locations\/[^/]+\/instances\/[^/]+)\/(?<method>.+)$/;

/** Google's names of errors and the sentences they come with. */
const ERRORS = {
  400: ["INVALID_ARGUMENT", "Request contains an invalid argument."],
  401: ["UNAUTHENTICATED", "Request had invalid authentication credentials."],
  403: ["PERMISSION_DENIED", "The caller does not have permission"],
  404: ["NOT_FOUND", "Requested entity was not found."],
  413: ["INVALID_ARGUMENT", "Request payload size exceeds the limit."],
  429: ["RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."],
  500: ["INTERNAL", "Internal error encountered."],
  503: ["UNAVAILABLE", "The service is currently unavailable."],
} as const;

function failure(code: keyof typeof ERRORS, retryAfter?: number): Reply {
  const [status, message] = ERRORS[code];
  return {
    status: code,
    body: JSON.stringify({ error: { code, message, status } }),
    ...(retryAfter !== undefined && { headers: { "retry-after": String(retryAfter) } }),
  };
}

const json = (value: unknown, headers?: Reply["headers"]): Reply => ({
  status: 200,
  body: JSON.stringify(value),
  ...(headers && { headers }),
});

/** What a fault makes of the reply to a request; `done` does what was asked. */
function applyFault({ kind, retryAfter }: SecopsFault, done: () => Reply): Reply {
  switch (kind) {
    case "rate-limit":
      return failure(429, retryAfter);
    case "server-error":
    case "dead":
      return failure(500);
    case "unavailable":
      return failure(503, retryAfter);
    case "html":
      return { status: 502, body: BAD_GATEWAY, headers: { "content-type": "text/html" } };
    case "html-ok":
      return { status: 200, body: BAD_GATEWAY, headers: { "content-type": "text/html" } };
    case "drop":
      return { status: 0, body: "" };
    case "lost":
      return { ...done(), status: 0 };
    case "truncate": {
      const reply = done();
      return { ...reply, breakAfter: Math.floor(Buffer.byteLength(reply.body) / 2) };
    }
    case "too-large":
      return failure(413);
    case "expired-token":
    case "unauthorized":
      return failure(401);
    case "forbidden":
      return failure(403);
    case "not-found":
      return failure(404);
  }
}

function isValid(entity: unknown): boolean {
  const canonical = canonicalEntity(entity);
  if (!isObject(canonical) || !fitsSchema(canonical)) return false;
  const { metadata } = canonical;
  return (
    !isObject(metadata) || !["creation_timestamp", "interval"].some((name) => Object.hasOwn(metadata, name))
  );
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** The parsers of a log type: the active one last, so that it is on the last page. */
function parsersOf(instance: string, logType: string, active: ActiveParser) {
  const parser = (type: "CUSTOM" | "PREBUILT", isActive: boolean) => ({
    name: `${instance}/logTypes/${logType}/parsers/${type.toLowerCase()}-${isActive ? "now" : "then"}`,
    cbn: Buffer.from(`filter { # ${logType}, ${type}, ${isActive ? "now" : "then"}\n}`).toString("base64"),
    state: isActive ? "ACTIVE" : "INACTIVE",
    type,
    creator: { source: type === "CUSTOM" ? "CUSTOMER" : "GOOGLE" },
    createTime: "2022-03-14T00:00:00Z",
  });
  return [
    parser("CUSTOM", false),
    parser("PREBUILT", false),
    ...(active === "none" ? [] : [parser(active === "custom" ? "CUSTOM" : "PREBUILT", true)]),
  ];
}

async function bodyOf(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface Asked {
  readonly resource: SecopsResource;
  readonly count: number;
  readonly done: () => Reply;
}

/** Starts a stand-in for SecOps, and for the servers that give tokens for it, on 127.0.0.1. */
export async function startSecops(options: SecopsSimulatorOptions = {}): Promise<SecopsSimulator> {
  const {
    port = 0,
    refuses = () => false,
    differences = [],
    active = "prebuilt",
    maxBytes = MAX_BYTES,
    onImport = () => {},
  } = options;
  const faults = new Faults(options.faults ?? [], SECOPS_FAULTS);
  /** Tokens that are no longer valid. All others are. */
  const expired = new Set<string>();
  const requests: SeenSecopsRequest[] = [];
  const exchanges: string[] = [];
  const totals = { accepted: 0, refused: 0 };
  const asked = { import: 0, parsers: 0, run: 0 };

  const newToken = () => ({
    access_token: `simulated-${randomUUID()}`,
    expires_in: TOKEN_SECONDS,
    token_type: "Bearer",
  });

  /** The metadata server of Google Cloud, and Google's token exchange. */
  function giveToken(path: string, body: Buffer): Reply | undefined {
    if (path === "/v1/token") {
      if (options.refusesTokens === true) return { status: 400, body: '{"error":"invalid_grant"}' };
      exchanges.push(new URLSearchParams(body.toString()).get("subject_token") ?? "");
      return json({ ...newToken(), issued_token_type: "urn:ietf:params:oauth:token-type:access_token" });
    }
    if (!path.startsWith("/computeMetadata/v1/")) return undefined;
    const isToken = path.endsWith("/token");
    const headers = { "metadata-flavor": "Google" };
    if (isToken) return json(newToken(), headers);
    return path === "/computeMetadata/v1/instance" ? json({}, headers) : failure(404);
  }

  function importReply(source: unknown): Reply {
    const entities = ownField(source, "entities");
    const logType = ownField(source, "log_type", "logType");
    const isAccepted =
      Array.isArray(entities) &&
      typeof logType === "string" &&
      /^[A-Z0-9_]+$/.test(logType) &&
      entities.every((entity) => isValid(entity) && !refuses(entity));
    if (!isAccepted) {
      totals.refused++;
      return failure(400);
    }
    totals.accepted += entities.length;
    onImport(entities, logType);
    return json({});
  }

  function parsersReply(instance: string, logType: string, search: URLSearchParams): Reply {
    const all = logType === "DUO_CONTEXT" ? parsersOf(instance, logType, active) : [];
    const start = Number(search.get("pageToken") ?? "0");
    const size = Math.min(Number(search.get("pageSize") ?? MAX_PARSERS_PER_PAGE) || 1, MAX_PARSERS_PER_PAGE);
    if (!Number.isInteger(start)) return failure(400);
    const next = start + size;
    return json({
      parsers: all.slice(start, next),
      ...(next < all.length && { nextPageToken: String(next) }),
    });
  }

  function runReply(instance: string, logType: string, body: unknown): Reply {
    const cbn = ownField(ownField(body, "parser"), "cbn");
    const logs = ownField(body, "log");
    const known = parsersOf(instance, logType, active).some((one) => one.cbn === cbn);
    if (!known || !Array.isArray(logs) || logs.length > MAX_LOGS) return failure(400);
    const texts = logs.map((log) => Buffer.from(String(log), "base64"));
    const bytes = texts.reduce((sum, { length }) => sum + length, 0);
    if (bytes > MAX_LOGS_BYTES || texts.some(({ length }) => length > MAX_LOG_BYTES)) return failure(400);
    const now = new Date().toISOString();
    const runParserResults = texts.map((text, at) => {
      try {
        const events = parseLog(text.toString(), differences, now).map((entity) => ({ entity }));
        return { log: logs[at], parsedEvents: { events } };
      } catch {
        return { log: logs[at], error: { code: 3, message: "the log is not JSON" } };
      }
    });
    return json({ runParserResults });
  }

  /** What a request is about; undefined when there is no such method. */
  function understand(method: string, url: URL, body: Buffer): Asked | undefined {
    const { instance = "", method: name = "" } = INSTANCE.exec(url.pathname)?.groups ?? {};
    const [, logType = "", what = ""] = /^logTypes\/([A-Z0-9_]+)(\/parsers|:runParser)$/.exec(name) ?? [];
    if (method === "POST" && name === "entities:import") {
      const source = ownField(parsed(body), "inline_source", "inlineSource");
      const entities = ownField(source, "entities");
      const count = Array.isArray(entities) ? entities.length : 0;
      return { resource: "import", count, done: () => importReply(source) };
    }
    if (method === "GET" && what === "/parsers") {
      return { resource: "parsers", count: 0, done: () => parsersReply(instance, logType, url.searchParams) };
    }
    if (method === "POST" && what === ":runParser") {
      const document = parsed(body);
      const logs = ownField(document, "log");
      const count = Array.isArray(logs) ? logs.length : 0;
      return { resource: "run", count, done: () => runReply(instance, logType, document) };
    }
    return undefined;
  }

  function answer(request: http.IncomingMessage, url: URL, body: Buffer): Reply {
    const given = giveToken(url.pathname, body);
    if (given !== undefined) return given;
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const understood = understand(request.method ?? "", url, body);
    const seen = { path: url.pathname, bytes: body.length, count: understood?.count ?? 0 };
    const reply = ((): Reply => {
      if (token === "" || expired.has(token)) return failure(401);
      if (understood === undefined) return failure(404);
      const { resource, done } = understood;
      const fault = faults.next(resource, asked[resource]++);
      if (fault?.kind === "expired-token") expired.add(token);
      if (fault !== undefined) return applyFault(fault, done);
      return body.length > maxBytes ? failure(413) : done();
    })();
    requests.push({
      ...seen,
      ...(understood && { resource: understood.resource }),
      status: reply.status,
    });
    if (requests.length > KEPT_REQUESTS) requests.shift();
    return reply;
  }

  const server = http.createServer(async (request, response) => {
    const target = request.url ?? "/";
    const base = "http://localhost";
    const url = new URL(URL.canParse(target, base) ? target : "/", base);
    try {
      send(response, answer(request, url, await bodyOf(request)));
    } catch {
      // The client has gone before its request was whole.
      response.destroy();
    }
  });
  const { url, close } = await listen(server, port);
  return {
    url,
    env: { SECOPS_API_URL: url, GCE_METADATA_HOST: new URL(url).host },
    requests,
    exchanges,
    totals,
    close,
  };
}
