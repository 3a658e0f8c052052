// Kills and interrupts the built `collect` at many points of a run, into a directory and into a stand-in for S3, and
// looks at what is left: node scripts/kills.mjs [POINTS] [STORE...] [SIGNAL...]. POINTS (default: 100) are those of each
// store and signal. A point is an event, never a time: a byte of Duo's answers, a byte of what S3 receives, or a file
// operation.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { isDeepStrictEqual } from "node:util";
import { collect, loadConfig } from "../dist/collector/index.js";
import { startSimulator } from "../dist/simulator/duo.js";

const POINTS = Number(process.argv[2] ?? 100);
const only = process.argv.slice(3);
const STATUS = { SIGKILL: null, SIGTERM: 143, SIGINT: 130 };
const MAIN = join(import.meta.dirname, "../dist/cli/main.js");
const AWS = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };
const SETTINGS = {
  LIMIT: "100",
  OUTPUT: "raw,records,udm",
  S3_BUCKET: "example-bucket",
  S3_FORCE_PATH_STYLE: "true",
};
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const LONG_AGO = new Date(Date.now() - 7_200_000);

/** A module for the command: it sends the signal before, during or after the file operation of this number. */
const OPERATIONS = `
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const [at, moment, signal] = process.env.POINT.split(",");
  let count = 0;
  for (const name of ["mkdir", "writeFile", "rename"]) {
    const real = fs.promises[name];
    fs.promises[name] = async (...given) => {
      const hit = (now) => now === moment && number === Number(at) && process.kill(process.pid, signal);
      const number = count++;
      hit("before");
      const work = real(...given);
      hit("during");
      const result = await work;
      hit("after");
      return result;
    };
  }
  syncBuiltinESMExports();
`;

async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address().port;
}

/** Passes bytes on, and calls `onByte` when the byte of this number has passed, in the direction that is counted. */
class Gate {
  at = Number.POSITIVE_INFINITY;
  isStalling = false;
  passed = 0;
  onByte = () => {};
  #target;
  #counts;

  constructor(target, counts) {
    this.#target = target;
    this.#counts = counts;
  }

  reset(at = Number.POSITIVE_INFINITY, onByte = () => {}, isStalling = false) {
    Object.assign(this, { at, onByte, isStalling, passed: 0 });
  }

  #pass(chunk, to) {
    const left = this.at - this.passed;
    this.passed += chunk.length;
    if (left <= 0 && this.isStalling) return;
    if (left <= 0 || left > chunk.length) return void to.write(chunk);
    to.write(chunk.subarray(0, left), () => this.onByte());
    if (!this.isStalling) to.write(chunk.subarray(left));
  }

  async open() {
    const server = net.createServer((near) => {
      const far = net.connect(this.#target, "127.0.0.1");
      const [counted, other] = this.#counts === "answers" ? [far, near] : [near, far];
      counted.on("data", (chunk) => this.#pass(chunk, other));
      other.on("data", (chunk) => counted.write(chunk));
      for (const [one, another] of [
        [near, far],
        [far, near],
      ]) {
        one.on("error", () => another.destroy());
        one.on("close", () => another.destroy());
      }
    });
    return listen(server);
  }
}

/** Objects in memory. Like S3, it keeps what it received whole. */
const objects = new Map();
const s3 = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const key = decodeURIComponent(
      new URL(request.url, "http://localhost").pathname.split("/").slice(2).join("/"),
    );
    const body = Buffer.concat(chunks);
    const isWhole =
      request.headers["x-amz-checksum-sha256"] === createHash("sha256").update(body).digest("base64");
    if (isWhole) objects.set(key, body);
    response.writeHead(isWhole ? 200 : 400, { etag: '"stored"' }).end();
  });
  request.on("error", () => {});
});

const simulator = await startSimulator({ users: 250 });
const duoGate = new Gate(Number(new URL(simulator.url).port), "answers");
const s3Gate = new Gate(await listen(s3), "requests");
const duoPort = await duoGate.open();
const endpoint = `http://127.0.0.1:${await s3Gate.open()}`;
const root = await mkdtemp(join(tmpdir(), "duo-udm-kills-"));
await writeFile(join(root, "operations.mjs"), OPERATIONS);

async function below(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.map(async (file) => [file.slice(directory.length + 1), await readFile(file)])),
  );
}

const STORES = {
  directory: {
    argv: (directory) => ["--to", directory],
    clear: () => {},
    left: below,
    age: async (directory) => {
      const files = [...(await below(directory)).keys()].filter((file) => file.endsWith(".tmp"));
      await Promise.all(files.map((file) => utimes(join(directory, file), LONG_AGO, LONG_AGO)));
      return files.length;
    },
  },
  S3: {
    argv: () => [],
    clear: () => objects.clear(),
    left: async () => new Map(objects),
    age: async () => 0,
  },
};

/** A page by its name; the folder of the day is that of the run's start. */
const nameOf = (key) => key.replace(/\d{4}\/\d\d\/\d\d\//, "");
/** An entity has the time at which its run began. */
const timeless = (body) => body.toString().replaceAll(/"collected_timestamp":"[^"]*"/g, "");
const isManifest = (key) => key.startsWith("duo/manifests/");
const pagesIn = (left) =>
  new Map(
    [...left]
      .filter(([key]) => !isManifest(key) && !key.endsWith(".tmp"))
      .map(([key, body]) => [nameOf(key), timeless(body)]),
  );
const manifestsIn = (left) => [...left].filter(([key]) => isManifest(key) && !key.endsWith(".tmp"));

const env = (more) => ({
  PATH: process.env.PATH,
  ...simulator.env,
  ...SETTINGS,
  ...AWS,
  AWS_ENDPOINT_URL_S3: endpoint,
  ...more,
});
Object.assign(process.env, AWS, { AWS_ENDPOINT_URL_S3: endpoint });

/** A run in this process that nothing disturbs. */
async function whole(store, directory) {
  duoGate.reset();
  s3Gate.reset();
  const to = store === STORES.directory ? { to: directory } : {};
  return collect(
    loadConfig({ ...simulator.env, ...SETTINGS, DUO_API_URL: `http://127.0.0.1:${duoPort}` }, to),
  );
}

const named = [...Object.keys(STORES), ...Object.keys(STATUS)];
const unknown = only.filter((name) => !named.includes(name));
if (!(POINTS >= 1) || unknown.length > 0) {
  console.error(`usage: node scripts/kills.mjs [POINTS] [${named.join("|")}]...`);
  process.exit(2);
}

const faults = [];
function expect(point, what, holds) {
  if (!holds) faults.push(`${point}: ${what}`);
}

/** The pages as they should be, and how many events of each kind a run has. */
await whole(STORES.S3);
const bytes = { duo: duoGate.passed, s3: s3Gate.passed };
const expected = pagesIn(objects);
const operations = 3 * (expected.size + 1);

/** Whether a store or a signal is to be tried: it was named, or none of its kind was. */
function isWanted(name, kind) {
  return only.includes(name) || !only.some((one) => Object.hasOwn(kind, one));
}

/** Point `number` of a store: which event it is. */
function eventOf(store, number) {
  const half = Math.floor(POINTS / 2);
  if (number < half) return { kind: "duo", at: 1 + Math.floor((bytes.duo * number) / half) };
  const at = number - half;
  const rest = POINTS - half;
  if (store === "S3") return { kind: "s3", at: 1 + Math.floor((bytes.s3 * at) / rest) };
  const moment = ["before", "during", "after"][at % 3];
  return { kind: "operation", at: Math.floor((operations * at) / rest), moment };
}

const tally = {};
const directoryOf = (store, signal, number) => join(root, `${store}-${signal}-${number}`);

async function run(store, signal, number) {
  const event = eventOf(store, number);
  const point = `${store} ${signal} ${event.kind} ${event.at} ${event.moment ?? ""}`;
  const { argv, clear, left, age } = STORES[store];
  const directory = directoryOf(store, signal, number);
  await mkdir(directory);
  clear();
  let child;
  let isHit = false;
  const hit = () => {
    isHit = true;
    child.kill(signal);
  };
  duoGate.reset(event.kind === "duo" ? event.at : undefined, hit);
  s3Gate.reset(event.kind === "s3" ? event.at : undefined, hit);
  const hooked =
    event.kind === "operation"
      ? {
          NODE_OPTIONS: `--import=${join(root, "operations.mjs")}`,
          POINT: `${event.at},${event.moment},${signal}`,
        }
      : {};
  child = spawn(process.execPath, [MAIN, "collect", ...argv(directory)], {
    env: env({ DUO_API_URL: `http://127.0.0.1:${duoPort}`, ...hooked }),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.on("data", (chunk) => {
    told += chunk;
  });
  const [status, by] = await once(child, "close");
  const found = await left(directory);
  const pages = pagesIn(found);
  const manifests = manifestsIn(found).map(([, body]) => JSON.parse(body));
  const broken = [...pages].filter(([key, body]) => expected.get(key) !== body);
  const strays = [...found.keys()].filter((key) => key.endsWith(".tmp"));
  const isComplete = manifests[0]?.complete === true;
  expect(point, `${broken.length} broken pages`, broken.length === 0);
  expect(point, "the event did not come", isHit || event.kind === "operation");
  expect(point, `a stack trace: ${told}`, !/^ {4}at /m.test(told));
  if (signal === "SIGKILL") {
    expect(point, `ended with ${status} ${by}`, by === "SIGKILL" || (status === 0 && isComplete));
  } else {
    const codes = manifests[0]?.resources.map(({ error }) => error?.code) ?? [];
    expect(point, `ended with ${status} ${by}`, status === STATUS[signal] || (status === 0 && isComplete));
    expect(point, `${strays.length} temporary files`, strays.length === 0);
    expect(point, `${manifests.length} manifests`, manifests.length === 1);
    expect(point, `the manifest tells ${codes}`, isComplete || codes.includes("INTERRUPTED"));
    const listed = manifests[0]?.resources.flatMap((one) => one.pages.map(({ key }) => nameOf(key))) ?? [];
    const lacking = listed.filter((key) => !pages.has(key));
    expect(point, `${lacking.length} pages are listed and not there`, lacking.length === 0);
  }
  const strayed = await age(directory);
  const { ok } = await whole(STORES[store], directory);
  const after = await left(directory);
  expect(point, "the next run is not complete", ok);
  expect(point, "the next run left other pages", isDeepStrictEqual(pagesIn(after), expected));
  expect(point, "a temporary file stays", ![...after.keys()].some((key) => key.endsWith(".tmp")));
  const counts = tally[`${store} ${signal}`];
  counts.points++;
  counts.finished += isComplete ? 1 : 0;
  counts["temporary files"] += strayed;
  counts["pages kept"] += pages.size;
  await rm(directory, { recursive: true });
}

/** Sends a second signal while S3 does not answer any more; how long the command takes to end after it. */
async function twice(signal, number) {
  objects.clear();
  const reached = new Promise((resolve) => {
    duoGate.reset();
    s3Gate.reset(1 + Math.floor((bytes.s3 * number) / 10), resolve, true);
  });
  const child = spawn(process.execPath, [MAIN, "collect"], {
    env: env({ DUO_API_URL: `http://127.0.0.1:${duoPort}` }),
    stdio: "ignore",
  });
  await reached;
  child.kill(signal);
  // The first signal has to be heard before the second is sent, and the run waits three seconds for the store.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const isWaiting = child.exitCode === null;
  const sent = performance.now();
  child.kill(signal);
  const [status] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
  const point = `S3 ${signal} twice, byte ${number}/10`;
  expect(point, `ended with ${status}`, status === STATUS[signal]);
  return isWaiting ? performance.now() - sent : 0;
}

for (const store of Object.keys(STORES)) {
  for (const signal of Object.keys(STATUS)) {
    if (!isWanted(store, STORES) || !isWanted(signal, STATUS)) continue;
    tally[`${store} ${signal}`] = { points: 0, finished: 0, "temporary files": 0, "pages kept": 0 };
    for (let number = 0; number < POINTS; number++) await run(store, signal, number);
    console.log(`${store} ${signal}`, tally[`${store} ${signal}`], `faults: ${faults.length}`);
  }
}
for (const signal of ["SIGTERM", "SIGINT"]) {
  const times = [];
  for (let number = 0; number < 10; number++) times.push(await twice(signal, number));
  console.log(`second ${signal}: ended after ${Math.max(...times).toFixed(0)} ms at most, 10 points`);
}
for (const fault of faults) console.log(`FAULT ${fault}`);
console.log(
  `${expected.size} objects, ${bytes.duo} bytes from Duo, ${bytes.s3} to S3, ${operations} file operations`,
);
await rm(root, { recursive: true });
process.exit(faults.length === 0 ? 0 : 1);
