/** Golden files other than those of the fixture pages. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { readText, rootUrl } from "./files.ts";

/** Goldens are rewritten only on request (npm run test:update-goldens), and never by a build server. */
const isUpdate = process.env["UPDATE_GOLDENS"] === "1" && process.env["CI"] === undefined;

/** Holds `text` to the golden file, byte for byte. */
export function expectGolden(path: string, text: string): void {
  if (isUpdate) {
    const file = fileURLToPath(rootUrl(path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readText(path));
}
