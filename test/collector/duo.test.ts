import { describe, expect, test } from "vitest";
import { DuoClient, judge, nextOffset } from "../../src/collector/duo.ts";
import { DuoApiError } from "../../src/collector/errors.ts";
import { authorization } from "../../src/collector/sign.ts";
import type { Answer } from "../../src/io/http.ts";
import { retryDelay } from "../../src/io/retry.ts";
import { fakeClock } from "../support/collector.ts";

const answer = (status: number, body: unknown, retryAfter?: string, contentType?: string): Answer => ({
  status,
  retryAfter,
  contentType,
  body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
});
const FAIL = { code: 40103, message: "Invalid signature in request credentials", stat: "FAIL" };
const PAGE = answer(200, { stat: "OK", response: [] });

describe("the next page", () => {
  test.each([
    ["has no offset: the last page", {}, undefined],
    ["is null: the last page", { metadata: { next_offset: null } }, undefined],
    ["has no metadata: the last page", { metadata: null }, undefined],
    ["is a number", { metadata: { next_offset: 300 } }, 300],
    ["is a string of digits", { metadata: { next_offset: "300" } }, 300],
    ["is a long string of digits", { metadata: { next_offset: "00000000000000000300" } }, 300],
  ])("%s", (_, document, next) => {
    expect(nextOffset(document, 100)).toBe(next);
  });

  test.each([100, 99, -1, 100.5, "", "abc", "0x200", true, [200], {}, 2 ** 60])(
    "cannot start at %j",
    (next) => {
      expect(() => nextOffset({ metadata: { next_offset: next } }, 100)).toThrow(RangeError);
    },
  );
});

describe("an answer", () => {
  test.each([
    ["429", answer(429, { ...FAIL, code: 42901 }), "retry", "DUO_STAT_FAIL"],
    ["500", answer(500, { ...FAIL, code: 50001 }), "retry", "DUO_STAT_FAIL"],
    ["502 in HTML", answer(502, "<html>"), "retry", "DUO_HTTP"],
    ["200 in HTML", answer(200, "<html>"), "doubtful", "DUO_BODY"],
    ["200 cut short", answer(200, '{"stat": "OK", "resp'), "retry", "DUO_BODY"],
    ["200, empty", answer(200, ""), "retry", "DUO_BODY"],
    ["400 in HTML", answer(400, "<html>"), "final", "DUO_HTTP"],
    ["401", answer(401, FAIL), "final", "DUO_STAT_FAIL"],
    ["302", answer(302, ""), "final", "DUO_HTTP"],
    ["200 with stat FAIL", answer(200, FAIL), "final", "DUO_STAT_FAIL"],
    ["200 without stat", answer(200, { response: [] }), "final", "DUO_STAT_FAIL"],
    ["200, a JSON scalar", answer(200, "17"), "final", "DUO_STAT_FAIL"],
  ])("%s: %s", (_, given, kind, code) => {
    expect(judge(given)).toMatchObject({ kind, code });
  });

  const SIGN_IN = "<!DOCTYPE html><html><body><form action=/login><input name=user></form></body></html>";

  test.each<[string, Answer]>([
    ["with a form", answer(200, SIGN_IN)],
    ["after a byte-order mark", answer(200, `\uFEFF\n${SIGN_IN}`)],
    ["in Latin-1", { status: 200, body: Buffer.from(`<title>Entr\u00e9e</title>${SIGN_IN}`, "latin1") }],
    ["in UTF-16", { status: 200, body: Buffer.from(`\uFEFF${SIGN_IN}`, "utf16le") }],
    ["that sends the browser elsewhere", answer(200, '<meta HTTP-EQUIV="refresh" content="0; url=/login">')],
    [
      "of the type text/html",
      answer(200, "Please <button>sign in</button>", undefined, "text/html; charset=utf-8"),
    ],
    ["with status 403", answer(403, SIGN_IN)],
  ])("that is a sign-in page is final: %s", (_, given) => {
    expect(judge(given)).toMatchObject({ kind: "final", detail: { fault: "a sign-in page" } });
  });

  test.each<[string, Answer]>([
    ["of a gateway", answer(200, "<html><h1>Bad Gateway</h1></html>")],
    ["of the type text/html, without markup", answer(200, "Blocked", undefined, "text/html")],
    ["of the type XHTML", answer(200, "Blocked", undefined, "application/xhtml+xml")],
  ])("that is another page for people is doubtful: %s", (_, given) => {
    expect(judge(given)).toMatchObject({ kind: "doubtful", detail: { fault: "an HTML page" } });
  });

  test.each<[string, Answer, string]>([
    ["empty", answer(200, " \n", undefined, "text/html"), "empty"],
    ["cut short", answer(200, '{"stat": "OK", "response": [{"notes": "<form>'), "not JSON, or cut short"],
    ["plain text", answer(200, "upstream connect error"), "not JSON, or cut short"],
    [
      "not UTF-8",
      { status: 200, body: Buffer.from('{"stat": "OK", "notes": "\u00e9"}', "latin1") },
      "not UTF-8",
    ],
  ])("that is %s is asked for as often as any other", (_, given, fault) => {
    expect(judge(given)).toEqual({ kind: "retry", code: "DUO_BODY", detail: { status: 200, fault } });
  });

  test("in HTML of Duo's own edge is Duo's", () => {
    const edge =
      "<html><body><center><h1>400 Bad Request</h1></center><hr><center>Duo/1.0</center></body></html>";
    expect(judge(answer(400, edge))).toEqual({ kind: "final", code: "DUO_HTTP", detail: { status: 400 } });
  });

  test("whose body is JSON is a page, whatever its type", () => {
    expect(judge({ ...PAGE, contentType: "text/html" }).kind).toBe("page");
  });

  test("with stat OK is a page", () => {
    expect(judge(PAGE)).toEqual({ kind: "page", document: { stat: "OK", response: [] } });
  });

  test("tells Duo's code and message, the code also when it is a string", () => {
    expect(judge(answer(401, { ...FAIL, code: "40103" }))).toMatchObject({
      detail: { status: 401, duo_code: "40103", duo_message: FAIL.message },
    });
  });
});

describe("the wait before a retry", () => {
  const NOW = Date.parse("2026-03-04T05:06:07Z");

  test("has full jitter under a ceiling that doubles from 1 s to 32 s", () => {
    const waits = (random: number) =>
      [1, 2, 3, 4, 5, 6, 7].map((tries) => retryDelay(tries, undefined, NOW, random));
    expect(waits(1)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 32_000]);
    expect(waits(0)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(waits(0.25)[2]).toBe(1_000);
  });

  test.each([
    ["seconds", "7", 7_000],
    ["a date", "Wed, 04 Mar 2026 05:06:17 GMT", 10_000],
    ["a date as RFC 850 wrote it", "Wednesday, 04-Mar-26 05:06:17 GMT", 10_000],
    ["a date as asctime writes it", "Wed Mar  4 05:06:17 2026", 10_000],
    ["a date without GMT", "Wed, 04 Mar 2026 05:06:17", 10_000],
    ["a date gone by", "Wed, 04 Mar 2026 05:00:00 GMT", 500],
    ["less than the backoff", "0", 500],
    ["nonsense", "soon", 500],
    ["nonsense that Date.parse takes for the year 3000", "retry after 3000", 500],
    ["a date that is not HTTP's", "12/31/2099", 500],
    ["more than a day", "999999999999", 86_400_000],
  ])("honours Retry-After: %s", (_, retryAfter, wait) => {
    expect(retryDelay(1, retryAfter, NOW, 0.5)).toBe(wait);
  });
});

describe("the client", () => {
  const CREDENTIALS = {
    ikey: "DI0123456789ABCDEFGH",
    skey: "secret-key-of-the-test",
    hostname: "api-example1.duosecurity.com",
    baseUrl: "https://api-example1.duosecurity.com",
    signature: "v5",
  } as const;

  /** A client whose transport gives these answers in turn; an Error is thrown. The last one repeats. */
  function scripted(answers: readonly [Answer | Error, ...(Answer | Error)[]], takesMs = 0) {
    const clock = fakeClock();
    const sent: { url: string; headers: Readonly<Record<string, string>> }[] = [];
    const transport = async (url: string, headers: Readonly<Record<string, string>>): Promise<Answer> => {
      const given = answers[Math.min(sent.length, answers.length - 1)] ?? answers[0];
      sent.push({ url, headers });
      clock.pass(takesMs);
      if (given instanceof Error) throw given;
      return given;
    };
    const client = new DuoClient(CREDENTIALS, { ...clock, transport });
    const page = (offset = 0, deadline = Number.POSITIVE_INFINITY) =>
      client.page({ resource: "users", offset, limit: 500 }, deadline, new AbortController().signal);
    const failure = async (deadline?: number): Promise<DuoApiError> => {
      const error: unknown = await page(0, deadline).catch((thrown: unknown) => thrown);
      if (error instanceof DuoApiError) return error;
      throw new Error("expected a DuoApiError", { cause: error });
    };
    return { clock, sent, page, failure };
  }

  test("asks for no more than the resource's maximum, at the Duo host", async () => {
    const { page, sent } = scripted([PAGE]);
    await page(600);
    expect(sent.map(({ url }) => url)).toEqual([
      "https://api-example1.duosecurity.com/admin/v1/users?limit=300&offset=600",
    ]);
  });

  test("dates and signs every try anew", async () => {
    const { page, sent } = scripted([answer(500, ""), answer(500, ""), PAGE]);
    await page();
    const dates = sent.map(({ headers }) => headers["date"] ?? "");
    expect(dates).toEqual([
      "Wed, 04 Mar 2026 05:06:07 GMT",
      "Wed, 04 Mar 2026 05:06:07 GMT",
      "Wed, 04 Mar 2026 05:06:08 GMT",
    ]);
    const { ikey, skey, hostname } = CREDENTIALS;
    const params = { limit: "300", offset: "0" };
    const signatures = dates.map((date) =>
      authorization("v5", ikey, skey, {
        date,
        method: "GET",
        host: hostname,
        path: "/admin/v1/users",
        params,
      }),
    );
    expect(sent.map(({ headers }) => headers["authorization"])).toEqual(signatures);
  });

  test("gives up after 7 tries, and says how often and why", async () => {
    const { failure, sent, clock } = scripted([
      answer(429, { ...FAIL, code: 42901, message: "Too Many Requests" }),
    ]);
    const { message } = await failure();
    expect(sent).toHaveLength(7);
    expect(clock.waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(message).toBe(
      'Duo refused the request (GET /admin/v1/users?limit=300&offset=0, HTTP 429, Duo code 42901, "Too Many Requests", ' +
        "after 7 tries): run less often, or leave other clients of this Duo account more room.",
    );
  });

  test("does not repeat what Duo refuses, and says what to do", async () => {
    const { failure, sent } = scripted([answer(401, FAIL)]);
    const { code, detail, message } = await failure();
    expect(sent).toHaveLength(1);
    expect({ code, ...detail }).toEqual({
      code: "DUO_STAT_FAIL",
      path: "/admin/v1/users?limit=300&offset=0",
      status: 401,
      duo_code: "40103",
      duo_message: FAIL.message,
      tries: 1,
    });
    expect(message).toContain("check DUO_SKEY and DUO_API_HOSTNAME, and that this machine's clock is right");
  });

  test.each(["40301", "40112"])("%s points at the application's permissions", async (code) => {
    const { failure } = scripted([answer(403, { ...FAIL, code })]);
    expect((await failure()).message).toMatch(/permissions/);
  });

  test("repeats after a broken connection, and names it", async () => {
    const { failure, sent } = scripted([Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })]);
    const { code, detail } = await failure();
    expect(sent).toHaveLength(7);
    expect({ code, system: detail.system_code }).toEqual({ code: "DUO_UNREACHABLE", system: "ECONNRESET" });
  });

  test("gives up on an HTML page that comes twice in a row, and on no other", async () => {
    const html = answer(200, "<h1>Blocked</h1>");
    const passing = scripted([html, answer(500, ""), html, answer(500, ""), html, PAGE]);
    expect((await passing.page()).page.records).toEqual([]);
    const staying = scripted([html, answer(500, ""), html, html, PAGE]);
    expect((await staying.failure()).detail).toMatchObject({ fault: "an HTML page", tries: 4 });
  });

  test("does not wait past the deadline, and still tells Duo's reason", async () => {
    const { failure, sent, clock } = scripted([answer(429, FAIL, "60")]);
    const { code, detail } = await failure(clock.now() + 60_000);
    expect(sent).toHaveLength(1);
    expect(clock.waits).toEqual([]);
    expect({ code, status: detail.status }).toEqual({ code: "DEADLINE", status: 429 });
  });

  test("sends nothing once the deadline is reached", async () => {
    const { failure, sent, clock } = scripted([PAGE]);
    expect((await failure(clock.now())).code).toBe("DEADLINE");
    expect(sent).toEqual([]);
  });

  test("keeps the secret key out of an error that Duo's answer puts it in", async () => {
    const { failure } = scripted([answer(400, { ...FAIL, message: `bad key ${CREDENTIALS.skey}` })]);
    const error = await failure();
    expect(`${error.message} ${JSON.stringify(error.detail)}`).not.toContain(CREDENTIALS.skey);
  });

  test.each([
    ["a list", [1, 2, 3], 3],
    ["an object", { user_id: "DU" }, 1],
    ["an empty string", "", 0],
    ["missing", undefined, 0],
    ["null", null, 0],
  ])("counts the records of a response that is %s", async (_, response, records) => {
    const { page } = scripted([answer(200, { stat: "OK", response })]);
    expect((await page()).page.records).toHaveLength(records);
  });
});
