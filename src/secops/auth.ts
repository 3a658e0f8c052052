/** Google's Application Default Credentials, through google-auth-library. */

import process from "node:process";
import { errorCode } from "../io/errors.ts";
import { optional } from "../io/optional.ts";
import { unlessAborted, within } from "../io/within.ts";
import { SecopsError } from "./errors.ts";

/** What proves to Google who asks. */
export interface Credentials {
  /**
   * The headers of a request, `authorization` among them.
   *
   * @param isStale the last ones were refused, so a new token is needed
   */
  headers(isStale: boolean): Promise<Readonly<Record<string, string>>>;
}

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

const TOKEN_TIMEOUT_MS = 60_000;

function noAnswer(): never {
  throw Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });
}

const LOOKUP_WARNING = "MetadataLookupWarning";

/** Keeps the library's own warning about a machine outside Google Cloud from the terminal: the error says it. */
async function withoutLookupWarning<T>(work: () => Promise<T>): Promise<T> {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...more: readonly unknown[]): void => {
    if (more[0] !== LOOKUP_WARNING) Reflect.apply(emitWarning, process, [warning, ...more]);
  };
  try {
    return await work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** What may be shown of a failure: only codes, because a text may hold what was sent. */
function factsOf(error: unknown): { status?: number; google_status?: string; system_code?: string } {
  if (!(error instanceof Error)) return {};
  const response = "response" in error && typeof error.response === "object" ? error.response : undefined;
  const status = response && "status" in response ? response.status : undefined;
  const data = response && "data" in response ? response.data : undefined;
  const named = typeof data === "object" && data !== null && "error" in data ? data.error : undefined;
  const code = errorCode(error) ?? errorCode(error.cause);
  return {
    ...(typeof status === "number" && { status }),
    ...(typeof named === "string" && /^[\w-]{1,60}$/.test(named) && { google_status: named }),
    ...(code !== undefined && /^E[A-Z_]+$/.test(code) && { system_code: code }),
  };
}

const NOT_FOUND = /could not load the default credentials/i;
const FILE = /GOOGLE_APPLICATION_CREDENTIALS|credential/i;

/** What to do about a failure that has no code. */
function adviceOn(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  if (NOT_FOUND.test(message)) {
    return "there are no Application Default Credentials; set GOOGLE_APPLICATION_CREDENTIALS to a credentials file, or run gcloud auth application-default login";
  }
  const { status, google_status, system_code } = factsOf(error);
  if (google_status === "invalid_grant" || status === 400 || status === 401) {
    return "Google refused the credentials; make new ones, and check this machine's clock";
  }
  if (status === 403) {
    return "the account may not act as the service account; grant it the role Workload Identity User or Service Account Token Creator";
  }
  if (system_code === "ENOENT") return "GOOGLE_APPLICATION_CREDENTIALS names a file that does not exist";
  if (status !== undefined || system_code !== undefined) return "check the network to Google, then run again";
  if (FILE.test(message) || error instanceof SyntaxError) {
    return "the credentials file cannot be used; check that GOOGLE_APPLICATION_CREDENTIALS names a credentials file as Google made it";
  }
  return "check GOOGLE_APPLICATION_CREDENTIALS, or run gcloud auth application-default login";
}

/**
 * Application Default Credentials: a credentials file, gcloud's login, workload identity federation, or the
 * metadata server of Google Cloud, looked for by google-auth-library in the process's environment.
 *
 * @param project the instance's project, which spares the library the search for one
 * @param given what a credentials file holds, where that is known
 * @throws ConfigError when google-auth-library is not installed.
 */
export async function googleCredentials(project: string, given?: object): Promise<Credentials> {
  const { GoogleAuth } = await optional(
    "google-auth-library",
    "asking SecOps",
    () => import("google-auth-library"),
  );
  const open = () =>
    new GoogleAuth({ scopes: [SCOPE], projectId: project, ...(given && { credentials: given }) });
  let auth = open();
  return {
    async headers(isStale) {
      // A client keeps its token until it expires, whoever refuses it.
      if (isStale) auth = open();
      try {
        return await within(TOKEN_TIMEOUT_MS, [], async (limit) => {
          const headers = withoutLookupWarning(() => auth.getRequestHeaders());
          return Object.fromEntries(await unlessAborted(limit, headers, noAnswer));
        });
      } catch (cause) {
        throw new SecopsError(
          "CREDENTIALS",
          { method: "Application Default Credentials", ...factsOf(cause), advice: adviceOn(cause) },
          { cause },
        );
      }
    },
  };
}
