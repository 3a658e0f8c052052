import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** A folder for files of the bench, which removes it at the end. */
export const folder = process.argv[2];

export const main = join(import.meta.dirname, "../dist/cli/main.js");

/** Runs Node to its end, with its output in a file. */
export function node(args, out) {
  const file = openSync(out, "w");
  const { status, signal, stderr } = spawnSync(process.execPath, args, { stdio: ["ignore", file, "pipe"] });
  closeSync(file);
  if (signal === "SIGINT" || status === 130) process.exit(130);
  if (status !== 0) throw new Error(`node ${args.slice(0, 3).join(" ")}: ${stderr}`);
}

/** Runs Node once for each of `runs`, all at the same time, with their outputs in files. */
export async function nodes(runs) {
  const ends = runs.map(async ({ args, out }) => {
    const file = openSync(out, "w");
    const child = spawn(process.execPath, args, { stdio: ["ignore", file, "ignore"] });
    closeSync(file);
    const [status, signal] = await once(child, "close");
    if (status !== 0) throw new Error(`node ${args.slice(0, 3).join(" ")}: ended with ${status ?? signal}`);
  });
  await Promise.all(ends);
}
