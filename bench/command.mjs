import { spawnSync } from "node:child_process";
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
