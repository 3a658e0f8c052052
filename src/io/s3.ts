/** S3: names of objects, the client, listing and reading, and what S3's errors mean. */

import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { CERTIFICATE_ADVICE, PROXY_LOGIN_ADVICE } from "./advice.ts";
import { loadS3 } from "./aws.ts";
import { ConfigError, errorCode, InputError } from "./errors.ts";
import type { Opened } from "./opened.ts";
import { refuseForeignAnswers } from "./s3-answers.ts";
import { isCertificateCode, isTlsCode } from "./tls.ts";

/** An object; or a prefix: a key that ends with a slash, or is empty. */
export interface S3Place {
  readonly bucket: string;
  readonly key: string;
  /** Whether the bucket stands in the path rather than the host, for S3 servers that need it. */
  readonly forcePathStyle: boolean;
}

/** What a listing says of an object. */
export interface S3Listed {
  readonly key: string;
  readonly bytes: number;
  /** ISO 8601, UTC. */
  readonly modified: string;
}

const SCHEME = "s3://";
const BUCKET = /^(?:arn:[^\s/]+(?:\/[^\s/]+)*|[\w.-]{3,255})$/;

/** What the name of a bucket must do. */
export const BUCKET_RULE =
  "have 3 to 255 letters, digits, dots, hyphens or underscores, or be the ARN of an access point";

/** Whether a text may be the name of a bucket, or the ARN of an access point. */
export function isBucket(text: string): boolean {
  return BUCKET.test(text);
}

export function isS3(name: string): boolean {
  return name.startsWith(SCHEME);
}

/** The ARN of an access point may have slashes. */
const NAME = /^s3:\/\/(arn:[^/]*:(?:outpost\/[^/]+\/)?accesspoint\/[^/]+|[^/]*)(?:\/(.*))?$/s;

/** The bucket and the key of `s3://bucket/key`, each empty where it is missing. */
export function partsOfS3(name: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = "", key = ""] = NAME.exec(name) ?? [];
  return { bucket, key };
}

/** `s3://bucket/key` as a place. @throws ConfigError when it names no bucket. */
export function s3Place(name: string, forcePathStyle: boolean): S3Place {
  const { bucket, key } = partsOfS3(name);
  if (bucket === "") throw new ConfigError(`${name}: must be s3://bucket/prefix`);
  if (!isBucket(bucket)) throw new ConfigError(`${name}: the bucket's name must ${BUCKET_RULE}`);
  return { bucket, key, forcePathStyle };
}

/** Whether a variable such as `S3_FORCE_PATH_STYLE` says yes. */
export function isSet(value: string | undefined): boolean {
  return value === "true" || value === "1";
}

export function s3Name({ bucket, key }: Pick<S3Place, "bucket" | "key">): string {
  return `${SCHEME}${bucket}/${key}`;
}

/** The status of an answer that the SDK has no name for. */
function statusOf(error: Error): unknown {
  if (error.name !== "Unknown" || !("$metadata" in error)) return undefined;
  const { $metadata: metadata } = error;
  return typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
    ? metadata.httpStatusCode
    : undefined;
}

/** How S3, the SDK or the system names an error. The answer to HEAD has no body that would: its status does. */
export function s3ErrorName(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const status = statusOf(error);
  if (status === 403) return "Forbidden";
  // The SDK has no name for bytes that do not fit the checksum that came with them.
  if (error.message.startsWith("Checksum mismatch")) return "ChecksumMismatch";
  // Nor for an answer that it cannot take apart.
  const code = errorCode(error);
  if (code === undefined && error.message.includes("\n  Deserialization error: ")) return "UnreadableAnswer";
  const name = code ?? (status === undefined ? error.name : `HTTP ${status}`);
  // The name comes from the answer, which may be anything.
  return /^[\w. -]{1,64}$/.test(name) ? name : "unknown error";
}

const ALLOW = "allow s3:ListBucket on the bucket, s3:GetObject and s3:PutObject on the keys";
const CHECK_CREDENTIALS = "check the AWS credentials";
const RENEW_CREDENTIALS = "renew the AWS credentials";
const SET_REGION = "set AWS_REGION to the bucket's region";
const SET_CLOCK = "set this machine's clock, by NTP if you can";
const CHECK_ENDPOINT = "check AWS_REGION, AWS_ENDPOINT_URL_S3, the network and any proxy";
const CORRECT_ENDPOINT = "correct AWS_ENDPOINT_URL_S3, or the bucket's name";
const FREE_SPACE = "make room in the store";

const ADVICE: Readonly<Record<string, string>> = {
  AccessDenied: ALLOW,
  Forbidden: ALLOW,
  AllAccessDisabled: "ask AWS support: the account has no access to S3",
  NoSuchBucket: "create the bucket, or correct its name",
  InvalidBucketName: "correct the bucket's name",
  NoSuchKey: "it was deleted meanwhile, or its name is wrong",
  PermanentRedirect: SET_REGION,
  AuthorizationHeaderMalformed: SET_REGION,
  IllegalLocationConstraintException: SET_REGION,
  CredentialsProviderError: "give AWS credentials, as for any AWS tool",
  InvalidAccessKeyId: CHECK_CREDENTIALS,
  SignatureDoesNotMatch: CHECK_CREDENTIALS,
  InvalidToken: CHECK_CREDENTIALS,
  InvalidClientTokenId: CHECK_CREDENTIALS,
  UnrecognizedClientException: CHECK_CREDENTIALS,
  ExpiredToken: RENEW_CREDENTIALS,
  ExpiredTokenException: RENEW_CREDENTIALS,
  TokenRefreshRequired: RENEW_CREDENTIALS,
  RequestTimeTooSkewed: SET_CLOCK,
  RequestExpired: SET_CLOCK,
  InvalidObjectState: "it is archived: restore it first",
  ChecksumMismatch:
    "the bytes that arrived are not those that were sent: run again, and check for a proxy on the way",
  NotTheRest: "the connection broke, and what the store sent then is not the rest of the object: run again",
  ListingStuck:
    "the store announces more objects but its listing leads nowhere: run again; if it persists, tell whoever runs the store",
  UnreadableAnswer:
    "the store's answer is cut short, or holds an invalid time: run again; if it persists, tell whoever runs the store",
  NotAnS3Answer: "check AWS_ENDPOINT_URL_S3, and for a proxy or a sign-in page on the way",
  TimeoutError: "the store did not answer in time: check AWS_REGION, the endpoint, the network and any proxy",
  AccessPointWithoutHost:
    "AWS_ENDPOINT_URL_S3 is an IP address: name the bucket in place of its access point, or give a host name",
  EndpointError: CORRECT_ENDPOINT,
  ERR_INVALID_URL: CORRECT_ENDPOINT,
  "HTTP 407": PROXY_LOGIN_ADVICE,
  ENOTFOUND: CHECK_ENDPOINT,
  EAI_AGAIN: CHECK_ENDPOINT,
  ECONNREFUSED: CHECK_ENDPOINT,
  ECONNRESET: CHECK_ENDPOINT,
  EHOSTUNREACH: CHECK_ENDPOINT,
  ENETUNREACH: CHECK_ENDPOINT,
  PreconditionFailed: "it was overwritten while it was read: run again",
  SlowDown: "the store asks for fewer requests: run again later",
  QuotaExceeded: FREE_SPACE,
  XMinioStorageFull: FREE_SPACE,
};

/** What to do about an error of S3. */
export function s3Advice(error: unknown): string {
  const name = s3ErrorName(error);
  const known = Object.hasOwn(ADVICE, name) ? ADVICE[name] : undefined;
  if (known !== undefined) return known;
  if (isCertificateCode(name)) return CERTIFICATE_ADVICE;
  if (isProtocolFault(name)) return CHECK_ENDPOINT;
  if (name.startsWith("KMS")) return "allow the use of the bucket's KMS key, or enable the key";
  return "check the bucket, the credentials and the network";
}

/** Whether an error's name is that of a server that speaks neither TLS nor HTTP as expected. */
export function isProtocolFault(name: string): boolean {
  return isTlsCode(name) || name.startsWith("HPE_");
}

export function s3Reason(error: unknown): string {
  return `${s3ErrorName(error)}: ${s3Advice(error)}`;
}

const CONNECT_MS = 10_000;
/** How long a connection may be silent, in either direction. */
const SILENCE_MS = 20_000;

/** How the AWS SDK sends requests: within limits of time, and through the proxy that the environment names. */
export async function requestHandler() {
  const { proxyAgent } = await import("./proxy.ts");
  const agent = proxyAgent();
  return {
    connectionTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    ...(agent !== undefined && { httpsAgent: agent }),
  };
}

/** The host of an access point is a part of its ARN and the endpoint's host, which an IP address cannot be. */
class AccessPointWithoutHost extends Error {
  override readonly name = "AccessPointWithoutHost";
}

/** As a URL holds it, whatever form it was given in. */
const IP_ADDRESS = /^(?:[\d.]+|\[.*\])$/;

/** Makes every request to an access point at an IP address fail. The SDK would print a stack trace as well. */
function refuseAccessPointAtAddress({ config }: S3Client): void {
  const { endpointProvider } = config;
  config.endpointProvider = (params, context) => {
    const { Bucket: bucket = "", Endpoint: endpoint = "" } = params;
    const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
    if (bucket.startsWith("arn:") && IP_ADDRESS.test(host)) throw new AccessPointWithoutHost("no host");
    return endpointProvider(params, context);
  };
}

const clients = new Map<boolean, S3Client>();

/**
 * The client, one for all uses. The AWS SDK reads its own environment variables, and repeats requests that fail
 * for a moment.
 *
 * @throws ConfigError when no region is configured.
 */
export async function openS3({ forcePathStyle }: Pick<S3Place, "forcePathStyle">): Promise<S3Client> {
  const open = clients.get(forcePathStyle);
  if (open !== undefined) return open;
  const { S3Client } = await loadS3();
  const client = new S3Client({
    forcePathStyle,
    followRegionRedirects: true,
    requestHandler: await requestHandler(),
  });
  refuseForeignAnswers(client);
  refuseAccessPointAtAddress(client);
  try {
    await client.config.region();
  } catch (cause) {
    throw new ConfigError("AWS_REGION is not set: give the bucket's region.", { cause });
  }
  // Another call may have made one meanwhile.
  const other = clients.get(forcePathStyle);
  if (other !== undefined) {
    client.destroy();
    return other;
  }
  clients.set(forcePathStyle, client);
  return client;
}

/** Ends all connections, those of objects that are half read too, so that a program can end. */
export function closeS3(): void {
  for (const client of clients.values()) client.destroy();
  clients.clear();
}

/** The object at a place. `undefined` when there is none, or no permission to ask. */
export async function headObject(place: S3Place): Promise<S3Listed | undefined> {
  const client = await openS3(place);
  const { HeadObjectCommand } = await loadS3();
  const { bucket, key } = place;
  try {
    const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return {
      key,
      bytes: found.ContentLength ?? 0,
      modified: (found.LastModified ?? new Date(0)).toISOString(),
    };
  } catch (error) {
    if (["NotFound", "Forbidden"].includes(s3ErrorName(error))) return undefined;
    throw error;
  }
}

/** A listing says that there is more, and leads nowhere or back to where it was. */
class ListingStuck extends Error {
  override readonly name = "ListingStuck";
}

/** A page of a listing. */
export interface S3Page {
  readonly objects: readonly S3Listed[];
  readonly isLast: boolean;
}

/**
 * The objects below a place, in the order of their keys' UTF-8, and a page at a time.
 *
 * @throws the SDK's error, or one named `ListingStuck`
 */
export async function* listObjects(place: S3Place): AsyncGenerator<S3Page> {
  const client = await openS3(place);
  const { paginateListObjectsV2 } = await loadS3();
  const { bucket, key } = place;
  // No token leads nowhere.
  const followed = new Set([""]);
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: key })) {
    const objects = (page.Contents ?? []).flatMap(({ Key = "", Size = 0, LastModified = new Date(0) }) =>
      // A console's "folder" is an empty object whose key ends with a slash.
      Key.endsWith("/") && Size === 0
        ? []
        : [{ key: Key, bytes: Size, modified: LastModified.toISOString() }],
    );
    const isLast = page.IsTruncated !== true;
    yield { objects, isLast };
    const { NextContinuationToken: token = "" } = page;
    if (!isLast && followed.has(token)) throw new ListingStuck("no way to the rest of a listing");
    followed.add(token);
  }
}

/** After a break, the store sent other bytes than those that were missing. */
class NotTheRest extends Error {
  override readonly name = "NotTheRest";
}

/** An object that was opened. */
export interface OpenedObject extends Opened {
  /** S3's tag of the version that is read. */
  readonly etag?: string;
}

/** Objects of fewer bytes are read at once. */
const AT_ONCE = 1 << 22;

/** How often a body that breaks off is resumed where it broke. */
const MOST_RESUMES = 4;
const RESUME_MS = 500;

/**
 * Opens an object, and reads all of it if it is small. A body whose connection breaks is taken up again where it
 * broke, as long as the object is the same.
 *
 * @throws InputError, then or while the bytes are read, with the SDK's error as its cause.
 */
export async function openObject(place: S3Place): Promise<OpenedObject> {
  const client = await openS3(place);
  const { GetObjectCommand } = await loadS3();
  const what = { Bucket: place.bucket, Key: place.key };
  const fault = (cause: unknown) =>
    new InputError(`${s3Name(place)}: cannot be read: ${s3Reason(cause)}`, { cause });
  const first = await client.send(new GetObjectCommand(what)).catch((error: unknown) => {
    throw fault(error);
  });
  const { ETag, LastModified, ContentLength: length = Number.POSITIVE_INFINITY } = first;

  async function* bytes(): AsyncGenerator<Buffer> {
    let { Body } = first;
    let read = 0;
    for (let resumes = 0; ; resumes++) {
      try {
        if (Body instanceof Readable) {
          for await (const chunk of Body) {
            // Only a body that breaks without having given anything is given up: its reader may just be slow.
            resumes = 0;
            read += chunk.length;
            yield chunk;
          }
        }
        return;
      } catch (error) {
        if (resumes >= MOST_RESUMES || read >= length) throw fault(error);
        await setTimeout(RESUME_MS * 2 ** resumes);
        const rest = { ...what, Range: `bytes=${read}-`, ...(ETag !== undefined && { IfMatch: ETag }) };
        const resumed = await client.send(new GetObjectCommand(rest)).catch((broken: unknown) => {
          throw fault(broken);
        });
        // Some stores answer a request for the whole of an object as if it named no range.
        const isRest = read === 0 || resumed.ContentRange?.startsWith(`bytes ${read}-`) === true;
        if (!isRest || resumed.ETag !== ETag) throw fault(new NotTheRest("other bytes than those asked for"));
        ({ Body } = resumed);
      }
    }
  }
  const isSmall = length < AT_ONCE;
  return {
    bytes: isSmall ? await buffer(bytes()) : bytes(),
    ...(LastModified !== undefined && { modified: LastModified.toISOString() }),
    ...(ETag !== undefined && { etag: ETag }),
  };
}
