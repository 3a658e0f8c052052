// The work of `duo-udm map` on the bytes of a page.
import { ByteWriter } from "../dist/core/bytes.js";
import { readPage } from "../dist/core/page.js";
import { startRun } from "../dist/core/reading.js";
import { printInRun } from "../dist/core/record.js";
import { parseJson } from "../dist/io/json.js";

// As `map` does, it writes into the same memory again.
const memory = new Uint8Array(1 << 20);
const writer = new ByteWriter(() => memory);

/** The bytes of a page to the bytes of its entities as NDJSON. */
export function engine(bytes, collectedAt) {
  const found = readPage(parseJson(bytes));
  const run = startRun(collectedAt, found.timestamp, {});
  for (const [record, raw] of found.records.entries()) {
    run.record = record;
    printInRun(raw, run, writer);
  }
  return writer.take();
}
