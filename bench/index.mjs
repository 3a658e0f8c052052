// Runs all measurements, or those that are named: node bench/index.mjs pages start-up. Each part is a process of its
// own, so that none depends on what ran before it. Jobs that are compared run in turns, and the median is printed.
// Quote the ratios, not the times.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { arch, availableParallelism, cpus, release, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { versions } from "./tools.mjs";

const PARTS = ["pages", "jobs", "memory", "start-up", "checks", "profiles", "lambda"];
const names = process.argv.length > 2 ? process.argv.slice(2) : PARTS;
const unknown = names.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`No part ${unknown.join(", ")}; there are ${PARTS.join(", ")}.`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "duo-udm-bench-"));
let part;
process.on("exit", () => {
  part?.kill();
  rmSync(folder, { recursive: true, force: true });
});
process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));

const gigabytes = Math.round(totalmem() / 2 ** 30);
console.log(
  `${cpus()[0].model}, ${availableParallelism()} cores, ${gigabytes} GB; ${type()} ${release()} ${arch()}`,
);
const others = Object.entries(versions).map(([name, version]) => version ?? `${name} not installed`);
console.log(`Node ${process.version}, ${others.join(", ")}`);
for (const name of names) {
  const module = join(import.meta.dirname, `parts/${name}.mjs`);
  part = spawn(process.execPath, [module, folder], { stdio: "inherit" });
  const [status] = await once(part, "exit");
  if (status !== 0) process.exit(status ?? 1);
}
