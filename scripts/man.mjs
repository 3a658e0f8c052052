// Writes the manual page, dist/duo-udm.1, from the definitions that make the help.
import { readFileSync, writeFileSync } from "node:fs";
import { program } from "../dist/cli/run.js";

const STATUSES = [
  ["0", "Done."],
  ["1", "Done, and something was rejected or failed a check."],
  ["2", "The call or the configuration is wrong. Nothing was done."],
  ["3", "The command could not finish: a file, the network or a store failed."],
  ["130, 143", "Ended by Ctrl-C or SIGTERM."],
];

/** Characters that roff would take for its own, or turn into others. */
const ESCAPES = { "\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti" };

/** Text that roff prints as it is. */
function plain(text) {
  return text.replaceAll(/[\\\-'`^~]/g, (character) => ESCAPES[character]).replaceAll(/^(?=\.)/gm, "\\&");
}

const bold = (text) => `.B "${plain(text).replaceAll('"', '""')}"`;
const entry = (term, text) => [".TP", bold(term), plain(text)];
const paragraph = (text) => [".PP", plain(text)];
/** Lines that are not filled, such as examples. */
const verbatim = (text) => [".PP", ".nf", plain(text.trimEnd()), ".fi"];

/** What the help prints below the options: notes and examples. */
function moreHelp(command) {
  const texts = [];
  command.emit("afterHelp", { error: false, command, write: (text) => texts.push(text) });
  return texts.flatMap((text) => verbatim(text.replace(/^\n/, "")));
}

function options(command, help) {
  return command.options.flatMap((option) => entry(help.optionTerm(option), help.optionDescription(option)));
}

function section(command, help) {
  const inputs = help.visibleArguments(command);
  return [
    `.SS ${plain(command.name())}`,
    bold(help.commandUsage(command)),
    ...paragraph(command.description()),
    ...inputs.flatMap((input) => entry(help.argumentTerm(input), help.argumentDescription(input))),
    ...options(command, help),
    ...moreHelp(command),
  ];
}

function manualPage() {
  const { description } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const ignore = () => {};
  const silent = { write: ignore };
  const root = program({ stdout: silent, stderr: silent, env: {} }, ignore, ignore);
  const help = root.createHelp();
  return [
    `.TH DUO\\-UDM 1 "" "duo\\-udm ${root.version()}" "User Commands"`,
    // No hyphenation, ragged on the right: options stay whole.
    ".nh",
    ".ad l",
    ".SH NAME",
    `duo\\-udm \\- ${plain(description)}`,
    ".SH SYNOPSIS",
    bold(help.commandUsage(root)),
    ".SH DESCRIPTION",
    plain(root.description()),
    ...moreHelp(root),
    ".SH OPTIONS",
    "Every command takes these:",
    ...options(root, help),
    ...entry("-h, --help", "print the help of the program, or of a command"),
    ".SH COMMANDS",
    ...root.commands.flatMap((command) => section(command, help)),
    ".SH EXIT STATUS",
    ...STATUSES.flatMap(([status, meaning]) => entry(status, meaning)),
    "",
  ].join("\n");
}

writeFileSync(new URL("../dist/duo-udm.1", import.meta.url), manualPage());
