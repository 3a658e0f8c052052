import { describe, expect, it } from "vitest";
import { duoUdm } from "../support/cli.ts";
import { readText } from "../support/files.ts";
import { rowsOf, sectionOf } from "../support/markdown.ts";

const oneSpace = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

const ESCAPES: Readonly<Record<string, string>> = {
  "(aq": "'",
  "(ga": "`",
  "(ha": "^",
  "(ti": "~",
  "&": "",
  "-": "-",
  e: "\\",
};

/** A part of the manual page as its reader sees it, but for white space. */
function read(roff: string): string {
  const text = roff
    .replaceAll(/^\.B "(.*)"$/gm, (_, bold: string) => bold.replaceAll('""', '"'))
    .replaceAll(/^\.(?:TP|PP|nf|fi)$/gm, "")
    .replaceAll(/\\(\(aq|\(ga|\(ha|\(ti|[&\-e])/g, (_, name: string) => ESCAPES[name] ?? "");
  return oneSpace(text);
}

const PAGE = readText("dist/duo-udm.1");

/** The sections by their headings. */
const SECTIONS = new Map(
  PAGE.split(/^\.S[HS] /m).map((section): [string, string] => {
    const [, heading = "", body = ""] = /^(.*)\n([\s\S]*)$/.exec(section) ?? [];
    return [heading, body];
  }),
);

const { stdout: help } = await duoUdm(["--help"]);
const [, listed = ""] = help.split("\nCommands:\n");
const COMMANDS = Array.from(listed.matchAll(/^ {2}([a-z]+) /gm), ([, name = ""]) => name).filter(
  (name) => name !== "help",
);

describe("the manual page", () => {
  it("has a section for each command, in the order of the help", () => {
    expect(COMMANDS).toContain("collect");
    expect([...SECTIONS.keys()].filter((heading) => /^[a-z]+$/.test(heading))).toEqual(COMMANDS);
  });

  it.each(COMMANDS)("says of %s what its help says, word by word", async (name) => {
    const { stdout } = await duoUdm([name, "--help"]);
    const said = stdout
      .replace(/^Usage: /, "")
      .replace(/^(?:Arguments|Options):\n/gm, "")
      .replace(/^ {2}-h, --help .*\n/m, "")
      .replace(/^Global Options:\n(?: .*\n)+/m, "");
    expect(read(SECTIONS.get(name) ?? "")).toBe(oneSpace(said));
  });

  it("lists the exit statuses as the page on the commands does", () => {
    const section = sectionOf("docs/commands.md", "### Exit status");
    const statuses = rowsOf(section).map((cells) => cells.join(" "));
    expect(read(SECTIONS.get("EXIT STATUS") ?? "")).toBe(statuses.join(" "));
  });

  it("is named in package.json as a list, the one form of which npm makes links", () => {
    const { man }: { readonly man: unknown } = JSON.parse(readText("package.json"));
    expect(man).toEqual(["dist/duo-udm.1"]);
  });

  it("names the version of the package", async () => {
    const { stdout } = await duoUdm(["--version"]);
    expect(read(PAGE.split("\n")[0] ?? "")).toContain(`"duo-udm ${stdout.trim()}"`);
  });
});
