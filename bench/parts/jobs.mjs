// `map` of a large account, in large pages and in small ones, with one job and with two. Two processes that share
// nothing show what two cores can do at most.
import { createHash } from "node:crypto";
import { createReadStream, rmSync } from "node:fs";
import { join } from "node:path";
import { account, megabytes, PAGES, RECORDS_A_PAGE } from "../account.mjs";
import { folder, main, node, nodes } from "../command.mjs";
import { inTurns, medians } from "../measure.mjs";
import { print, section } from "../table.mjs";

const ROUNDS = 5;
const collectedAt = "2026-11-01T00:00:00Z";

async function digest(parts) {
  const hash = createHash("sha256");
  for (const part of parts) for await (const bytes of createReadStream(part)) hash.update(bytes);
  return hash.digest("hex");
}

const out = (name) => join(folder, `entities-${name}.tmp`);
/** Removes the outputs, so that no job waits until another's are on the disk. */
function removeOutputs() {
  for (const name of ["one", "two", "half-0", "half-1"]) rmSync(out(name), { force: true });
}

async function measure(pages, recordsAPage) {
  const files = account(pages, recordsAPage);
  const map = (jobs, inputs) => [main, "map", "--jobs", jobs, "--collected-at", collectedAt, ...inputs];
  const halves = [files.slice(0, pages / 2), files.slice(pages / 2)];
  const runs = {
    "--jobs 1": () => node(map("1", files), out("one")),
    "--jobs 2": () => node(map("2", files), out("two")),
    "two processes, half of it each": () =>
      nodes(halves.map((half, at) => ({ args: map("1", half), out: out(`half-${at}`) }))),
  };
  await inTurns(runs, 1);
  const one = await digest([out("one")]);
  if (one !== (await digest([out("two")]))) throw new Error("one job and two jobs disagree");
  if (one !== (await digest([out("half-0"), out("half-1")]))) throw new Error("one process and two disagree");
  removeOutputs();

  const times = medians(await inTurns(runs, ROUNDS, {}, removeOutputs));
  const size = `${pages.toLocaleString("en")} pages, ${recordsAPage} records each`;
  section(`map of ${size}, ${megabytes(files).toFixed(0)} MB`, "--jobs 1 / job", "records/s");
  for (const [job, milliseconds] of Object.entries(times)) {
    print({
      job,
      measured: `${(milliseconds / 1000).toFixed(2)} s`,
      records: ((pages * recordsAPage) / milliseconds) * 1000,
      ratio: times["--jobs 1"] / milliseconds,
    });
  }
}

await measure(PAGES, RECORDS_A_PAGE);
await measure(PAGES * 10, RECORDS_A_PAGE / 50);
