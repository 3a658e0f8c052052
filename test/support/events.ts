/** What AWS calls the mapping function with: the recorded shapes, with other keys and bodies put in. */

import type { S3Event, SQSEvent } from "aws-lambda";
import { readJson, readText } from "./files.ts";

/** A recorded event, by its name in `fixtures/events`. */
export function recorded(name: string): unknown {
  return readJson(`fixtures/events/${name}.json`);
}

/** A key as S3 writes it into its notifications. */
function encoded(key: string): string {
  return key.split("/").map(encodeURIComponent).join("/").replaceAll("%20", "+");
}

/** An S3 notification with a record for each key. */
export function notification(...keys: readonly string[]): S3Event {
  const { Records }: S3Event = JSON.parse(readText("fixtures/events/s3-put.json"));
  return {
    Records: Records.flatMap((record) =>
      keys.map((key) => ({
        ...record,
        s3: { ...record.s3, object: { ...record.s3.object, key: encoded(key) } },
      })),
    ),
  };
}

/** A batch of messages, `message-0` and on, with these bodies: texts, or what becomes one. */
export function messages(...bodies: readonly unknown[]): SQSEvent {
  const { Records }: SQSEvent = JSON.parse(readText("fixtures/events/sqs-s3-put.json"));
  return {
    Records: Records.flatMap((record) =>
      bodies.map((body, index) => ({
        ...record,
        messageId: `message-${index}`,
        body: typeof body === "string" ? body : JSON.stringify(body),
      })),
    ),
  };
}
