// Runs the demo into out/demo, anew each time.
import { rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { run } from "../dist/cli/run.js";

const out = join(dirname(import.meta.dirname), "out/demo");
rmSync(out, { recursive: true, force: true });
const { stdin, stdout, stderr, env } = process;
const io = { stdin, stdout, stderr, env, now: () => new Date() };
process.exitCode = await run(["demo", "--out", relative(process.cwd(), out)], io);
