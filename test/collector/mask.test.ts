import { expect, test } from "vitest";
import { clipped, masked } from "../../src/collector/mask.ts";
import { authorization } from "../../src/collector/sign.ts";

const SKEY = "s3cr3t+key/of=the-test";
const request = { date: "Wed, 04 Mar 2026 05:06:07 GMT", method: "GET", host: "h", path: "/p", params: {} };

test.each([
  ["the key", SKEY],
  ["the key in capitals", SKEY.toUpperCase()],
  ["the key in a URL", encodeURIComponent(SKEY)],
  ["the key in base64", Buffer.from(SKEY).toString("base64")],
  ["a v5 header", authorization("v5", "DI0123456789ABCDEFGH", SKEY, request)],
  ["a v2 header", authorization("v2", "DI0123456789ABCDEFGH", SKEY, request)],
  ["a signature", "0123456789abcdef0123456789abcdef01234567"],
  ["another's header", "basic YWxhZGRpbjpvcGVuc2VzYW1l"],
])("%s is masked", (_, secret) => {
  expect(masked(`sent: ${secret}; refused`, [SKEY])).toBe("sent: ***; refused");
});

test.each([
  ["one word", "x".repeat(30_000_000)],
  ["keys", SKEY.repeat(1_000_000)],
  ["keys, each a word", `${SKEY}, `.repeat(1_000_000)],
])("a message of 30 MB is masked too, and no key is cut: %s", (_, text) => {
  const shown = masked(text, [SKEY]);
  expect([shown.includes(SKEY.slice(0, 4)), shown.length < 8_000]).toEqual([false, true]);
});

test("what is not a secret stays, on one line and short", () => {
  expect(masked("Invalid signature in request credentials", [SKEY, ""])).toBe(
    "Invalid signature in request credentials",
  );
  expect(clipped("a\r\n b\u001b[2J")).toBe("a b\\u001b[2J");
  expect(clipped("x y".repeat(10_000_000))).toHaveLength(200);
});
