import { describe, expect, test } from "vitest";
import { causeOf, type DuoErrorCode, type DuoErrorDetail } from "../../src/collector/causes.ts";
import { DuoApiError } from "../../src/collector/errors.ts";

const PATH = "/admin/v1/users?limit=300&offset=0";

describe("a cause", () => {
  test.each<readonly [string, DuoErrorCode, Omit<DuoErrorDetail, "path">, string, RegExp]>([
    ["a wrong key", "DUO_STAT_FAIL", { status: 401, duo_code: "40103" }, "account", /DUO_SKEY/],
    ["an unknown key", "DUO_STAT_FAIL", { status: 401, duo_code: "40102" }, "account", /DUO_IKEY/],
    ["any other 401", "DUO_HTTP", { status: 401 }, "account", /DUO_IKEY, DUO_SKEY/],
    ["the clock", "DUO_STAT_FAIL", { status: 401, duo_code: "40105" }, "account", /clock/],
    ["a permission", "DUO_STAT_FAIL", { status: 403, duo_code: "40301" }, "resource", /permissions/],
    [
      "a network that may not call",
      "DUO_STAT_FAIL",
      { status: 403, duo_code: "40399" },
      "resource",
      /Networks for API Access/,
    ],
    ["an edition", "DUO_STAT_FAIL", { status: 404, duo_code: "40401" }, "resource", /RESOURCES/],
    ["a name of Object's", "DUO_STAT_FAIL", { duo_code: "constructor" }, "resource", /look up/],
    ["a redirect", "DUO_HTTP", { status: 307 }, "account", /HTTPS_PROXY/],
    ["a sign-in page", "DUO_BODY", { status: 200, fault: "a sign-in page" }, "account", /sign in there/],
    ["a proxy's page", "DUO_BODY", { status: 200, fault: "an HTML page" }, "network", /let through/],
    [
      "a proxy's page of refusal",
      "DUO_HTTP",
      { status: 403, fault: "an HTML page" },
      "network",
      /let through/,
    ],
    [
      "another service's JSON",
      "DUO_STAT_FAIL",
      { status: 200, fault: "JSON without stat" },
      "resource",
      /answers in Duo's place/,
    ],
    ["a network that asks to sign in", "DUO_HTTP", { status: 511 }, "account", /sign in there/],
    ["a proxy's login", "DUO_HTTP", { status: 407, of_proxy: true }, "account", /user and a password/],
    [
      "a proxy's refusal",
      "DUO_HTTP",
      { status: 403, of_proxy: true },
      "account",
      /ask whoever runs the proxy/,
    ],
    [
      "a proxy that is away",
      "DUO_UNREACHABLE",
      { system_code: "ECONNREFUSED", of_proxy: true },
      "account",
      /proxy runs/,
    ],
    ["name servers that are away", "DUO_UNREACHABLE", { system_code: "EAI_AGAIN" }, "account", /network/],
    ["a machine that forbids it", "DUO_UNREACHABLE", { system_code: "EPERM" }, "account", /firewall/],
    ["a server without TLS", "DUO_UNREACHABLE", { system_code: "EPROTO" }, "account", /HTTPS_PROXY/],
    ["an unknown host", "DUO_UNREACHABLE", { system_code: "ENOTFOUND" }, "account", /DUO_API_HOSTNAME/],
    ["a host that is away", "DUO_UNREACHABLE", { system_code: "ECONNREFUSED" }, "account", /network/],
    ["a silent host", "DUO_UNREACHABLE", { system_code: "ETIMEDOUT" }, "silence", /firewall/],
    ["a broken connection", "DUO_UNREACHABLE", { system_code: "ECONNRESET" }, "silence", /firewall/],
    ["an expired certificate", "DUO_UNREACHABLE", { system_code: "CERT_HAS_EXPIRED" }, "account", /clock/],
    [
      "a self-signed certificate",
      "DUO_UNREACHABLE",
      { system_code: "SELF_SIGNED_CERT_IN_CHAIN" },
      "account",
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      "a certificate without the one that vouches for it",
      "DUO_UNREACHABLE",
      { system_code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
      "account",
      /NODE_EXTRA_CA_CERTS/,
    ],
    ["a weak certificate", "DUO_UNREACHABLE", { system_code: "UNSPECIFIED" }, "account", /CA certificate/],
    [
      "another host's certificate",
      "DUO_UNREACHABLE",
      { system_code: "ERR_TLS_CERT_ALTNAME_INVALID" },
      "account",
      /NODE_EXTRA_CA_CERTS/,
    ],
    ["too many requests", "DUO_STAT_FAIL", { status: 429, duo_code: "42901" }, "resource", /less often/],
    ["a server's error", "DUO_HTTP", { status: 502 }, "resource", /status page/],
    ["an error of Duo's", "DUO_STAT_FAIL", { status: 500, duo_code: "50001" }, "resource", /status page/],
  ])("that is %s says whom it concerns and what to do", (_, code, detail, scope, advice) => {
    const error = new DuoApiError(code, { path: PATH, ...detail });
    expect(causeOf(code, error.detail).scope).toBe(scope);
    expect(error.message).toMatch(/^[A-Z].* \(GET \/admin\/v1\/users\?limit=300&offset=0.*\): .*\.$/);
    expect(error.message.split("): ").at(-1)).toMatch(advice);
  });
});
