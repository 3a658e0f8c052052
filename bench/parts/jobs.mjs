// Whole jobs from file to file, with one thread and with two: `map` of one NDJSON file, with DuckDB beside it where it
// is installed, and of many pages.
import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { account, megabytes, PAGES, RECORDS_PER_PAGE } from "../account.mjs";
import { folder, main, node } from "../command.mjs";
import { inTurns, medians } from "../measure.mjs";
import { endpoint } from "../pages.mjs";
import { print, section } from "../table.mjs";
import { versions } from "../tools.mjs";

const ROUNDS = 5;
const RECORDS = 100_000;
const collectedAt = "2026-11-01T00:00:00Z";
const duckdb = new URL("../duckdb.mjs", import.meta.url).pathname;

async function digest(path) {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest("hex");
}

/** Endpoints, one per line. */
function writeLines() {
  const path = join(folder, "endpoints.ndjson");
  const file = openSync(path, "w");
  for (let at = 0; at < RECORDS; at++) writeSync(file, `${JSON.stringify(endpoint(at))}\n`);
  closeSync(file);
  return path;
}

const out = (job) => join(folder, `entities-${job.replaceAll(" ", "-")}.tmp`);
const log = join(folder, "log.tmp");

/** `map` with this number of jobs, by a name that tells it. */
const mapJob = (jobs, inputs) => {
  const job = `--jobs ${jobs}`;
  const options = ["--jobs", String(jobs), "--collected-at", collectedAt, "--out", out(job)];
  return [job, () => node([main, "map", ...inputs, ...options], log)];
};

const duckdbJob = (threads, input) => {
  const job = `DuckDB, threads ${threads}`;
  return [job, () => node([duckdb, String(threads), input, out(job), collectedAt], log)];
};

async function measure(title, records, jobs) {
  const runs = Object.fromEntries(jobs);
  await inTurns(runs, 1);
  const names = Object.keys(runs);
  const digests = await Promise.all(names.map((job) => digest(out(job))));
  const other = digests.findIndex((one) => one !== digests[0]);
  if (other >= 0) throw new Error(`${names[0]} and ${names[other]} disagree`);
  // No job pays for writing to disk what another one left.
  const remove = () => {
    for (const job of names) rmSync(out(job), { force: true });
  };
  remove();

  const times = medians(await inTurns(runs, ROUNDS, {}, remove));
  section(title, "--jobs 1 / job", "records/s");
  for (const [job, milliseconds] of Object.entries(times)) {
    print({
      job,
      measured: `${(milliseconds / 1000).toFixed(2)} s`,
      records: (records / milliseconds) * 1000,
      ratio: times["--jobs 1"] / milliseconds,
    });
  }
}

const lines = writeLines();
await measure(
  `One NDJSON file, ${RECORDS.toLocaleString("en")} endpoints, ${(statSync(lines).size / 1e6).toFixed(0)} MB`,
  RECORDS,
  [1, 2].flatMap((count) => [
    mapJob(count, [lines]),
    ...(versions.DuckDB === undefined ? [] : [duckdbJob(count, lines)]),
  ]),
);

for (const [pages, records] of [
  [PAGES, RECORDS_PER_PAGE],
  [PAGES * 10, RECORDS_PER_PAGE / 50],
]) {
  const files = account(pages, records);
  await measure(
    `${pages.toLocaleString("en")} pages, ${records} records each, ${megabytes(files).toFixed(0)} MB`,
    pages * records,
    [mapJob(1, files), mapJob(2, files)],
  );
}
