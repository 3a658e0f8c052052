/** The mapping table as documentation, from the one table that runs. */

import stableStringify from "fast-json-stable-stringify";
import type { Profile, Row, Rule, Table } from "../core/profile.ts";
import { RESOURCES } from "../core/resource.ts";
import { VENDOR } from "./vendor.ts";

export type TableFormat = "md" | "tsv" | "json";

/** A table of a profile, and the resources that it maps; all of them where the profile has no other. */
interface ProfileTable {
  readonly resources: readonly string[];
  readonly rows: readonly Row[];
}

/** The tables of a profile, each once. */
export function tablesOf({ tables }: Profile): ProfileTable[] {
  const found = new Map<Table, string[]>();
  for (const resource of RESOURCES) {
    const table = tables[resource];
    if (typeof table === "string") continue;
    found.set(table, [...(found.get(table) ?? []), resource]);
  }
  return Array.from(found, ([{ rows }, resources]) => ({ resources, rows }));
}

/** A rule in a few words: its kind and what it depends on. */
export function ruleInWords(rule: Rule): string {
  const kind = rule.kind.replaceAll("_", " ");
  if (rule.kind === "constant") return `${kind} ${rule.value}`;
  const of = "of" in rule && rule.of !== undefined ? ` of ${rule.of}` : "";
  const unless = rule.unless ? ` unless ${rule.unless.join(", ")}` : "";
  const or = rule.or ? `, or ${rule.or.flat().join(", ")}` : "";
  const fallback = rule.fallback === true ? ", where the rows above find nothing" : "";
  return kind + of + unless + or + fallback;
}

function markdownTable(rows: readonly Row[], logic: string): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|") || " ";
  const code = (text: string): string => (text === "" ? " " : `\`${text}\``);
  const lines = rows.map((row) => {
    const decisions = row.decisions?.map((number) => `D${number}`).join(", ") ?? "";
    const cells = [
      code(row.log_field),
      code(row.udm),
      cell(row.logic),
      cell(ruleInWords(row.rule)),
      decisions || " ",
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const head = `| Log field | UDM field | ${logic} | Rule | Decisions |`;
  return `${[head, "| --- | --- | --- | --- | --- |", ...lines].join("\n")}\n`;
}

function markdown(profile: Profile): string {
  const tables = tablesOf(profile);
  const [only] = tables;
  if (only !== undefined && tables.length === 1)
    return markdownTable(only.rows, "Logic, as the vendor puts it");
  return tables
    .map(({ resources, rows }) => `### ${resources.join(", ")}\n\n${markdownTable(rows, "Logic")}`)
    .join("\n");
}

/** The rows of all tables; of a profile with several, each with the resources of its table. */
function allRows(profile: Profile): readonly (Row & { readonly resource?: string })[] {
  const tables = tablesOf(profile);
  return tables.flatMap(({ resources, rows }) =>
    tables.length === 1 ? rows : rows.map((row) => ({ resource: resources.join(", "), ...row })),
  );
}

function tsv(profile: Profile): string {
  const rows = allRows(profile);
  const hasResource = rows.some(({ resource }) => resource !== undefined);
  const lines = rows.map(({ resource = "", log_field, udm, logic }) =>
    [...(hasResource ? [resource] : []), log_field, udm, logic].join("\t"),
  );
  const head = [...(hasResource ? ["resource"] : []), "log_field", "udm", "logic"].join("\t");
  return `${[head, ...lines].join("\n")}\n`;
}

function json(profile: Profile): string {
  return `[\n${allRows(profile)
    .map((row) => `  ${stableStringify(row)}`)
    .join(",\n")}\n]\n`;
}

const PRINTERS: { readonly [F in TableFormat]: (profile: Profile) => string } = { md: markdown, tsv, json };

/**
 * The mapping table of a profile, by default the vendor's: `md` with each row's rule and decisions, `tsv` the columns
 * as published, `json` the rows themselves.
 */
export function mappingTable(format: TableFormat = "md", profile: Profile = VENDOR): string {
  return PRINTERS[format](profile);
}
