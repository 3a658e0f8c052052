// The time, processor time and memory of the mapping function of deploy/template.yaml, and the cost of mapping 100
// million records with it. The bundle's mapHandler runs in a process of its own, against an S3 server in this one. The
// cost is calculated with the assumptions in `report`: put your own there.
import { fork } from "node:child_process";
import http from "node:http";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { bundle } from "../bundle.mjs";
import { folder } from "../command.mjs";
import { median } from "../measure.mjs";
import { endpoint, page, phone } from "../pages.mjs";

const RECORDS_PER_PAGE = 500;
const PAGES = 40;
const ROUNDS = 6;
const BUCKET = "example-bucket";
const key = (n) => `duo/context/2026/03/04/duo-pages-${String(n).padStart(5, "0")}.json`;

/** Runs in the child: rounds of batches, each round with a prefix of its own so that all is written. The first warms up. */
async function measure(batch) {
  const start = process.cpuUsage();
  const { mapHandler } = await import(bundle());
  const load = process.cpuUsage(start);
  const context = { getRemainingTimeInMillis: () => 120_000 };
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round++) {
    process.env.UDM_PREFIX = `duo/udm/${batch}/${round}/`;
    for (let first = 0; first < PAGES; first += batch) {
      const Items = Array.from({ length: batch }, (_, n) => ({ Key: key(first + n) }));
      const cpu = process.cpuUsage();
      const time = performance.now();
      const { mapped, entities } = await mapHandler({ Items }, context);
      const seconds = (performance.now() - time) / 1_000;
      if (mapped !== batch || entities !== batch * RECORDS_PER_PAGE) throw new Error("pages were not mapped");
      const { user, system } = process.cpuUsage(cpu);
      if (round > 0) rounds.push({ seconds, cpu: (user + system) / 1e6 });
    }
  }
  process.send({
    rounds,
    load: (load.user + load.system) / 1e6,
    rss: process.resourceUsage().maxRSS / 1_024,
  });
  process.disconnect();
  process.exit();
}

/** An S3 server that keeps objects in memory. */
function startS3() {
  const objects = new Map();
  return http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const sent = await buffer(request);
    if (request.method === "PUT") {
      objects.set(pathname, sent);
      response.writeHead(200, { etag: '"1"' }).end();
      return;
    }
    const body = objects.get(pathname);
    if (body === undefined) response.writeHead(404).end();
    else {
      response.writeHead(200, { "content-length": body.length, etag: '"1"' });
      response.end(request.method === "HEAD" ? undefined : body);
    }
  });
}

async function run() {
  const server = startS3();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const env = {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${server.address().port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "EXAMPLE",
    AWS_LAMBDA_FUNCTION_NAME: "duo-udm",
    S3_BUCKET: BUCKET,
    S3_FORCE_PATH_STYLE: "true",
    NODE_NO_WARNINGS: "1",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  Object.assign(process.env, env);
  const client = new S3Client({ forcePathStyle: true });
  let bytes = 0;
  for (let n = 0; n < PAGES; n++) {
    const Body = page(n % 2 === 0 ? endpoint : phone, RECORDS_PER_PAGE, n * RECORDS_PER_PAGE);
    bytes += Body.length;
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key(n), Body }));
  }
  const inChild = (batch) =>
    new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(import.meta.url), [folder, String(batch)], {
        env: { ...process.env, ...env },
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      child.on("message", resolve);
      child.on(
        "exit",
        (code) => code !== 0 && reject(new Error(`the measurement ended with status ${code}`)),
      );
    });
  const measured = new Map();
  for (const batch of [10, 40]) measured.set(batch, await inChild(batch));
  client.destroy();
  server.close();
  server.closeAllConnections();
  report(measured, bytes / PAGES);
}

const number = (value, digits = 0) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

function report(measured, bytes) {
  console.log(
    `\nmeasured: mapHandler from the bundle, Node ${process.version}, pages of ${RECORDS_PER_PAGE} records, half`,
  );
  console.log(
    `endpoints, half phones, ${number(bytes / 1_000)} kB each; S3 on this machine, no TLS; medians\n`,
  );
  console.log("pages/batch   records/s   ms/page   CPU ms/page   peak MB   CPU s to load");
  const cpu = new Map();
  for (const [batch, { rounds, rss, load }] of measured) {
    const seconds = median(rounds.map((round) => round.seconds)) / batch;
    cpu.set(batch, median(rounds.map((round) => round.cpu)) / batch);
    const cells = [
      String(batch).padStart(11),
      number(RECORDS_PER_PAGE / seconds).padStart(12),
      number(seconds * 1_000, 1).padStart(10),
      number(cpu.get(batch) * 1_000, 1).padStart(14),
      number(rss).padStart(10),
      number(load, 2).padStart(16),
    ];
    console.log(cells.join(""));
  }

  // The assumptions: list prices of us-east-1 in US dollars, and what cannot be measured here.
  const RECORDS = 100e6;
  const GB = 1_024 / 1_024;
  const SHARE = 1_024 / 1_769;
  const S3_SECONDS_PER_PAGE = 0.12;
  const WIDTH = 4;
  const LAMBDA_GB_SECOND = 0.0000133334;
  const LAMBDA_REQUEST = 0.2 / 1e6;
  const S3_READ = 0.0004 / 1e3;
  const S3_WRITE = 0.005 / 1e3;
  const SQS_REQUEST = 0.4 / 1e6;
  const EXPRESS_REQUEST = 1 / 1e6;
  const EXPRESS_GB_SECOND = 0.00001667;
  const TRANSITION = 0.025 / 1e3;
  const LOG_GB = 0.5;
  const LOG_BYTES_PER_PAGE = 500;

  const pages = RECORDS / RECORDS_PER_PAGE;
  const costs = [10, 40].map((batch) => {
    const invocations = pages / batch;
    const seconds = batch * (cpu.get(batch) / SHARE + S3_SECONDS_PER_PAGE / WIDTH);
    const isQueue = batch === 10;
    const lines = {
      "Lambda, time": invocations * seconds * GB * LAMBDA_GB_SECOND,
      "Lambda, invocations": invocations * LAMBDA_REQUEST,
      "S3, 2 HEAD and 1 GET per page": pages * 3 * S3_READ,
      "S3, 1 PUT per page": pages * S3_WRITE,
      "SQS, 1 send/page, 2 requests/batch": isQueue ? (pages + 2 * invocations) * SQS_REQUEST : 0,
      "Step Functions, express": isQueue
        ? 0
        : invocations * (EXPRESS_REQUEST + seconds * (64 / 1_024) * EXPRESS_GB_SECOND),
      "Step Functions, 1 transition per batch": isQueue ? 0 : invocations * TRANSITION,
      logs: (pages * LOG_BYTES_PER_PAGE * LOG_GB) / 1e9,
    };
    const total = Object.values(lines).reduce((sum, cost) => sum + cost, 0);
    return { batch, invocations, seconds, lines: { ...lines, total } };
  });
  const row = (name, ...cells) =>
    console.log(name.padEnd(40) + cells.map((cell) => cell.padStart(14)).join(""));
  console.log(`\ncalculated: ${number(RECORDS)} records in ${number(pages)} pages; US dollars\n`);
  row("", "(a) queue", "(b) backfill");
  row("pages per batch", ...costs.map(({ batch }) => number(batch)));
  row("invocations", ...costs.map(({ invocations }) => number(invocations)));
  row("seconds per invocation, 1,024 MB", ...costs.map(({ seconds }) => number(seconds, 2)));
  row(
    "hours, 10 and 20 invocations in parallel",
    ...costs.map(({ invocations, seconds, batch }) =>
      number((invocations * seconds) / (batch === 10 ? 10 : 20) / 3_600, 1),
    ),
  );
  for (const name of Object.keys(costs[0].lines)) {
    row(name, ...costs.map(({ lines }) => number(lines[name], 2)));
  }
}

if (process.send) await measure(Number(process.argv[3]));
else await run();
