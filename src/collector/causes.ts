/** Why a request for a page failed: whom that concerns, and what to do about it. */

import { CERTIFICATE_ADVICE, PROXY_LOGIN_ADVICE } from "../io/advice.ts";
import { isCertificateCode, isTlsCode } from "../io/tls.ts";

/** What came instead of Duo's answer, as `fault` says it. */
export const SIGN_IN_PAGE = "a sign-in page";
export const HTML_PAGE = "an HTML page";
export const NO_STAT = "JSON without stat";

/** Why Duo gave no page. */
export const DUO_ERRORS = {
  DUO_STAT_FAIL: "Duo refused the request",
  DUO_HTTP: "Duo answered with an HTTP error",
  DUO_BODY: "Duo's answer could not be used",
  DUO_UNREACHABLE: "Duo could not be reached, or the connection broke",
  DUO_PAGING: "Duo's pages would not come to an end",
  DUO_SHORT: "Duo gave fewer records than it announced",
  DEADLINE: "The time for this run was used up",
} as const;
export type DuoErrorCode = keyof typeof DUO_ERRORS;

export interface DuoErrorDetail {
  /** The request's path and query. */
  readonly path: string;
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** Duo's own five-digit code and message, when its answer had them. Masked, and short. */
  readonly duo_code?: string;
  readonly duo_message?: string;
  /** The system's code of a broken connection (`ECONNRESET`). */
  readonly system_code?: string;
  /** What is wrong with the answer, where the code leaves it open. */
  readonly fault?: string;
  /** The scheme and host that a redirect points to. */
  readonly redirect?: string;
  /** True when it was the proxy that answered, or could not be reached. */
  readonly of_proxy?: boolean;
  /** How often the request was sent. */
  readonly tries?: number;
}

export interface Cause {
  /** What happened, where the error's code says too little. */
  readonly what?: string;
  readonly advice: string;
  /**
   * `account`: every other request of the run would fail the same way. `network`: so would they, unless the run has
   * read a page already. `silence`: so would they, unless the host has answered anything. `resource`: other resources
   * may do better.
   */
  readonly scope: "account" | "network" | "silence" | "resource";
}

const account = (advice: string, what?: string): Cause => ({
  advice,
  scope: "account",
  ...(what !== undefined && { what }),
});
const resource = (advice: string): Cause => ({ advice, scope: "resource" });

const BY_DUO_CODE: Readonly<Record<string, Cause>> = {
  "40002": resource("check LIMIT, and report the request if it persists"),
  "40101": account("check that DUO_IKEY and DUO_SKEY are set as in Duo's Admin Panel"),
  "40102": account(
    "check DUO_IKEY, and that it belongs to an Admin API application of the host in DUO_API_HOSTNAME",
  ),
  "40103": account("check DUO_SKEY and DUO_API_HOSTNAME, and that this machine's clock is right"),
  "40104": account("set this machine's clock, and check for a proxy that takes the Date header away"),
  "40105": account("set this machine's clock: Duo takes a Date a few minutes off at most"),
  "40112": account("check the application's permissions, and try the other DUO_SIGNATURE"),
  "40301": resource(
    "grant the Admin API application the read permissions this resource needs (Grant resource - Read); if it has them, your Duo edition lacks the resource: leave it out of RESOURCES",
  ),
  "40401": resource("leave this resource out of RESOURCES: this Duo edition does not have it"),
};

const PORTAL_ADVICE =
  "a proxy, a firewall or a network's sign-in page answers in Duo's place: sign in there, set HTTPS_PROXY to the company's proxy, or have DUO_API_HOSTNAME let through";

const REDIRECT = account(PORTAL_ADVICE, "The request was sent elsewhere, which Duo never does");
const PORTAL = account(PORTAL_ADVICE, "A sign-in page came instead of Duo's answer");
const HTML: Cause = {
  what: "An HTML page came instead of Duo's answer",
  advice: PORTAL_ADVICE,
  scope: "network",
};
const NOT_DUO: Cause = {
  what: "The answer is not one of Duo's",
  advice: PORTAL_ADVICE,
  scope: "resource",
};
const SIGN_IN = account(PORTAL_ADVICE, "The network asks for a sign-in first");
const PROXY_LOGIN = account(PROXY_LOGIN_ADVICE, "The proxy asks for a login");
const PROXY_REFUSAL = account(
  "ask whoever runs the proxy to let this machine reach DUO_API_HOSTNAME, or name the host in NO_PROXY",
  "The proxy did not connect to Duo",
);
const PROXY_UNREACHABLE = account(
  "check HTTPS_PROXY and that the proxy runs, or name Duo's host in NO_PROXY",
  "The proxy could not be reached",
);
const CERTIFICATE = account(CERTIFICATE_ADVICE, "The certificate of the server was refused");
const NO_TLS = account(
  "check HTTPS_PROXY, and for a firewall that answers in Duo's place",
  "What answers for Duo's host does not speak TLS",
);
const UNKNOWN_HOST = account(
  "check DUO_API_HOSTNAME and this machine's name servers; behind a proxy set HTTPS_PROXY",
  "The host name is not known",
);
const CHECK_CONNECTION = "check DUO_API_HOSTNAME, the network, any firewall and HTTPS_PROXY, then run again";
const UNREACHABLE = account(CHECK_CONNECTION);
const SILENT: Cause = { what: "Duo did not answer in time", advice: CHECK_CONNECTION, scope: "silence" };

const BY_CODE: Readonly<Record<DuoErrorCode, Cause>> = {
  DUO_HTTP: resource("check DUO_API_HOSTNAME, and Duo's status page"),
  DUO_STAT_FAIL: resource("look up Duo's code in its Admin API documentation"),
  DUO_BODY: resource("check for a proxy between this machine and Duo, then run again"),
  DUO_UNREACHABLE: { advice: CHECK_CONNECTION, scope: "silence" },
  DUO_PAGING: resource(
    "run again; if it persists, report it to Duo support with the offset. The pages before it are stored",
  ),
  DUO_SHORT: resource("run again; if it persists, report it to Duo support. The pages are stored"),
  DEADLINE: resource("give the run more time, or collect this resource in an invocation of its own"),
};

/** The system's codes of a host that cannot be reached. They may pass, so they end a run only after the last try. */
const NO_WAY = new Set([
  "EAI_AGAIN",
  "EACCES",
  "ECONNREFUSED",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "EPERM",
]);

/** Whether a connection that failed with this code would fail again. */
export function isFinalConnectionCode(systemCode = ""): boolean {
  return systemCode === "ENOTFOUND" || isCertificateCode(systemCode);
}

function ofConnection(systemCode: string | undefined): Cause | undefined {
  if (systemCode === undefined) return undefined;
  if (isCertificateCode(systemCode)) return CERTIFICATE;
  if (isTlsCode(systemCode)) return NO_TLS;
  if (systemCode === "ENOTFOUND") return UNKNOWN_HOST;
  if (systemCode === "ETIMEDOUT") return SILENT;
  return NO_WAY.has(systemCode) ? UNREACHABLE : undefined;
}

const BY_FAULT: ReadonlyMap<string | undefined, Cause> = new Map([
  [SIGN_IN_PAGE, PORTAL],
  [HTML_PAGE, HTML],
  [NO_STAT, NOT_DUO],
]);

/** Where an application may be called from, as Duo's Admin Panel names it. */
const NETWORKS = "the application's Networks for API Access";

function ofStatus(status: number | undefined): Cause | undefined {
  if (status === undefined) return undefined;
  if (status >= 300 && status < 400) return REDIRECT;
  if (status === 401) return account(`check DUO_IKEY, DUO_SKEY, DUO_API_HOSTNAME and ${NETWORKS}`);
  if (status === 403) return resource(`check the application's permissions and ${NETWORKS}`);
  if (status === 407) return PROXY_LOGIN;
  if (status === 429) return resource("run less often, or leave other clients of this Duo account more room");
  if (status === 511) return SIGN_IN;
  return status >= 500 ? resource("look at Duo's status page, then run again") : undefined;
}

/** The cause of an error that Duo, or the way to Duo, gave. */
export function causeOf(code: DuoErrorCode, detail: DuoErrorDetail): Cause {
  const { status, duo_code, system_code, fault, of_proxy } = detail;
  if (code === "DEADLINE" || code === "DUO_PAGING" || code === "DUO_SHORT") return BY_CODE[code];
  if (of_proxy === true && status !== 407) return status === undefined ? PROXY_UNREACHABLE : PROXY_REFUSAL;
  const known =
    duo_code !== undefined && Object.hasOwn(BY_DUO_CODE, duo_code) ? BY_DUO_CODE[duo_code] : undefined;
  return known ?? BY_FAULT.get(fault) ?? ofStatus(status) ?? ofConnection(system_code) ?? BY_CODE[code];
}
