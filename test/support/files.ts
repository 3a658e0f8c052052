/** Reads the files that the tests compare with, by their path in the repository. */

import { readdirSync, readFileSync } from "node:fs";
import { sep } from "node:path";

const ROOT = new URL("../../", import.meta.url);

export function readText(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

export function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}

/** The files below a folder whose names end so, as paths relative to it with `/`, in code-point order. */
export function listFiles(folder: string, ending: string): string[] {
  return readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => path.endsWith(ending))
    .sort();
}

export function rootUrl(path: string): URL {
  return new URL(path, ROOT);
}
