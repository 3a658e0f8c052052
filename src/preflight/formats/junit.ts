/** `--format junit`: one test case per source, in the form that CI servers read. */

import type { Issue } from "../../core/issue.ts";
import { printable } from "../../text/escape.ts";
import { count } from "../../text/numbers.ts";
import { detailsOf, placeOf } from "../summary.ts";
import type { OpenListing } from "./format.ts";

/** Of the characters that {@link printable} leaves, the two that XML 1.0 cannot write. */
const FORBIDDEN = /[\ufffe\uffff]/g;

const XML_ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text from outside, fit for an element or an attribute. */
function xml(text: string): string {
  return printable(text)
    .replace(FORBIDDEN, "")
    .replace(/[&<>"]/g, (character) => XML_ENTITIES[character] ?? "");
}

/** An issue in one line, which begins with its code. */
function findingLine(issue: Issue): string {
  const details = detailsOf(issue);
  const { code, message } = issue;
  const line = `${code}: ${placeOf(issue)}: ${message}${details === "" ? "" : ` (${details})`}`;
  return xml(line);
}

export const junitListing: OpenListing = (ignored) => {
  let failures: string[] = [];
  let others: string[] = [];
  return {
    open: () => '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="duo-udm check">\n',
    issues: (issues) => {
      for (const issue of issues) {
        const isFailure = issue.severity === "error" && !ignored.has(issue.code);
        (isFailure ? failures : others).push(findingLine(issue));
      }
      return "";
    },
    endSource: (source, unreadable) => {
      const name = xml(source);
      const failed = failures.length > 0 ? 1 : 0;
      const broken = unreadable === undefined ? 0 : 1;
      const parts = [
        `<testsuite name="${name}" tests="1" failures="${failed}" errors="${broken}" skipped="0" time="0">`,
        `<testcase name="${name}" classname="duo-udm.check" time="0">`,
        ...(unreadable === undefined ? [] : [`<error type="unreadable" message="${xml(unreadable)}"/>`]),
        ...(failed === 0
          ? []
          : [
              `<failure type="issues" message="${count(failures.length, "error")}">${failures.join("\n")}</failure>`,
            ]),
        ...(others.length === 0 ? [] : [`<system-out>${others.join("\n")}</system-out>`]),
        "</testcase>",
        "</testsuite>",
      ];
      failures = [];
      others = [];
      return `${parts.join("\n")}\n`;
    },
    close: () => "</testsuites>\n",
  };
};
