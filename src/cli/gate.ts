/** The options that say what `check` lets pass. */

import { InvalidArgumentError, Option } from "commander";
import { ISSUES, type IssueCode } from "../core/issue.ts";
import type { LeastEntities } from "../preflight/verdict.ts";
import { numberOption } from "./options.ts";

const isCode = (text: string): text is IssueCode => Object.hasOwn(ISSUES, text);

/** Reads a code and adds it to those given before it. */
function code(text: string, before: ReadonlySet<IssueCode> = new Set()): ReadonlySet<IssueCode> {
  if (isCode(text)) return new Set([...before, text]);
  throw new InvalidArgumentError("It must be the code of an issue, such as HOSTNAME_FORMAT.");
}

function leastEntities(text: string): LeastEntities {
  const [, digits, percent] = /^(\d{1,15})(%?)$/.exec(text) ?? [];
  const isPercent = percent === "%";
  if (digits === undefined || (isPercent && Number(digits) > 100)) {
    throw new InvalidArgumentError("It must be a whole number, or a percentage from 0% to 100%.");
  }
  return { value: Number(digits), isPercent };
}

export const GATE_OPTIONS: readonly Option[] = [
  new Option("--strict", "fail the check on warnings too").default(false),
  numberOption("--max-warnings <n>", "fail the check when there are more warnings than this"),
  new Option(
    "--min-entities <n>",
    "fail the check when there are fewer entities than this, as a number or as a percentage of the records " +
      "(default: 1)",
  ).argParser(leastEntities),
  new Option("--fail-on <code>", "fail the check on any issue of this code; repeatable").argParser(code),
  new Option(
    "--ignore <code>",
    "leave issues of this code out of the counts and the verdict; they stay in the list; repeatable",
  ).argParser(code),
];
