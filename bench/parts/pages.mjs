// The cost of mapping a page, by this engine and by other programs, as a share of the floor: JSON.parse of the page and
// JSON.stringify of its entities, which every JavaScript mapper pays.
import { mapPage } from "../../dist/index.js";
import { engine } from "../engine.mjs";
import { inTurns, median, medians } from "../measure.mjs";
import { endpoint, page, phone } from "../pages.mjs";
import { plain } from "../plain.mjs";
import { print, section } from "../table.mjs";
import { byDuckDb, byFilter, versions } from "../tools.mjs";

const RECORDS = 500;
const BLOCKS = 9;
const ROUNDS_PER_BLOCK = 20;
/** Until then V8 still compiles, on Node.js 24 above all. */
const WARM_UP_ROUNDS = 120;
const collectedAt = "2026-11-01T00:00:00Z";

/** The library call, and a plain JSON.stringify of what it returns. */
function library(bytes) {
  const { entities } = mapPage(JSON.parse(bytes.toString()), { collectedAt });
  return Buffer.from(entities.map((entity) => `${JSON.stringify(entity)}\n`).join(""));
}

const parsedLines = (bytes) =>
  bytes
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

async function measure(name, record) {
  const bytes = page(record, RECORDS);
  const finished = parsedLines(Buffer.from(engine(bytes, collectedAt)));
  const jobs = {
    floor: () => {
      JSON.parse(bytes.toString());
      return Buffer.from(finished.map((entity) => `${JSON.stringify(entity)}\n`).join(""));
    },
    engine: () => engine(bytes, collectedAt),
    library: () => library(bytes),
    plain: () => plain(bytes, collectedAt),
    ...(versions.DuckDB && { DuckDB: await byDuckDb(bytes, collectedAt) }),
  };
  const commands = ["jq", "gojq"].filter((command) => versions[command] !== undefined);
  const processes = {};
  for (const command of commands) {
    processes[command] = () => byFilter(command)(bytes, collectedAt);
    processes[`idle ${command}`] = () => byFilter(command)('{"response":[]}', collectedAt);
  }

  const expected = Buffer.from(engine(bytes, collectedAt));
  for (const [job, map] of Object.entries({ ...jobs, ...processes })) {
    if (!job.startsWith("idle ") && !expected.equals(await map())) {
      throw new Error(`${job} and the engine disagree on ${name}`);
    }
  }

  await inTurns(jobs, WARM_UP_ROUNDS);
  const times = {};
  for (let block = 0; block < BLOCKS; block++) {
    await inTurns(jobs, ROUNDS_PER_BLOCK, times);
    await inTurns(processes, 1, times);
  }
  // jq and gojq are timed as whole processes; the time of one that has nothing to do is subtracted.
  for (const command of commands) {
    const idle = times[`idle ${command}`];
    times[command] = times[command].map((time, block) => time - idle[block]);
    delete times[`idle ${command}`];
  }

  section(`${RECORDS} ${name}, page bytes to NDJSON bytes`, "floor / job", "records/s");
  const floor = median(times.floor);
  for (const [job, milliseconds] of Object.entries(medians(times))) {
    print({
      job,
      measured: `${((milliseconds / RECORDS) * 1000).toFixed(1)} us/record`,
      records: (RECORDS / milliseconds) * 1000,
      ratio: floor / milliseconds,
    });
  }
}

await measure("endpoints", endpoint);
await measure("phones", phone);
