// Compiles src to dist, makes the command executable, writes the manual page, and builds the pages for browsers.
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { buildPages } from "./pages.mjs";

const root = dirname(import.meta.dirname);
const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
rmSync(join(root, "dist"), { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [join(typescript, "bin/tsc"), "-p", join(root, "tsconfig.json")],
  {
    stdio: "inherit",
  },
);
if (status !== 0) process.exit(status ?? 1);
const command = join(root, "dist/cli/main.js");
chmodSync(command, 0o755);
await import("./man.mjs");
await buildPages();
