import type { Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { program } from "../../src/cli/run.ts";
import { DUO_FAULTS } from "../../src/simulator/faults.ts";
import { captured, duoUdm } from "../support/cli.ts";
import { readText } from "../support/files.ts";
import { blocksOf, DOCUMENTS, rowsOf, sectionOf } from "../support/markdown.ts";
import { duoUdmCommands, type ShellCommand } from "../support/shell.ts";

const PAGE = "docs/commands.md";

/** The commands, without what they do. */
function inertProgram(io: Io): Command {
  const command = program(
    io,
    () => {},
    () => {},
  );
  for (const one of command.commands) one.action(() => {});
  return command;
}

/** The program, built with streams that nobody reads. */
async function silentProgram(): Promise<Command> {
  const built: Command[] = [];
  await captured(async (io) => {
    built.push(inertProgram(io));
    return 0;
  });
  const [command] = built;
  if (command === undefined) throw new Error("no program");
  return command;
}

/** An option's flags as the page writes them: choices stand in place of the argument's name. */
function flagsOf({ flags, argChoices }: Option): string {
  return argChoices === undefined ? flags : flags.replace(/<[^>]+>/, `<${argChoices.join("|")}>`);
}

/** The default that a table must name; other options may say in words what happens without them. */
function defaultOf({ defaultValue, mandatory }: Option): string | undefined {
  if (mandatory) return "required";
  return defaultValue === undefined || defaultValue === false ? undefined : `\`${defaultValue}\``;
}

/** The options that a text lists in tables, with their defaults. */
function listedIn(text: string): Map<string, string> {
  const rows = rowsOf(text).filter(([option]) => option?.startsWith("`--") === true);
  return new Map(rows.map(([option = "", fallback = ""]) => [option.replaceAll("`", ""), fallback]));
}

/** The options that a command shares with others. */
function sharedWith(name: string): Map<string, string> {
  const shared = sectionOf(PAGE, "### Options of commands that read inputs");
  const rows = rowsOf(shared).filter(([, , names]) => names?.split(", ").includes(name));
  return new Map(rows.map(([option = "", fallback = ""]) => [option.replaceAll("`", ""), fallback]));
}

const duoUdmProgram = await silentProgram();
const { commands } = duoUdmProgram;

describe("the page on the commands", () => {
  it("has a section for each command, and no other", () => {
    const sections = Array.from(readText(PAGE).matchAll(/^## ([a-z]+)$/gm), ([, name]) => name);
    expect(sections.sort()).toEqual(commands.map((command) => command.name()).sort());
  });

  it.each(commands.map((command) => [command.name(), command] as const))(
    "lists the options of %s with their defaults, and no other",
    (name, command) => {
      const rows = new Map([...listedIn(sectionOf(PAGE, `## ${name}`)), ...sharedWith(name)]);
      const options = command.options.filter(({ hidden }) => !hidden);
      expect([...rows.keys()].sort()).toEqual(options.map(flagsOf).sort());
      const wrong = options.filter((option) => {
        const expected = defaultOf(option);
        return expected !== undefined && rows.get(flagsOf(option)) !== expected;
      });
      expect(wrong.map(flagsOf)).toEqual([]);
    },
  );
});

describe("the page on collecting", () => {
  it("lists every fault that simulate knows, and how long it lasts", () => {
    const listed = rowsOf(readText("docs/collecting.md"))
      .filter(([name, , lasts]) => name?.startsWith("`") === true && /^(?:passes|stays)$/.test(lasts ?? ""))
      .map(([name = "", , lasts]) => [name.replaceAll("`", ""), lasts]);
    expect(Object.fromEntries(listed)).toEqual(DUO_FAULTS);
  });

  it("lists the variables that the help of collect names", async () => {
    const { stdout } = await duoUdm(["collect", "--help"]);
    const [, notes = ""] = stdout.split("\nEnvironment (with defaults):\n");
    const named = (notes.split("\n\n")[0] ?? "").split("\n").flatMap((line) => {
      const [, names = ""] = /^ {2}([A-Z][A-Z0-9_, ]*[A-Z0-9_]) /.exec(line) ?? [];
      return names === "" ? [] : names.split(", ");
    });
    const listed = rowsOf(sectionOf("docs/collecting.md", "## Settings")).flatMap(([names = ""]) =>
      names.replaceAll("`", "").split(", "),
    );
    expect(listed.sort()).toEqual(named.sort());
  });
});

describe("the page on the commands, about all of them", () => {
  it("lists the options that every command takes", () => {
    const listed = listedIn(sectionOf(PAGE, "### Options of every command"));
    const longs = duoUdmProgram.options.map(({ long }) => long);
    expect([...listed.keys()].sort()).toEqual([...longs, "--help"].sort());
  });
});

const shown: [string, ShellCommand][] = DOCUMENTS.flatMap((file) =>
  blocksOf(file)
    .filter(({ language }) => language === "sh")
    .flatMap(({ line, text }) =>
      duoUdmCommands(text).map((command): [string, ShellCommand] => [
        `${file}:${line}: ${command.argv.join(" ")}`,
        command,
      ]),
    ),
);

/** What the program says against a call. */
async function complaintsOf(argv: readonly string[]): Promise<string> {
  const { stderr } = await captured(async (io) => {
    await inertProgram(io)
      .parseAsync(argv, { from: "user" })
      .catch(() => {});
    return 0;
  });
  return stderr;
}

describe("a command line of the documentation", () => {
  it.each(shown)("is one that the program takes: %s", async (_, { argv }) => {
    expect(await complaintsOf(argv)).toBe("");
  });
});

/** The command lines that the help shows, each with the command that shows it. */
async function examplesOfHelp(): Promise<[string, readonly string[]][]> {
  const all = ["", ...commands.map((command) => command.name())].map(async (name) => {
    const { stdout } = await duoUdm(name === "" ? ["--help"] : [name, "--help"]);
    const [, examples = ""] = stdout.split("\nExamples:\n");
    const script = examples.replaceAll(/^ +\$ /gm, "");
    return duoUdmCommands(script).map(({ argv }): [string, readonly string[]] => [argv.join(" "), argv]);
  });
  return (await Promise.all(all)).flat();
}

const helped = await examplesOfHelp();

describe("an example of the help", () => {
  it.each(helped)("is one that the program takes: %s", async (_, argv) => {
    expect(await complaintsOf(argv)).toBe("");
  });
});
