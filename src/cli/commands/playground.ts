/** `playground`: one HTML page that runs the mapping in the browser. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { ConfigError } from "../../io/errors.ts";
import { writeWhole } from "../../io/output.ts";
import { listen } from "../../simulator/server.ts";
import { forcesPathStyle } from "../inputs.ts";
import { type Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { printLines } from "../terminal.ts";

export interface PlaygroundOptions {
  readonly out?: string;
  readonly serve?: boolean;
}

/** The page as the build makes it. */
const PAGE = new URL("../../../dist/playground.html", import.meta.url);

/** Writes the page, serves it until `stopped` resolves, or both; by default it serves until the process is ended. */
export async function playground(
  { out, serve = false }: PlaygroundOptions,
  io: Io,
  stopped: Promise<void> = new Promise(() => {}),
): Promise<Status> {
  if (out === undefined && !serve) {
    throw new ConfigError("playground needs --out FILE.html to write the page, or --serve to serve it");
  }
  const html = await readFile(PAGE);
  if (out !== undefined) await writeWhole(out, html, forcesPathStyle(io));
  if (!serve) return Status.DONE;
  const server = createServer(({ url, method = "" }, response) => {
    if (url !== "/" || !["GET", "HEAD"].includes(method)) {
      response.writeHead(404).end();
      return;
    }
    const headers = { "content-type": "text/html; charset=utf-8", "content-length": html.length };
    response.writeHead(200, { ...headers, "cache-control": "no-store" });
    response.end(method === "HEAD" ? undefined : html);
  });
  const { url, close } = await listen(server, 0);
  await printLines(io, [`${url}/`]);
  new Messages(io).say("the playground is served at this address; Ctrl-C ends it");
  await stopped;
  await close();
  return Status.DONE;
}
