// Bundles the Lambda handlers of dist into out/lambda/index.mjs, zips it into out/lambda.zip, and says what is in it;
// esbuild's own account of it is out/lambda.json. Another folder than out may be given.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { zipSync } from "fflate";

const MOST_BYTES = 2_000_000;
const root = dirname(import.meta.dirname);
const out = resolve(process.argv[2] ?? join(root, "out"));
const folder = join(out, "lambda");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: ["dist/lambda/index.js"],
  outfile: join(folder, "index.mjs"),
  write: false,
  bundle: true,
  minify: true,
  platform: "node",
  target: "node22",
  format: "esm",
  mainFields: ["module", "main"],
  metafile: true,
  legalComments: "none",
  // Packages in CommonJS ask for Node's own modules with require, which an ES module does not have.
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
});
const [file] = outputFiles;
writeFileSync(join(out, "lambda.json"), JSON.stringify(metafile));
writeFileSync(file.path, file.contents);
// One fixed date, so that equal code gives equal bytes.
const zip = zipSync({ "index.mjs": [file.contents, { mtime: "2026-01-01T00:00:00", level: 9 }] });
const archive = join(out, "lambda.zip");
writeFileSync(archive, zip);

const sizes = new Map();
for (const [input, { bytesInOutput }] of Object.entries(Object.values(metafile.outputs)[0].inputs)) {
  const [, name = "duo-udm"] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input) ?? [];
  sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
}
for (const [name, bytes] of [...sizes].sort(([, a], [, b]) => b - a)) {
  if (bytes > 0) console.log(`${String(bytes).padStart(9)}  ${name}`);
}
console.log(`${file.path}: ${file.contents.length} bytes`);
console.log(`${archive}: ${zip.length} bytes`);
if (file.contents.length > MOST_BYTES) throw new Error(`The bundle is over ${MOST_BYTES} bytes.`);
