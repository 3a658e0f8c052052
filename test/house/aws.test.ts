import { expect, it } from "vitest";
import { parseDocument } from "yaml";
import { readText } from "../support/files.ts";
import { rowsOf } from "../support/markdown.ts";

it("docs/aws.md lists the template's parameters with their defaults", () => {
  const template: { readonly Parameters: Readonly<Record<string, { readonly Default?: string | number }>> } =
    parseDocument(readText("deploy/template.yaml"), { logLevel: "silent" }).toJS();
  const [, section = ""] = readText("docs/aws.md").split("## Parameters of the template\n");
  const listed = rowsOf(section.split(/^## /m)[0] ?? "").map(([name, fallback]) => [name, fallback]);
  const all = "users,groups,phones,endpoints,tokens,webauthncredentials,desktop_authenticators";
  const expected = Object.entries(template.Parameters).map(([name, { Default: value }]) => {
    if (value === undefined) return [`\`${name}\``, ""];
    return [`\`${name}\``, value === all ? "all seven" : `\`${value}\``];
  });
  expect(listed).toEqual(expected);
});
