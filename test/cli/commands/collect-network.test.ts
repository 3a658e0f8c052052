/** `collect` in a company's network. A process of its own, because Node.js reads NODE_EXTRA_CA_CERTS as it starts. */

import { execFile } from "node:child_process";
import { describe, expect, test, vi } from "vitest";
import { proxyFor } from "../../../src/io/proxy.ts";
import { filesBelow, simulator, temporaryDirectory } from "../../support/collector.ts";
import { BUCKET, startS3 } from "../../support/s3.ts";
import { startProxy, startTls } from "../../support/tls.ts";

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function collect(env: Record<string, string>, ...argv: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["dist/cli/main.js", "collect", ...argv],
      { env: { PATH: process.env["PATH"], ...env } },
      (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe("a proxy", () => {
  test("named by HTTPS_PROXY is what requests to Duo go through", async () => {
    const duo = await simulator({ users: 3 });
    const { port, ca } = await startTls(duo.url);
    const proxy = await startProxy();
    const env = { ...duo.env, DUO_API_URL: `https://127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: ca };
    const directory = await temporaryDirectory();
    const HTTPS_PROXY = proxy.url.replace("//", "//someone:pass%20word@");
    const { status, stderr } = await collect({ ...env, HTTPS_PROXY }, "--to", directory);
    expect([status, stderr.includes("failed")]).toEqual([0, false]);
    expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${port}`]));
    expect(new Set(proxy.logins)).toEqual(new Set([`Basic ${btoa("someone:pass word")}`]));
    expect((await filesBelow(directory)).size).toBe(8);
  });

  test("is passed by for the hosts that NO_PROXY names", async () => {
    const duo = await simulator({ users: 3 });
    const { port, ca } = await startTls(duo.url);
    const proxy = await startProxy();
    const env = { ...duo.env, DUO_API_URL: `https://127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: ca };
    const proxies = { HTTPS_PROXY: proxy.url, NO_PROXY: "example.com,127.0.0.1" };
    const { status } = await collect({ ...env, ...proxies }, "--to", await temporaryDirectory());
    expect([status, proxy.asked]).toEqual([0, []]);
  });

  test.each([
    "duosecurity.com",
    ".duosecurity.com",
    "*.duosecurity.com",
    "x.com, API-X.duosecurity.com",
    "duosecurity.com:443",
    "*",
  ])("is passed by where NO_PROXY is %s", (exceptions) => {
    vi.stubEnv("HTTPS_PROXY", "http://proxy.example.com:8080");
    vi.stubEnv("NO_PROXY", exceptions);
    const other = proxyFor("https://api-x.duofederal.com/")?.host;
    expect(proxyFor("https://api-x.duosecurity.com/admin/v1/users")).toBeUndefined();
    expect(other).toBe(exceptions === "*" ? undefined : "proxy.example.com:8080");
    vi.unstubAllEnvs();
  });

  test.each([
    [
      407,
      /^duo-udm: users: The proxy asks for a login .*HTTP 407.*give a user and a password in HTTPS_PROXY/,
    ],
    [403, /^duo-udm: users: The proxy did not connect to Duo .*HTTP 403.*ask whoever runs the proxy/],
  ])("that answers %d is told as what it is, once and at once", async (answer, message) => {
    const duo = await simulator({ users: 3 });
    const proxy = await startProxy(answer);
    const env = {
      ...duo.env,
      DUO_API_URL: "https://127.0.0.1:9",
      https_proxy: proxy.url.replace("http://", ""),
    };
    const { status, stderr } = await collect(env, "--to", await temporaryDirectory());
    expect([status, stderr.split("\n").length, proxy.asked]).toEqual([3, 3, ["127.0.0.1:9"]]);
    expect(stderr).toMatch(message);
  });

  test("that closes every connection to S3 is told once", async () => {
    const duo = await simulator({ users: 3 });
    const s3 = await startS3();
    const proxy = await startProxy(0);
    const aws = { ...s3.env, AWS_ENDPOINT_URL_S3: "https://127.0.0.1:9", AWS_MAX_ATTEMPTS: "1" };
    const { status, stderr } = await collect({ ...duo.env, ...aws, HTTPS_PROXY: proxy.url });
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^duo-udm: users: s3:.* could not be written \(ECONNRESET\): check .* and any proxy\.\nduo-udm: the manifest could not be written either\nduo-udm: 7 resources, .*\n$/,
    );
  });

  test("that is no proxy's address is refused before anything else, and not shown", async () => {
    const duo = await simulator({ users: 3 });
    const { status, stderr } = await collect(
      { ...duo.env, HTTPS_PROXY: "socks5://secret@x" },
      "--to",
      "nowhere",
    );
    expect([status, stderr]).toEqual([
      2,
      "duo-udm: HTTPS_PROXY must be the address of an HTTP proxy, such as http://proxy.example.com:8080.\n",
    ]);
  });

  test("is what requests to S3 go through too", async () => {
    const duo = await simulator({ users: 3 });
    const s3 = await startS3();
    const { port, ca } = await startTls(s3.env["AWS_ENDPOINT_URL_S3"] ?? "");
    const proxy = await startProxy();
    const aws = { ...s3.env, AWS_ENDPOINT_URL_S3: `https://127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: ca };
    const env = { ...duo.env, ...aws, HTTPS_PROXY: proxy.url, RESOURCES: "users" };
    const { status, stdout } = await collect(env);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(`^s3://${BUCKET}/duo/manifests/.*\\.json\n$`),
    ]);
    expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${port}`]));
  });
});

describe("a server that cannot be trusted or found", () => {
  test("is told once and at once: a certificate that nobody vouches for", async () => {
    const duo = await simulator({ users: 3 });
    const { port } = await startTls(duo.url);
    const env = { ...duo.env, DUO_API_URL: `https://127.0.0.1:${port}` };
    const { status, stderr } = await collect(env, "--to", await temporaryDirectory());
    expect([status, stderr.split("\n").length, duo.requests]).toEqual([3, 3, []]);
    expect(stderr).toMatch(
      /users: The certificate of the server was refused .*DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/,
    );
  });
});
