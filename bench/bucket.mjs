// An S3 server on loopback that can only be read: as many objects as asked for, each the same page.
// node bench/bucket.mjs 10000 prints its endpoint.
import { createServer } from "node:http";
import process from "node:process";
import { endpoint, page } from "./pages.mjs";

const RECORDS_PER_PAGE = 50;
const KEYS_PER_LISTING = 1000;
const count = Number(process.argv[2]);
const body = page(endpoint, RECORDS_PER_PAGE);
const keyOf = (at) => `pages/duo-endpoints-${String(at).padStart(5, "0")}.json`;

function listing(from) {
  const to = Math.min(from + KEYS_PER_LISTING, count);
  const contents = Array.from(
    { length: to - from },
    (_, at) =>
      `<Contents><Key>${keyOf(from + at)}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified><Size>${body.length}</Size></Contents>`,
  );
  const more = `<IsTruncated>true</IsTruncated><NextContinuationToken>${to}</NextContinuationToken>`;
  return `<ListBucketResult>${to < count ? more : ""}${contents.join("")}</ListBucketResult>`;
}

const server = createServer(({ method, url }, response) => {
  const { searchParams } = new URL(url, "http://localhost");
  if (method === "HEAD") response.writeHead(404).end();
  else if (searchParams.has("list-type")) {
    response.writeHead(200, { "content-type": "application/xml" });
    response.end(listing(Number(searchParams.get("continuation-token") ?? 0)));
  } else {
    response.writeHead(200, { "content-length": body.length, etag: '"page"' });
    response.end(body);
  }
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
