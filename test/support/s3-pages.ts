/** Pages in S3, and `map` over them. */

import { duoUdm } from "./cli.ts";
import { BUCKET, type S3Options, startS3 } from "./s3.ts";

export const AT = "2026-01-02T03:04:05Z";
export const URL_OF_ALL = `s3://${BUCKET}/duo/context`;

export const page = (...epkeys: string[]) =>
  JSON.stringify({ stat: "OK", response: epkeys.map((epkey) => ({ epkey })) });

/** Starts an S3 with these objects in it. */
export async function bucket(objects: Readonly<Record<string, string | Buffer>>, options: S3Options = {}) {
  const s3 = await startS3(options);
  for (const [key, body] of Object.entries(objects)) s3.put(key, body);
  return s3;
}

/** The product_object_ids of entities that stand one per line, in order. */
export const idsIn = (ndjson: string): string[] =>
  ndjson
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).entity.asset.product_object_id);

/** Runs `map` in this thread: workers run the built code, which is for the tests of `--jobs`. */
export const map = (...argv: string[]) => duoUdm(["map", ...argv, "--collected-at", AT, "--jobs", "1"]);

/** Twelve pages of one record. */
export const twelve = Object.fromEntries(
  Array.from({ length: 12 }, (_, at) => String(at).padStart(5, "0")).map((at) => [
    `duo/context/duo-endpoints-${at}.json`,
    page(`EP${at}`),
  ]),
);
export const idsOfTwelve = Array.from({ length: 12 }, (_, at) => `EP${String(at).padStart(5, "0")}`);
