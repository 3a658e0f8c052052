// The cost of the enriched profile beside the vendor's, per byte of the page: on users with five lists, which are the
// heaviest records that it maps, and on endpoints.
import { PROFILES } from "../../dist/profiles/index.js";
import { engine } from "../engine.mjs";
import { inTurns, medians } from "../measure.mjs";
import { endpoint, page, user } from "../pages.mjs";
import { print, section } from "../table.mjs";

const RECORDS = 300;
const ROUNDS = 120;
const collectedAt = "2026-11-01T00:00:00Z";

async function measure(name, record) {
  const bytes = page(record, RECORDS);
  const jobs = {
    vendor: () => engine(bytes, collectedAt),
    enriched: () => engine(bytes, collectedAt, PROFILES.enriched),
  };
  await inTurns(jobs, ROUNDS / 4);
  const times = medians(await inTurns(jobs, ROUNDS));
  section(`${RECORDS} ${name}, page bytes to NDJSON bytes`, "vendor = 1", "records/s");
  for (const [job, milliseconds] of Object.entries(times)) {
    print({
      job,
      measured: `${(bytes.length / milliseconds / 1000).toFixed(0)} MB/s`,
      records: (RECORDS / milliseconds) * 1000,
      ratio: milliseconds / times.vendor,
    });
  }
}

await measure("users with five lists", user);
await measure("endpoints", endpoint);
