/** `table`: the mapping table as documentation, and the check that a file still holds it. */

import { readFile } from "node:fs/promises";
import { ConfigError, reason } from "../../io/errors.ts";
import { streamOutput } from "../../io/output.ts";
import { mappingTable, type TableFormat } from "../../profiles/documentation.ts";
import { type Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";

function formatOf(file: string): TableFormat {
  if (file.endsWith(".tsv")) return "tsv";
  return file.endsWith(".json") ? "json" : "md";
}

async function checkFile(file: string, table: string, io: Io): Promise<Status> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new ConfigError(`${file}: ${reason(error)}`, { cause: error });
  });
  const lines = new Set(text.split(/\r?\n/));
  if (text.replaceAll("\r\n", "\n").includes(table)) {
    new Messages(io).tell(`${file}: holds the mapping table as it is`);
    return Status.DONE;
  }
  const first = table
    .trimEnd()
    .split("\n")
    .find((line) => !lines.has(line));
  const what = first === undefined ? "its rows are in another order" : `it lacks the line: ${first}`;
  new Messages(io).fail(`${file}: the mapping table in it is stale: ${what}`);
  return Status.REJECTED;
}

export interface TableOptions {
  readonly format?: TableFormat;
  readonly check?: string;
}

/** Prints the table, or with `check` says whether that file holds it in the format (by default its ending's). */
export async function table({ format, check }: TableOptions, io: Io): Promise<Status> {
  if (check !== undefined) return checkFile(check, mappingTable(format ?? formatOf(check)), io);
  await streamOutput(io.stdout).write(mappingTable(format));
  return Status.DONE;
}
