// The cost of the enriched profile beside the vendor's, per byte of input: on users with five lists, which are the
// heaviest records that it maps, and on endpoints. Whole jobs from file to file come first, then pages in this process.
import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { PROFILES } from "../../dist/profiles/index.js";
import { folder, main, node } from "../command.mjs";
import { engine } from "../engine.mjs";
import { inTurns, medians } from "../measure.mjs";
import { endpoint, page, user } from "../pages.mjs";
import { print, section } from "../table.mjs";

const RECORDS = 300;
const ROUNDS = 120;
const LINES = 60_000;
const JOBS_ROUNDS = 5;
const collectedAt = "2026-11-01T00:00:00Z";

function table(title, bytes, records, times) {
  section(title, "vendor = 1", "records/s");
  for (const [job, milliseconds] of Object.entries(times)) {
    print({
      job,
      measured: `${(bytes / milliseconds / 1000).toFixed(0)} MB/s`,
      records: (records / milliseconds) * 1000,
      ratio: milliseconds / times.vendor,
    });
  }
}

/** `map` of one NDJSON file of users, by each profile. */
async function measureJobs(count) {
  const input = join(folder, "users.ndjson");
  const file = openSync(input, "w");
  for (let at = 0; at < LINES; at++) writeSync(file, `${JSON.stringify(user(at))}\n`);
  closeSync(file);
  const out = join(folder, "entities-profiles.tmp");
  const job = (profile) => () => {
    const options = [
      "--profile",
      profile,
      "--jobs",
      String(count),
      "--collected-at",
      collectedAt,
      "--out",
      out,
    ];
    return node([main, "map", input, ...options], join(folder, "log.tmp"));
  };
  const jobs = { vendor: job("vendor"), enriched: job("enriched") };
  await inTurns(jobs, 1);
  // No job pays for writing to disk what another one left.
  const times = medians(await inTurns(jobs, JOBS_ROUNDS, {}, () => rmSync(out, { force: true })));
  const title = `${LINES.toLocaleString("en")} users with five lists, from file to file, --jobs ${count}`;
  table(title, statSync(input).size, LINES, times);
}

async function measurePage(name, record) {
  const bytes = page(record, RECORDS);
  const jobs = {
    vendor: () => engine(bytes, collectedAt),
    enriched: () => engine(bytes, collectedAt, PROFILES.enriched),
  };
  await inTurns(jobs, ROUNDS / 4);
  const times = medians(await inTurns(jobs, ROUNDS));
  table(`${RECORDS} ${name}, page bytes to NDJSON bytes`, bytes.length, RECORDS, times);
}

await measureJobs(1);
await measureJobs(2);
await measurePage("users with five lists", user);
await measurePage("endpoints", endpoint);
