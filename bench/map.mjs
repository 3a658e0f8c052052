// What mapping costs beyond JSON.parse of the page and JSON.stringify of its entities, which every JavaScript
// mapper pays. All figures are medians of interleaved rounds in this one process; quote the ratios.
import { execFileSync, spawnSync } from "node:child_process";
import { ByteWriter } from "../dist/core/bytes.js";
import { readPage } from "../dist/core/page.js";
import { startRun } from "../dist/core/reading.js";
import { printInRun } from "../dist/core/record.js";
import { mapPage } from "../dist/index.js";
import { endpoint, page, phone } from "./pages.mjs";
import { plain } from "./plain.mjs";

const RECORDS = 500;
const ROUNDS = 400;
const WARM_UP = 100;
const collectedAt = "2026-11-01T00:00:00Z";

const writer = new ByteWriter();

/** What `duo-udm map` does with the bytes of a page. */
function engine(bytes) {
  const found = readPage(JSON.parse(bytes.toString()));
  const run = startRun(collectedAt, found.timestamp, {});
  for (const [record, raw] of found.records.entries()) {
    run.record = record;
    printInRun(raw, run, writer);
  }
  return writer.take();
}

/** The library call, and a plain JSON.stringify of what it returns. */
function library(bytes) {
  const { entities } = mapPage(JSON.parse(bytes.toString()), { collectedAt });
  return Buffer.from(entities.map((entity) => `${JSON.stringify(entity)}\n`).join(""));
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function interleaved(jobs) {
  const times = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, job] of Object.entries(jobs)) {
      const start = process.hrtime.bigint();
      job();
      if (round >= WARM_UP) times[name].push(Number(process.hrtime.bigint() - start));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}

function jq(input) {
  const filter = new URL("map.jq", import.meta.url).pathname;
  return execFileSync("jq", ["-cS", "--arg", "at", collectedAt, "-f", filter], { input, maxBuffer: 1 << 30 });
}

/** jq on the same page as a whole process, less the start of a jq that has nothing to do. */
function jqNanoseconds(bytes) {
  const time = (input) => {
    const start = process.hrtime.bigint();
    jq(input);
    return Number(process.hrtime.bigint() - start);
  };
  return median(Array.from({ length: 9 }, () => time(bytes) - time('{"response":[]}')));
}

const hasJq = spawnSync("jq", ["--version"]).status === 0;
const rows = [];
for (const [name, record] of Object.entries({ endpoints: endpoint, phones: phone })) {
  const bytes = page(record, RECORDS);
  const expected = Buffer.from(engine(bytes)).toString();
  const finished = expected
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const others = {
    library: library(bytes),
    plain: plain(bytes, collectedAt),
    ...(hasJq && { jq: jq(bytes) }),
  };
  for (const [other, output] of Object.entries(others)) {
    if (output.toString() !== expected) throw new Error(`${other} and the engine disagree on ${name}`);
  }
  const times = interleaved({
    floor: () => {
      JSON.parse(bytes.toString());
      return Buffer.from(finished.map((entity) => `${JSON.stringify(entity)}\n`).join(""));
    },
    engine: () => engine(bytes),
    library: () => library(bytes),
    plain: () => plain(bytes, collectedAt),
  });
  if (hasJq) times.jq = jqNanoseconds(bytes);
  for (const [job, nanoseconds] of Object.entries(times)) {
    rows.push([
      name,
      job,
      (times.floor / nanoseconds).toFixed(2),
      Math.round((RECORDS / nanoseconds) * 1e9).toLocaleString("en"),
      (nanoseconds / RECORDS / 1000).toFixed(1),
    ]);
  }
}

console.log(`${RECORDS} records a page, bytes in and NDJSON bytes out, one thread, Node ${process.version}`);
console.log("floor = JSON.parse of the page + JSON.stringify of its finished entities\n");
const widths = [10, 8, 12, 11, 9];
const head = ["page", "job", "floor/job", "records/s", "us/record"];
for (const row of [head, ...rows]) {
  const cells = row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])));
  console.log(cells.join("  ").trimEnd());
}
if (!hasJq) console.log("\njq is not installed");
