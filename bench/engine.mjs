// The work of `duo-udm map` on the bytes of a page.
import { ByteWriter } from "../dist/core/bytes.js";
import { mapEach } from "../dist/core/mapped.js";
import { readPage } from "../dist/core/page.js";
import { startRun } from "../dist/core/reading.js";
import { parseJson } from "../dist/io/json.js";

const writer = new ByteWriter();

/** The bytes of a page to the bytes of its entities as NDJSON. */
export function engine(bytes, collectedAt, profile) {
  const page = readPage(parseJson(bytes));
  mapEach(page, "", startRun(collectedAt, page.timestamp, {}), (mapped) => mapped.print(writer), { profile });
  return writer.take();
}
