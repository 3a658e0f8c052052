// Maps the bundled fixture pages and shows what came of it.
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { run } from "../dist/cli/run.js";

const root = dirname(import.meta.dirname);
const out = join(root, "out/entities.ndjson");
const { stdin, stdout, stderr, env } = process;
const io = { stdin, stdout, stderr, env, now: () => new Date() };

const pages = relative(process.cwd(), join(root, "fixtures/pages"));
stdout.write(`duo-udm map ${pages} --out ${relative(process.cwd(), out)}\n`);
process.exitCode = await run(["map", pages, "--out", out], io);
const [first] = readFileSync(out, "utf8").split("\n");
stdout.write(`\nThe first of the entities:\n${JSON.stringify(JSON.parse(first), null, 2)}\n`);
stdout.write(`\nAll of them: ${relative(process.cwd(), out)}\n`);
stdout.write("Next: duo-udm map YOUR_PAGES/, or node dist/cli/main.js --help from this directory\n");
