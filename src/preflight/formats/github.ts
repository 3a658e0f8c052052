/** `--format github`: workflow commands, which GitHub Actions shows as annotations. */

import { ISSUES, type Issue, type Place } from "../../core/issue.ts";
import { printable } from "../../text/escape.ts";
import { detailsOf, placeOf } from "../summary.ts";
import { fileOf, type OpenListing } from "./format.ts";

const COMMAND = { error: "error", warning: "warning", info: "notice" } as const;

/** Text as the commands take it: on one line. */
function data(text: string): string {
  return printable(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Where an issue is in its source, besides the line. */
function placeWithin({ document, record, path }: Place): string {
  return [
    ...(document === undefined ? [] : [`document ${document}`]),
    ...(record === undefined ? [] : [`record ${record}`]),
    ...(path === undefined ? [] : [path]),
  ].join(", ");
}

/** The property that names a source, where it is a file. */
function fileProperty(source: string | undefined): string[] {
  const file = fileOf(source);
  return file === undefined ? [] : [`file=${property(file)}`];
}

/**
 * One annotation. An ignored issue is a notice, whatever its severity. Where the source is not a file, GitHub can point at
 * no line, so the text says where the issue is.
 */
function annotation(issue: Issue, isIgnored: boolean): string {
  const { code, severity, message, source, line, column, ...rest } = issue;
  const file = fileProperty(source);
  const isFile = file.length > 0;
  const properties = [
    ...file,
    ...(line === undefined || !isFile ? [] : [`line=${line}`]),
    ...(column === undefined || !isFile ? [] : [`col=${column}`]),
    `title=${property(isIgnored ? `${code} (ignored)` : code)}`,
  ];
  const place = isFile ? placeWithin(rest) : placeOf(issue);
  const details = detailsOf(issue);
  const where = [place, details].filter((part) => part !== "").join(": ");
  const text = `${message}${where === "" ? "" : ` [${where}]`} ${ISSUES[code].advice}`;
  return `::${isIgnored ? "notice" : COMMAND[severity]} ${properties.join(",")}::${data(text)}\n`;
}

export const githubListing: OpenListing = (ignored) => ({
  open: () => "",
  issues: (issues) => issues.map((issue) => annotation(issue, ignored.has(issue.code))).join(""),
  endSource: (source, unreadable) =>
    unreadable === undefined
      ? ""
      : `::error ${[...fileProperty(source), "title=Input could not be read"].join(",")}::${data(unreadable)}\n`,
  close: (_, verdict) => `::notice title=duo-udm check::${data(verdict)}\n`,
});
