// `map` of a large account, with one job and with two.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { account, megabytes, PAGES, RECORDS_A_PAGE } from "../account.mjs";
import { folder, main, node } from "../command.mjs";
import { inTurns, medians } from "../measure.mjs";
import { print, section } from "../table.mjs";

const ROUNDS = 5;
const collectedAt = "2026-11-01T00:00:00Z";

async function digest(file) {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(file)) hash.update(bytes);
  return hash.digest("hex");
}

const files = account();
const out = (count) => join(folder, `entities-${count}.tmp`);
const map = (count) =>
  node([main, "map", "--jobs", String(count), "--collected-at", collectedAt, ...files], out(count));
const runs = { 1: () => map(1), 2: () => map(2) };
await inTurns(runs, 1);
if ((await digest(out(1))) !== (await digest(out(2)))) throw new Error("one job and two jobs disagree");

const times = medians(await inTurns(runs, ROUNDS));
section(
  `map of ${PAGES} pages, ${RECORDS_A_PAGE} records each, ${megabytes(files).toFixed(0)} MB`,
  "--jobs 1 / job",
  "records/s",
);
for (const [count, milliseconds] of Object.entries(times)) {
  print({
    job: `--jobs ${count}`,
    measured: `${(milliseconds / 1000).toFixed(2)} s`,
    records: ((PAGES * RECORDS_A_PAGE) / milliseconds) * 1000,
    ratio: times[1] / milliseconds,
  });
}
