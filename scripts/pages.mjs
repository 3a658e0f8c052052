// Builds the pages that run in the browser, each as one HTML file of dist with its script and its style inside. Their
// policy names the two by their hashes and forbids everything else, so that a page can send nothing.
//
// The source is in playground/. A page is an entry of PAGES: a .tsx file that imports its styles and renders into #app.
// Pages share what is in playground/parts (theme.css, and components with few properties):
//   lighting.ts     traceOf(profile, mapped record with notes) -> Trace; litBy(target, traces) -> keys of what is lit
//   pointing.ts     hover and focus of what can be pointed at; useReveal() scrolls what is lit into its panel's view
//   difference.ts   compared(values, other values) -> how each value compares with those of another entity
//   tree.tsx        <Tree>: a raw record (data-raw) or an entity (data-path), with marks of differences
//   rows.tsx        <Rows>: the rows of a trace (data-row), each with its documentation to fold out
//   record-list.tsx <RecordList>: any number of records to choose from; only those in view are in the document
//   title.ts        titleOf(raw record, its number) -> what a person knows it by
//   issues.tsx      <Issues>: what a CheckSummary holds, with what to do
//   roving.ts       one tab stop for a list, arrow keys within
// playground/platform stands in for what the sources use of Node.js.
import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(import.meta.dirname);

/** `most` is the largest size in bytes. */
const PAGES = [
  { name: "playground", entry: "playground/main.tsx", title: "duo-udm playground", most: 300_000 },
];

/** Puts what browsers have in the place of what Node.js has. */
const browser = {
  name: "browser",
  setup({ onResolve }) {
    const platform = (name) => () => ({ path: join(root, "playground/platform", name) });
    onResolve({ filter: /^node:buffer$/ }, platform("buffer.ts"));
    onResolve({ filter: /^\.\/gzip\.ts$/ }, ({ importer }) =>
      importer.startsWith(join(root, "src/io")) ? platform("gzip.ts")() : undefined,
    );
  },
};

/** Where luxon is: `node_modules` may be a link. */
const LUXON = realpathSync(join(root, "node_modules/luxon"));

/** Leaves out all of luxon but the reading of ISO 8601: 27 kB of 71. */
const lessOfLuxon = {
  name: "less of luxon",
  setup({ onResolve, onLoad }) {
    const namespace = "luxon";
    onResolve({ filter: /^luxon$/ }, () => ({ path: "luxon", namespace }));
    onLoad({ filter: /^luxon$/, namespace }, () => ({
      contents: 'export { default as DateTime } from "./src/datetime.js";',
      resolveDir: LUXON,
    }));
    onResolve({ filter: /\/(?:diff|duration|formatter|info|interval|tokenParser)\.js$/ }, ({ importer }) =>
      importer.startsWith(LUXON) ? { path: "nothing", namespace } : undefined,
    );
    onLoad({ filter: /^nothing$/, namespace }, () => ({ contents: "module.exports = {};" }));
  },
};

/**
 * Scripts and styles, as files of dist, of pages that a command writes: the report with records. `most` counts both.
 */
const SCRIPTS = [{ name: "explorer", entry: "playground/explorer/main.tsx", most: 250_000 }];

const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What the source of a page is built into. */
async function bundleOf(entry) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: "out",
    write: false,
    bundle: true,
    minify: true,
    platform: "browser",
    target: "es2023",
    format: "iife",
    charset: "utf8",
    jsx: "automatic",
    jsxImportSource: "preact",
    inject: ["playground/platform/buffer.ts"],
    legalComments: "none",
    logLevel: "warning",
    plugins: [browser, lessOfLuxon],
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? "";
  return { script: textOf(".js"), style: textOf(".css") };
}

async function pageOf({ entry, title }) {
  const { script, style } = await bundleOf(entry);
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<noscript>This page works with JavaScript only. It sends nothing.</noscript>
<script>${script}</script>
</body>
</html>
`;
}

/** Writes files of dist, none larger than it may be, and says how large they are. */
function write(name, most, files) {
  const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > most) throw new Error(`${name} has ${bytes} bytes, more than ${most}`);
  mkdirSync(join(root, "dist"), { recursive: true });
  for (const [ending, text] of Object.entries(files)) writeFileSync(join(root, "dist", name + ending), text);
  console.log(`dist/${name}: ${bytes} bytes`);
}

/** Writes every page, and every script that pages are made with. */
export async function buildPages() {
  for (const page of PAGES) write(page.name, page.most, { ".html": await pageOf(page) });
  for (const { name, entry, most } of SCRIPTS) {
    const { script, style } = await bundleOf(entry);
    write(name, most, { ".js": script, ".css": style });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildPages();
