/** `--format github`: workflow commands, which GitHub Actions shows as annotations. */

import { ISSUES, type Issue } from "../../core/issue.ts";
import { printable } from "../../text/escape.ts";
import { detailsOf } from "../summary.ts";
import type { OpenListing } from "./format.ts";

const COMMAND = { error: "error", warning: "warning", info: "notice" } as const;

/** Text as the commands take it: on one line. */
function data(text: string): string {
  return printable(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** One annotation. An ignored issue is a notice, whatever its severity. */
export function annotation(issue: Issue, isIgnored: boolean): string {
  const { code, severity, message, source, document, record, line, column, path } = issue;
  const properties = [
    ...(source === undefined ? [] : [`file=${property(source)}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    ...(column === undefined ? [] : [`col=${column}`]),
    `title=${property(isIgnored ? `${code} (ignored)` : code)}`,
  ];
  const place = [
    ...(document === undefined ? [] : [`document ${document}`]),
    ...(record === undefined ? [] : [`record ${record}`]),
    ...(path === undefined ? [] : [path]),
  ].join(", ");
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
      : `::error file=${property(source)},title=Input could not be read::${data(unreadable)}\n`,
  close: () => "",
});
