/** The mapping table as documentation, from the one table that runs. */

import stableStringify from "fast-json-stable-stringify";
import type { Row, Rule } from "../core/profile.ts";
import { TABLE } from "./vendor.ts";

export const TABLE_FORMATS = ["md", "tsv", "json"] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

const ROWS: readonly Row[] = TABLE;

/** A rule in a few words: its kind and what it depends on. */
export function ruleInWords(rule: Rule): string {
  const kind = rule.kind.replaceAll("_", " ");
  if (rule.kind === "constant") return `${kind} ${rule.value}`;
  const of = "of" in rule && rule.of !== undefined ? ` of ${rule.of}` : "";
  const unless = rule.kind === "copy" && rule.unless ? ` unless ${rule.unless.join(", ")}` : "";
  const or = rule.kind === "address" && rule.or ? `, or ${rule.or.flat().join(", ")}` : "";
  return kind + of + unless + or;
}

function markdown(): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|") || " ";
  const code = (text: string): string => (text === "" ? " " : `\`${text}\``);
  const lines = ROWS.map((row) => {
    const decisions = row.decisions?.map((number) => `D${number}`).join(", ") ?? "";
    const cells = [
      code(row.log_field),
      code(row.udm),
      cell(row.logic),
      ruleInWords(row.rule),
      decisions || " ",
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const head = "| Log field | UDM field | Logic, as the vendor puts it | Rule | Decisions |";
  return `${[head, "| --- | --- | --- | --- | --- |", ...lines].join("\n")}\n`;
}

function tsv(): string {
  const lines = ROWS.map(({ log_field, udm, logic }) => [log_field, udm, logic].join("\t"));
  return `${["log_field\tudm\tlogic", ...lines].join("\n")}\n`;
}

function json(): string {
  return `[\n${ROWS.map((row) => `  ${stableStringify(row)}`).join(",\n")}\n]\n`;
}

const PRINTERS: { readonly [F in TableFormat]: () => string } = { md: markdown, tsv, json };

/**
 * The mapping table: `md` with each row's rule and decisions, `tsv` the vendor's three columns as published,
 * `json` the rows themselves.
 */
export function mappingTable(format: TableFormat = "md"): string {
  return PRINTERS[format]();
}
