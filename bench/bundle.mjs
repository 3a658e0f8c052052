import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { folder } from "./command.mjs";

/** The path of the Lambda bundle, made once per run. */
export function bundle() {
  const out = join(folder, "bundle");
  const file = join(out, "lambda/index.mjs");
  if (!existsSync(file)) {
    execFileSync(process.execPath, [join(import.meta.dirname, "../scripts/bundle.mjs"), out]);
  }
  return pathToFileURL(file).href;
}
