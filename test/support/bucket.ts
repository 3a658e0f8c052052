/**
 * A bucket of S3 in memory: the requests of the AWS SDK that the product sends. As in S3, an object changes as a whole
 * and at one moment, conditions hold at that moment, and an upload in parts is there when it is completed.
 */

import { createHash, randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

export const BUCKET = "example-bucket";

export interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly modified: Date;
  /** Its content type and metadata, by the names of their headers. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Bucket {
  readonly objects: Map<string, StoredObject>;
  /** Uploads in parts that are neither completed nor aborted, by their identifier. */
  readonly uploads: Map<string, Upload>;
}

interface Upload {
  readonly headers: StoredObject["headers"];
  readonly parts: Map<number, Buffer>;
}

/** S3's errors. Source: its API reference, "Error responses". */
const ERRORS = {
  AccessDenied: [403, "Access Denied"],
  BadDigest: [400, "The checksum that you specified did not match the one that we calculated."],
  NoSuchBucket: [404, "The specified bucket does not exist"],
  NoSuchKey: [404, "The specified key does not exist."],
  NoSuchUpload: [404, "The specified multipart upload does not exist."],
  InvalidRange: [416, "The requested range is not satisfiable"],
  NotImplemented: [501, "A header or query that you provided implies functionality that is not implemented."],
  PreconditionFailed: [412, "At least one of the pre-conditions you specified did not hold"],
  ConditionalRequestConflict: [409, "A conflicting operation occurred during your request."],
  SlowDown: [503, "Please reduce your request rate."],
} as const;
export type S3ErrorCode = keyof typeof ERRORS;

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

const xml = (body: string, status = 200): Answer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});

const escapeXml = (text: string): string =>
  text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);

function send(response: ServerResponse, { status, headers = {}, body = "" }: Answer): void {
  response.req.resume();
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

/** Answers a request with an error, whether or not its body has come. */
export function refuse(response: ServerResponse, code: S3ErrorCode): true {
  const [status, message] = ERRORS[code];
  send(response, xml(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`, status));
  return true;
}

export function storedObject(body: Buffer, headers: StoredObject["headers"] = {}): StoredObject {
  return {
    body,
    etag: `"${createHash("md5").update(body).digest("hex")}"`,
    // S3 keeps whole seconds.
    modified: new Date(Math.floor(Date.now() / 1_000) * 1_000),
    headers,
  };
}

/** The objects of a bucket by key, in the order of the keys' UTF-8. */
export function inOrder({ objects }: Bucket): [key: string, object: StoredObject][] {
  return [...objects].sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

function list(bucket: Bucket, query: URLSearchParams, mostKeys: number): Answer {
  const prefix = query.get("prefix") ?? "";
  const found = inOrder(bucket).filter(([key]) => key.startsWith(prefix));
  const from = Number(query.get("continuation-token") ?? 0);
  const to = from + mostKeys;
  const contents = found
    .slice(from, to)
    .map(
      ([key, { body, etag, modified }]) =>
        `<Contents><Key>${escapeXml(key)}</Key><LastModified>${modified.toISOString()}</LastModified>` +
        `<ETag>${etag}</ETag><Size>${body.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    );
  const token = to < found.length ? `<NextContinuationToken>${to}</NextContinuationToken>` : "";
  const isTruncated = `<IsTruncated>${to < found.length}</IsTruncated>`;
  return xml(`<ListBucketResult>${isTruncated}${token}${contents.join("")}</ListBucketResult>`);
}

/** Why an object may not be read or written under the conditions of a request. */
function brokenCondition(
  { "if-match": match, "if-none-match": noneMatch }: IncomingHttpHeaders,
  found: StoredObject | undefined,
): S3ErrorCode | undefined {
  if (noneMatch !== undefined && found !== undefined) return "PreconditionFailed";
  if (match === undefined) return undefined;
  if (found === undefined) return "NoSuchKey";
  return found.etag === match ? undefined : "PreconditionFailed";
}

function read(found: StoredObject | undefined, request: IncomingHttpHeaders): Answer | S3ErrorCode {
  if (found === undefined) return "NoSuchKey";
  const fault = brokenCondition(request, found);
  if (fault !== undefined) return fault;
  const { body, etag, modified } = found;
  const headers = { ...found.headers, etag, "last-modified": modified.toUTCString() };
  const [range, from = "", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(request.range ?? "") ?? [];
  if (range === undefined) return { status: 200, headers, body };
  const part = body.subarray(Number(from), to === "" ? undefined : Number(to) + 1);
  if (part.length === 0) return "InvalidRange";
  const where = `bytes ${from}-${Number(from) + part.length - 1}/${body.length}`;
  return { status: 206, headers: { ...headers, "content-range": where }, body: part };
}

/** What an object keeps of the headers of its write. */
function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" && /^content-type$|^x-amz-meta-/.test(name)) kept[name] = value;
  }
  return kept;
}

function write(
  bucket: Bucket,
  key: string,
  object: StoredObject,
  request: IncomingHttpHeaders,
  answer: Answer,
): Answer | S3ErrorCode {
  const fault = brokenCondition(request, bucket.objects.get(key));
  if (fault === undefined) bucket.objects.set(key, object);
  return fault ?? answer;
}

function put(bucket: Bucket, key: string, body: Buffer, request: IncomingHttpHeaders): Answer | S3ErrorCode {
  const object = storedObject(body, keptHeaders(request));
  const name = "x-amz-checksum-sha256";
  const sha256 = createHash("sha256").update(body).digest("base64");
  if (request[name] !== undefined && request[name] !== sha256) return "BadDigest";
  const headers = { etag: object.etag, ...(request[name] !== undefined && { [name]: sha256 }) };
  return write(bucket, key, object, request, { status: 200, headers });
}

function startUpload({ uploads }: Bucket, request: IncomingHttpHeaders): Answer {
  const id = randomUUID();
  uploads.set(id, { headers: keptHeaders(request), parts: new Map() });
  return xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
}

function completeUpload(
  bucket: Bucket,
  key: string,
  { headers, parts }: Upload,
  request: IncomingHttpHeaders,
): Answer | S3ErrorCode {
  const body = Buffer.concat([...parts].sort(([one], [other]) => one - other).map(([, part]) => part));
  const object = storedObject(body, headers);
  const result = `<ETag>${object.etag}</ETag>`;
  const answer = xml(`<CompleteMultipartUploadResult>${result}</CompleteMultipartUploadResult>`);
  return write(bucket, key, object, request, answer);
}

/** What is done for a request, at one moment. */
function answerTo(
  bucket: Bucket,
  { method, headers, url = "/" }: IncomingMessage,
  body: Buffer,
  mostKeys: number,
): Answer | S3ErrorCode {
  const { pathname, searchParams: query } = new URL(url, "http://localhost");
  const [, name, ...rest] = pathname.split("/");
  const key = decodeURIComponent(rest.join("/"));
  const id = query.get("uploadId");
  const upload = bucket.uploads.get(id ?? "");
  if (name !== BUCKET) return "NoSuchBucket";
  if (id !== null && upload === undefined) return "NoSuchUpload";
  // Chunks that are signed one by one, which the product does not send.
  if (headers["content-encoding"] === "aws-chunked") return "NotImplemented";
  switch (method) {
    case "HEAD":
      return read(bucket.objects.get(key), headers);
    case "GET":
      return key === "" ? list(bucket, query, mostKeys) : read(bucket.objects.get(key), headers);
    case "PUT":
      if (upload === undefined) return put(bucket, key, body, headers);
      upload.parts.set(Number(query.get("partNumber")), body);
      return { status: 200, headers: { etag: storedObject(body).etag } };
    case "POST":
      if (upload === undefined) return startUpload(bucket, headers);
      bucket.uploads.delete(id ?? "");
      return completeUpload(bucket, key, upload, headers);
    case "DELETE":
      if (id === null) bucket.objects.delete(key);
      else bucket.uploads.delete(id);
      return { status: 204 };
    default:
      return "NotImplemented";
  }
}

/** Answers a request. A listing has no more than `mostKeys` at a time. */
export async function serveBucket(
  bucket: Bucket,
  request: IncomingMessage,
  response: ServerResponse,
  mostKeys: number,
): Promise<void> {
  const answer = answerTo(bucket, request, await buffer(request), mostKeys);
  if (typeof answer === "string") refuse(response, answer);
  else send(response, answer);
}
