// The work of `duo-udm map` on the bytes of a page.
import { ByteWriter } from "../dist/core/bytes.js";
import { mapEach } from "../dist/core/mapped.js";
import { readPage } from "../dist/core/page.js";
import { startRun } from "../dist/core/reading.js";
import { parseJson } from "../dist/io/json.js";
import { giveBack, lease } from "../dist/io/memory.js";

const writer = new ByteWriter();
let last = lease(0);

/** The bytes of a page to the bytes of its entities as NDJSON, good until the next page: `map` has written them then. */
export function engine(bytes, collectedAt, profile) {
  giveBack(last);
  const page = readPage(parseJson(bytes));
  mapEach(page, "", startRun(collectedAt, page.timestamp, {}), (mapped) => mapped.print(writer), { profile });
  last = writer.take(lease);
  return last;
}
