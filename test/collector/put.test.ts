import { once } from "node:events";
import http, { type IncomingHttpHeaders } from "node:http";
import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { putObject } from "../../src/collector/put.ts";

/** The headers of one write, as a store on this machine sees them. */
async function headersOf(requestChecksumCalculation: "WHEN_SUPPORTED" | "WHEN_REQUIRED") {
  let headers: IncomingHttpHeaders = {};
  const server = http.createServer((request, response) => {
    headers = request.headers;
    request.resume().on("end", () => response.writeHead(200, { etag: '"tag"' }).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const client = new S3Client({
    region: "auto",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    forcePathStyle: true,
    requestChecksumCalculation,
  });
  await putObject(client, { Bucket: "bucket", Key: "key", Body: Buffer.from("{}") });
  client.destroy();
  server.close();
  return headers;
}

describe("a write to a store", () => {
  it("carries the object's SHA-256", async () => {
    expect(await headersOf("WHEN_SUPPORTED")).toHaveProperty("x-amz-checksum-sha256");
  });

  it("carries no checksum where the settings say that the store takes none", async () => {
    const names = Object.keys(await headersOf("WHEN_REQUIRED"));
    expect(names.filter((name) => name.includes("checksum"))).toEqual([]);
  });
});
