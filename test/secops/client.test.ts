import { describe, expect, it } from "vitest";
import type { Answer, Transport } from "../../src/io/http.ts";
import { type ClientOptions, judge, SecopsClient } from "../../src/secops/client.ts";
import { SecopsError } from "../../src/secops/errors.ts";
import { targetOf } from "../../src/secops/instance.ts";
import { fakeClock } from "../support/collector.ts";
import { countedTokens, INSTANCE, secops } from "../support/secops.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const BODY = bytes('{"inline_source":{"entities":[],"log_type":"DUO_CONTEXT"}}');

function googleError(status: number, name: string): Answer {
  return { status, body: bytes(JSON.stringify({ error: { code: status, message: "m", status: name } })) };
}
const OK: Answer = { status: 200, body: bytes("{}") };
const REFUSED = googleError(400, "INVALID_ARGUMENT");

/** A client that gets these answers, one after the other; an error is a broken connection. */
function clientOf(answers: readonly (Answer | Error)[], options: ClientOptions = {}) {
  const clock = fakeClock();
  const credentials = countedTokens();
  const sent: Parameters<Transport>[] = [];
  const transport: Transport = async (...request) => {
    sent.push(request);
    const answer = answers[sent.length - 1];
    if (answer === undefined) throw new Error("no more answers");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const client = new SecopsClient(targetOf(INSTANCE), credentials, { ...clock, transport, ...options });
  return { client, clock, credentials, sent };
}

function broken(code: string): Error {
  return Object.assign(new Error(code), { code });
}

async function failure(promise: Promise<unknown>): Promise<SecopsError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SecopsError) return error;
  throw new Error("it should have failed", { cause: error });
}

describe("what an answer means", () => {
  it.each([
    ["{}", 200, "answer"],
    ["", 200, "retry"],
    ["{", 200, "retry"],
    ["<html></html>", 200, "retry"],
    ["[]", 200, "retry"],
    ['{"error":{"status":"INVALID_ARGUMENT"}}', 400, "refused"],
    ["{}", 400, "refused"],
    ["", 400, "refused"],
    ["<html></html>", 400, "final"],
    ['{"error":{"status":"FAILED_PRECONDITION"}}', 400, "final"],
    ["", 401, "stale"],
    ["", 403, "final"],
    ["", 404, "final"],
    ["", 302, "final"],
    ["", 413, "too large"],
    ["", 429, "retry"],
    ["", 500, "retry"],
    ["<html></html>", 502, "retry"],
    ["", 503, "retry"],
  ])("%j with status %i: %s", (body, status, kind) => {
    expect(judge({ status, body: bytes(body) }).kind).toBe(kind);
  });
});

describe("an import", () => {
  it("is one POST with the token", async () => {
    const { client, sent } = clientOf([OK]);
    expect(await client.import(BODY)).toBe("accepted");
    const [[url, headers, , body] = []] = sent;
    expect(url).toBe(`https://us-chronicle.googleapis.com/v1beta/${INSTANCE}/entities:import`);
    expect(headers).toMatchObject({ authorization: "Bearer token-1", "content-type": "application/json" });
    expect(body).toBe(BODY);
    expect(client.requests).toBe(1);
  });

  it.each([
    ["refused", REFUSED],
    ["too large", { status: 413, body: bytes("") }],
  ])("that is %s is not sent again", async (verdict, answer) => {
    const { client, sent } = clientOf([answer]);
    expect(await client.import(BODY)).toBe(verdict);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ["429", googleError(429, "RESOURCE_EXHAUSTED")],
    ["500", googleError(500, "INTERNAL")],
    ["503", googleError(503, "UNAVAILABLE")],
    ["an answer that is no JSON", { status: 200, body: bytes("<html>") }],
    ["a lost answer", broken("ECONNRESET")],
    ["no connection", broken("ECONNREFUSED")],
  ])("is sent again after %s, with backoff", async (_, answer) => {
    const { client, clock, sent } = clientOf([answer, answer, answer, OK]);
    expect(await client.import(BODY)).toBe("accepted");
    expect(sent).toHaveLength(4);
    expect(clock.waits).toEqual([500, 1_000, 2_000]);
  });

  it("waits as long as Retry-After says", async () => {
    const { client, clock } = clientOf([{ status: 429, retryAfter: "17", body: bytes("") }, OK]);
    expect(await client.import(BODY)).toBe("accepted");
    expect(clock.waits).toEqual([17_000]);
  });

  it("gives up after seven tries, and says what to do", async () => {
    const answer = googleError(503, "UNAVAILABLE");
    const { client, sent } = clientOf(Array.from({ length: 8 }, () => answer));
    const error = await failure(client.import(BODY));
    expect(sent).toHaveLength(7);
    expect(error.message).toBe(
      'SecOps answered with an HTTP error (entities:import, HTTP 503, UNAVAILABLE, "m", after 7 tries): check Google\'s status page, then run again.',
    );
  });

  it("renews a token that is refused, once", async () => {
    const expired = googleError(401, "UNAUTHENTICATED");
    const { client, clock, credentials, sent } = clientOf([expired, OK, expired, OK]);
    expect(await client.import(BODY)).toBe("accepted");
    expect(await client.import(BODY)).toBe("accepted");
    expect(credentials.tokens).toBe(3);
    expect(sent.map(([, headers]) => headers["authorization"])).toEqual([
      "Bearer token-1",
      "Bearer token-2",
      "Bearer token-2",
      "Bearer token-3",
    ]);
    expect(clock.waits).toEqual([]);
  });

  it.each([
    ["at once", []],
    ["after another fault", [googleError(503, "UNAVAILABLE")]],
  ])("is given up when the new token is refused too, %s", async (_, between) => {
    const expired = googleError(401, "UNAUTHENTICATED");
    const { client, credentials } = clientOf([expired, ...between, expired, OK]);
    expect((await failure(client.import(BODY))).detail.status).toBe(401);
    expect(credentials.tokens).toBe(2);
  });

  it.each([
    [403, "PERMISSION_DENIED", "chronicle.entities.import"],
    [404, "NOT_FOUND", "check project, location and instance"],
    [400, "FAILED_PRECONDITION", "check the instance and the log type"],
  ])("is given up at once at %i, with what to do", async (status, name, advice) => {
    const { client, sent } = clientOf([googleError(status, name), OK]);
    const error = await failure(client.import(BODY));
    expect(error.message).toContain(advice);
    expect(error.message).toContain(`HTTP ${status}, ${name}`);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ["ENOTFOUND", "check the location"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "NODE_EXTRA_CA_CERTS"],
    ["CERT_HAS_EXPIRED", "clock"],
  ])("is given up at once at %s, with what to do", async (code, advice) => {
    const { client, sent } = clientOf([broken(code), OK]);
    expect((await failure(client.import(BODY))).message).toContain(advice);
    expect(sent).toHaveLength(1);
  });

  it.each([
    [403, "the proxy did not connect to Google"],
    [407, "http://user:password@host:port), or ask whoever runs the proxy"],
  ])("knows what a proxy says from what Google says: %d", async (status, advice) => {
    const { client, sent } = clientOf([{ status, isOfProxy: true, body: bytes("") }, OK]);
    const { message } = await failure(client.import(BODY));
    expect(message).toContain(advice);
    expect(message).not.toContain("chronicle.entities.import");
    expect(sent).toHaveLength(1);
  });

  it("is given up at once where something else answers in Google's place", async () => {
    const { client, sent } = clientOf([{ status: 302, body: bytes("<html>") }, OK]);
    expect((await failure(client.import(BODY))).message).toContain("in Google's place");
    expect(sent).toHaveLength(1);
  });

  it("keeps the token out of what it tells", async () => {
    const body = bytes(JSON.stringify({ error: { message: "got Bearer token-1 from you" } }));
    const { client } = clientOf([{ status: 403, body }]);
    const { message } = await failure(client.import(BODY));
    expect(message).toContain("got Bearer *** from you");
  });

  it("ends when the caller says so", async () => {
    const abort = new AbortController();
    const { client } = clientOf([googleError(503, "UNAVAILABLE"), OK], {
      signal: abort.signal,
      onRetry: () => abort.abort(new Error("enough")),
      sleep: async (_, signal) => signal.throwIfAborted(),
    });
    await expect(client.import(BODY)).rejects.toThrow("enough");
  });
});

describe("parsers", () => {
  const open = async (options = {}) => {
    const simulator = await secops(options);
    const target = targetOf(INSTANCE, simulator.env);
    return { simulator, client: new SecopsClient(target, countedTokens(), fakeClock()) };
  };

  it("are listed over several pages", async () => {
    const { client, simulator } = await open();
    const parsers = await client.parsers("DUO_CONTEXT");
    expect(simulator.requests.length).toBeGreaterThan(1);
    expect(parsers.map(({ isActive, isCustom }) => ({ isActive, isCustom }))).toEqual([
      { isActive: false, isCustom: true },
      { isActive: false, isCustom: false },
      { isActive: true, isCustom: false },
    ]);
  });

  it("that are listed without end are given up", async () => {
    const page: Answer = { status: 200, body: bytes('{"nextPageToken":"again"}') };
    const { client } = clientOf(Array.from({ length: 2_000 }, () => page));
    expect((await failure(client.parsers("DUO_CONTEXT"))).code).toBe("SECOPS_PAGING");
  });

  it("are read in either spelling, and their source is encoded where it is plain text", async () => {
    const cbn = "filter { mutate {} }";
    const encoded = Buffer.from(cbn).toString("base64");
    const list = [
      { name: "a", cbn, state: "ACTIVE", creator: { source: "CUSTOMER" } },
      { name: "b", cbn: encoded, state: "INACTIVE", type: "PREBUILT" },
      { name: "c" },
    ];
    const first = { status: 200, body: bytes(JSON.stringify({ parsers: list, next_page_token: "2" })) };
    const { client, sent } = clientOf([first, OK]);
    expect(await client.parsers("DUO_CONTEXT")).toEqual([
      { name: "a", cbn: encoded, isActive: true, isCustom: true },
      { name: "b", cbn: encoded, isActive: false, isCustom: false },
    ]);
    expect(sent[1]?.[0]).toContain("pageToken=2");
  });

  it("are run over logs, and give entities in lowerCamelCase", async () => {
    const { client } = await open();
    const [parser] = (await client.parsers("DUO_CONTEXT")).filter(({ isActive }) => isActive);
    if (parser === undefined) throw new Error("there is no active parser");
    const answer = await client.runParser("DUO_CONTEXT", parser, [
      bytes('{"epkey":"EP1"}'),
      bytes("no JSON"),
    ]);
    expect(answer).toMatchObject({
      runParserResults: [
        { parsedEvents: { events: [{ entity: { entity: { asset: { productObjectId: "EP1" } } } }] } },
        { error: { code: 3 } },
      ],
    });
  });
});
