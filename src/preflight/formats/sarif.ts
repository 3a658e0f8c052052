/** `--format sarif`: SARIF 2.1.0, a rule per code, for GitHub code scanning and other viewers of findings. */

import stableStringify from "fast-json-stable-stringify";
import { ISSUES, type Issue, type IssueDefinition } from "../../core/issue.ts";
import { printableJson } from "../../text/escape.ts";
import { detailsOf } from "../summary.ts";
import { fileOf, type OpenListing } from "./format.ts";

const LEVEL = { error: "error", warning: "warning", info: "note" } as const;

const ISSUE_DEFINITIONS: readonly (readonly [string, IssueDefinition])[] = Object.entries(ISSUES);
const INDEX: ReadonlyMap<string, number> = new Map(ISSUE_DEFINITIONS.map(([code], at) => [code, at]));

const SARIF_RULES = ISSUE_DEFINITIONS.map(([id, { severity, message, advice, origin }]) => ({
  id,
  shortDescription: { text: message },
  help: { text: advice },
  defaultConfiguration: { level: LEVEL[severity] },
  properties: { origin },
}));

/** A path or `s3://` address as a URI reference. */
function uriOf(source: string): string {
  const name = (fileOf(source) ?? source).toWellFormed();
  const [, scheme = "", rest = name] = /^(s3:\/\/)?(.*)$/su.exec(name) ?? [];
  const path = rest.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  if (scheme !== "") return scheme + path;
  return path.startsWith("/") ? `file://${path}` : path;
}

/** One result, as canonical JSON. */
function resultOf(issue: Issue, isIgnored: boolean): string {
  const { code, severity, message, source, document, record, line, column, path, row, fault, hint } = issue;
  const region = line === undefined ? undefined : { startLine: line, startColumn: column };
  const details = detailsOf(issue);
  const place = path === undefined ? "" : ` [${path}]`;
  return stableStringify({
    ruleId: code,
    ruleIndex: INDEX.get(code),
    level: LEVEL[severity],
    message: { text: `${message}${place}${details === "" ? "" : ` (${details})`}` },
    locations:
      source === undefined
        ? undefined
        : [{ physicalLocation: { artifactLocation: { uri: uriOf(source) }, region } }],
    properties: { document, record, path, row, fault, hint },
    suppressions: isIgnored ? [{ kind: "external", justification: `--ignore ${code}` }] : undefined,
  });
}

export const sarifListing: OpenListing = (ignored) => {
  const unreadable: object[] = [];
  let isEmpty = true;
  const driver = { name: "duo-udm", rules: SARIF_RULES };
  const head = `{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{"columnKind":"unicodeCodePoints",`;
  return {
    open: () => `${head}"tool":{"driver":${stableStringify(driver)}},"results":[`,
    issues: (issues) => {
      let text = "";
      for (const issue of issues) {
        text += `${isEmpty ? "\n" : ",\n"}${resultOf(issue, ignored.has(issue.code))}`;
        isEmpty = false;
      }
      return printableJson(text);
    },
    endSource: (source, reason) => {
      if (reason !== undefined) {
        unreadable.push({
          level: "error",
          message: { text: reason },
          locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(source) } } }],
        });
      }
      return "";
    },
    close: () => {
      const invocation = {
        executionSuccessful: unreadable.length === 0,
        toolExecutionNotifications: unreadable,
      };
      return printableJson(`\n],"invocations":[${stableStringify(invocation)}]}]}\n`);
    },
  };
};
