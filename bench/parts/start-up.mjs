// The time from the start of the process to its end.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../bundle.mjs";
import { folder, main, node } from "../command.mjs";
import { inTurns, medians } from "../measure.mjs";
import { endpoint, page } from "../pages.mjs";
import { print, section } from "../table.mjs";

const ROUNDS = 15;

const file = join(folder, "duo-endpoints-00000.json");
writeFileSync(file, page(endpoint, 500));
const out = join(folder, "start-up.tmp");
const jobs = {
  "node -e 0": () => node(["-e", "0"], out),
  "duo-udm --version": () => node([main, "--version"], out),
  "duo-udm map, a page of 500": () => node([main, "map", file], out),
  "import of the Lambda bundle": () => node(["-e", `import(${JSON.stringify(bundle())})`], out),
};
await inTurns(jobs, 2);
const times = medians(await inTurns(jobs, ROUNDS));
section("Cold start, process and all", "job / node");
for (const [job, milliseconds] of Object.entries(times)) {
  print({ job, measured: `${milliseconds.toFixed(0)} ms`, ratio: milliseconds / times["node -e 0"] });
}
