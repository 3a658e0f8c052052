// The work of `duo-udm map` on the bytes of a page.
import { ByteWriter } from "../dist/core/bytes.js";
import { mapEach } from "../dist/core/mapped.js";
import { readPage } from "../dist/core/page.js";
import { startRun } from "../dist/core/reading.js";
import { parseJson } from "../dist/io/json.js";

// As `map` does, it writes into the same memory again.
const memory = new Uint8Array(1 << 20);
const writer = new ByteWriter(() => memory);

/** The bytes of a page to the bytes of its entities as NDJSON. */
export function engine(bytes, collectedAt, profile) {
  const page = readPage(parseJson(bytes));
  mapEach(page, "", startRun(collectedAt, page.timestamp, {}), (mapped) => mapped.print(writer), { profile });
  return writer.take();
}
