import { describe, expect, it } from "vitest";
import { duoUdm } from "../support/cli.ts";
import { readText } from "../support/files.ts";
import { markedBlock } from "../support/markdown.ts";
import { duoUdmCommands } from "../support/shell.ts";

describe("the README", () => {
  it("shows the entity that its example makes", async () => {
    const [command] = duoUdmCommands(markedBlock("README.md", "example").text);
    const { status, stdout } = await duoUdm(command?.argv ?? [], { stdin: command?.stdin ?? "" });
    expect(status).toBe(0);
    expect(JSON.parse(markedBlock("README.md", "example-entity").text)).toEqual(JSON.parse(stdout));
  });

  it("is shorter than 150 lines", () => {
    expect(readText("README.md").split("\n").length).toBeLessThan(150);
  });
});

describe("the page on the mapping", () => {
  it("shows the entity that its example page makes", async () => {
    const page = markedBlock("docs/mapping.md", "example-in").text;
    const { stdout } = await duoUdm(["map", "-", "--collected-at", "2026-01-31T00:00:00Z"], { stdin: page });
    expect(JSON.parse(markedBlock("docs/mapping.md", "example-out").text)).toEqual(JSON.parse(stdout));
  });
});
