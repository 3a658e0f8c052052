// All measurements, or those that are named: node bench/index.mjs pages start-up. Jobs that are compared run in
// turns, and what is printed of each is the median. Quote the ratios, not the times.
import { mkdtempSync, rmSync } from "node:fs";
import { arch, availableParallelism, cpus, release, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { checks } from "./parts/checks.mjs";
import { jobs } from "./parts/jobs.mjs";
import { memory } from "./parts/memory.mjs";
import { pages } from "./parts/pages.mjs";
import { startUp } from "./parts/start-up.mjs";
import { versions } from "./tools.mjs";

const parts = { pages, jobs, memory, "start-up": startUp, checks };
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
const unknown = names.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`No part ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}.`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "duo-udm-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));

const gigabytes = Math.round(totalmem() / 2 ** 30);
console.log(
  `${cpus()[0].model}, ${availableParallelism()} cores, ${gigabytes} GB; ${type()} ${release()} ${arch()}`,
);
const others = Object.entries(versions).map(([name, version]) => version ?? `${name} not installed`);
console.log(`Node ${process.version}, ${others.join(", ")}`);
for (const name of names) await parts[name](folder);
