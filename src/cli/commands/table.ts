/** `table`: the mapping table as documentation, and the check that a file still holds it. */

import { readFile } from "node:fs/promises";
import type { Profile, Row } from "../../core/profile.ts";
import { ConfigError, reason } from "../../io/errors.ts";
import { streamOutput } from "../../io/output.ts";
import { mappingTable, ruleInWords, type TableFormat, tablesOf } from "../../profiles/documentation.ts";
import { PROFILES, type ProfileName } from "../../profiles/index.ts";
import { wrap } from "../../text/layout.ts";
import { type Line, toned } from "../../text/lines.ts";
import { type Io, Status } from "../io.ts";
import { Messages } from "../messages.ts";
import { printLines, widthOf } from "../terminal.ts";

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

/** Every row as a paragraph: its field and where it goes, then the vendor's logic and the rule that it became. */
function tableLines(profile: Profile, width: number): Line[] {
  const tables = tablesOf(profile);
  return tables.flatMap(({ resources, rows }) => [
    ...(tables.length === 1 ? [] : [toned("strong", `== ${resources.join(", ")}`), ""]),
    ...rowLines(rows, width),
    "",
  ]);
}

function rowLines(rows: readonly Row[], width: number): Line[] {
  return rows
    .flatMap((row): Line[] => {
      const { log_field, udm, logic, rule, decisions = [] } = row;
      const indent = { first: "    " };
      const numbers = decisions.map((number) => `D${number}`).join(", ");
      const basis = numbers === "" ? "" : ` (${numbers})`;
      return [
        toned("strong", log_field || "(constant)"),
        ...wrap(`-> ${udm}`, width, { first: "    ", rest: "       " }),
        ...(logic === "" ? [] : wrap(logic, width, indent)),
        ...wrap(`Rule: ${ruleInWords(rule)}${basis}`, width, indent),
        "",
      ];
    })
    .slice(0, -1);
}

export interface TableOptions {
  readonly profile?: ProfileName;
  readonly format?: TableFormat;
  readonly check?: string;
}

/** Prints the table, or with `check` says whether that file holds it in the format (by default its ending's). */
export async function table(
  { format, check, profile: name = "vendor" }: TableOptions,
  io: Io,
): Promise<Status> {
  const profile = PROFILES[name];
  if (check !== undefined) return checkFile(check, mappingTable(format ?? formatOf(check), profile), io);
  // A table of five columns is wider than a terminal.
  if (format === undefined && io.stdout.isTTY === true)
    await printLines(io, tableLines(profile, widthOf(io.stdout)).slice(0, -1));
  else await streamOutput(io.stdout).write(mappingTable(format, profile));
  return Status.DONE;
}
