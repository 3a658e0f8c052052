// Compiles src to dist, the schemas to validators, and makes the command executable.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";

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
// In dist the validators are code, so that checks need no ajv at run time.
const schemas = join(root, "dist/preflight/schemas/schemas.js");
const { AJV_OPTIONS, SCHEMAS } = await import(pathToFileURL(schemas).href);
const ajv = new Ajv2020({ ...AJV_OPTIONS, code: { source: true, esm: true } });
ajv.addSchema(Object.values(SCHEMAS));
const names = Object.fromEntries(Object.entries(SCHEMAS).map(([name, { $id }]) => [name, $id]));
writeFileSync(join(root, "dist/preflight/validators.js"), standalone.default(ajv, names));

const command = join(root, "dist/cli/main.js");
if (existsSync(command)) chmodSync(command, 0o755);
