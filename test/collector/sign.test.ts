import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  authorization,
  canonicalParams,
  canonicalRequest,
  digest,
  type Params,
  type Signature,
} from "../../src/collector/sign.ts";
import { RESOURCES } from "../../src/core/resource.ts";

interface Vector {
  name: string;
  version: Signature;
  method: string;
  host: string;
  path: string;
  params: Params;
  date: string;
  canonical: string;
  algorithm?: "sha1" | "sha512";
  ikey?: string;
  skey?: string;
  digest?: string;
  authorization?: string;
}

const vectors: { params: { name: string; params: Params; canonical: string }[]; requests: Vector[] } =
  JSON.parse(readFileSync(new URL("../../fixtures/signing/vectors.json", import.meta.url), "utf8"));

/** The signing half of Duo's own client for Node.js. */
interface DuoSig {
  signV5(...parts: [string, string, string, string, string, Params, string, string]): string;
  _canonicalize(...parts: [string, string, string, Params, string]): string;
}
const duoSig: DuoSig = createRequire(import.meta.url)("@duosecurity/duo_api/lib/duo_sig.js");

describe("signing agrees with the vectors of Duo's clients", () => {
  test.each(vectors.params)("parameters: $name", ({ params, canonical }) => {
    expect(canonicalParams(params)).toBe(canonical);
  });

  test.each(vectors.requests)("canonical request: $name", ({ version, canonical, ...request }) => {
    expect(canonicalRequest(version, request)).toBe(canonical);
  });

  test.each(vectors.requests.filter((vector) => vector.digest !== undefined))("HMAC: $name", (vector) => {
    const { algorithm = "sha512", skey = "", canonical } = vector;
    expect(digest(algorithm, skey, canonical)).toBe(vector.digest);
  });

  const sent = vectors.requests.filter(
    ({ version, algorithm }) => algorithm === (version === "v5" ? "sha512" : "sha1"),
  );
  test.each(sent)("header: $name", ({ version, ikey = "", skey = "", ...request }) => {
    expect(authorization(version, ikey, skey, request)).toBe(request.authorization);
  });

  test("there is a header vector for each version and resource", () => {
    const missing = (["v5", "v2"] as const).flatMap((version) =>
      RESOURCES.map((resource) => `${version} /admin/v1/${resource}`),
    );
    const have = new Set(sent.map(({ version, path }) => `${version} ${path}`));
    expect(missing.filter((one) => !have.has(one))).toEqual([]);
  });
});

test("signing agrees with Duo's own client for any request", () => {
  const text = fc.string({ minLength: 1, unit: "grapheme" });
  const request = fc.record({
    date: text,
    method: fc.constantFrom("GET", "get"),
    host: text,
    path: text,
    params: fc.dictionary(text, text),
  });
  fc.assert(
    fc.property(text, text, request, (ikey, skey, { date, method, host, path, params }) => {
      const ours = { date, method, host, path, params };
      expect(canonicalRequest("v2", ours)).toBe(duoSig._canonicalize(method, host, path, params, date));
      expect(authorization("v5", ikey, skey, ours)).toBe(
        duoSig.signV5(ikey, skey, method, host, path, params, date, ""),
      );
    }),
  );
});
