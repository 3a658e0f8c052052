import { expect, it } from "vitest";
import { rowsOf, sectionOf } from "../support/markdown.ts";
import { defaultOf, TEMPLATE } from "../support/template.ts";

it("docs/aws.md lists the template's parameters with their defaults", () => {
  const section = sectionOf("docs/aws.md", "## Parameters of the template");
  const listed = rowsOf(section).map(([name, fallback]) => [name, fallback]);
  const all = "users,groups,phones,endpoints,tokens,webauthncredentials,desktop_authenticators";
  const expected = Object.keys(TEMPLATE.Parameters).map((name) => {
    const value = defaultOf(name);
    if (value === undefined) return [`\`${name}\``, ""];
    return [`\`${name}\``, value === all ? "all seven" : `\`${value}\``];
  });
  expect(listed).toEqual(expected);
});
