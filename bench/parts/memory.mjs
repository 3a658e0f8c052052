// Peak memory of `map` as its input grows: the highest of a few runs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { account, megabytes } from "../account.mjs";
import { folder, main, node } from "../command.mjs";
import { print, section } from "../table.mjs";

const ROUNDS = 2;
const SIZES = { "1x": 8, "10x": 80, "100x": 800 };
const preload = new URL("../peak-memory.mjs", import.meta.url).href;

const files = account();
const result = join(folder, "peak.tmp");
process.env.PEAK_MEMORY = result;
const peak = (count, input) => {
  node(["--import", preload, main, "map", "--jobs", count, ...input], join(folder, "entities-1.tmp"));
  return Number(readFileSync(result, "utf8")) / 1024;
};
section("Peak memory of map", "job / 1x");
for (const count of ["1", "2"]) {
  let least;
  for (const [size, pages] of Object.entries(SIZES)) {
    const input = files.slice(0, pages);
    const most = Math.max(...Array.from({ length: ROUNDS }, () => peak(count, input)));
    least ??= most;
    print({
      job: `--jobs ${count}, ${size}: ${megabytes(input).toFixed(0)} MB`,
      measured: `${most.toFixed(0)} MB`,
      ratio: most / least,
    });
  }
}

/** The peak for a bucket with this number of objects. */
async function bucketPeak(count, objects) {
  const server = spawn(process.execPath, [join(import.meta.dirname, "../bucket.mjs"), String(objects)]);
  const [endpoint] = await once(server.stdout, "data");
  const settings = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };
  Object.assign(process.env, settings, { AWS_ENDPOINT_URL_S3: String(endpoint).trim() });
  const most = peak(count, ["s3://bucket/pages"]);
  server.kill();
  return most;
}

section("Peak memory of map s3://, 50 records per object", "job / first");
for (const count of ["1", "2"]) {
  let least;
  for (const objects of [10, 1000, 10_000]) {
    const most = await bucketPeak(count, objects);
    least ??= most;
    const job = `--jobs ${count}, ${objects.toLocaleString("en")} objects`;
    print({ job, measured: `${most.toFixed(0)} MB`, ratio: most / least });
  }
}
