/** The documentation as the tests read it: its files, headings, fenced blocks and tables. */

import { listFiles, readText } from "./files.ts";

/** README, the other files at the top, and all of docs/. */
export const DOCUMENTS: readonly string[] = [
  ...["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "DECISIONS.md", "SECURITY.md"],
  ...listFiles("docs", ".md").map((file) => `docs/${file}`),
];

export interface Block {
  readonly file: string;
  /** The line that opens the block, from 1. */
  readonly line: number;
  readonly language: string;
  /** The HTML comment on the line before, without its marks. */
  readonly mark: string;
  readonly text: string;
}

/** The fenced blocks of a file, also those that stand within a list. */
export function blocksOf(file: string): Block[] {
  const lines = readText(file).split("\n");
  const blocks: Block[] = [];
  let open: { line: number; indent: string; language: string; mark: string } | undefined;
  lines.forEach((text, index) => {
    const [, indent = "", language = ""] = /^( *)```(\S*)/.exec(text) ?? [];
    if (!/^ *```/.test(text)) return;
    if (open === undefined) {
      const [, mark = ""] = /<!-- (.*) -->/.exec(lines[index - 1] ?? "") ?? [];
      open = { line: index + 1, indent, language, mark };
      return;
    }
    const { indent: cut, ...rest } = open;
    const body = lines.slice(open.line, index).map((line) => line.slice(cut.length));
    blocks.push({ file, ...rest, text: body.join("\n") });
    open = undefined;
  });
  return blocks;
}

/** The block of a file with this mark. */
export function markedBlock(file: string, mark: string): Block {
  const found = blocksOf(file).find((block) => block.mark === mark);
  if (found === undefined) throw new Error(`${file} has no block marked ${mark}`);
  return found;
}

/** What a file says below a heading of level two or three (`## Settings`), up to the next of that level or above. */
export function sectionOf(file: string, heading: string): string {
  const [, section] = readText(file).split(`\n${heading}\n`);
  if (section === undefined) throw new Error(`${file} has no heading ${heading}`);
  const level = heading.indexOf(" ");
  return section.split(new RegExp(`^#{2,${level}} `, "m"))[0] ?? "";
}

/** A heading's anchor, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- _]/gu, "")
    .replaceAll(" ", "-");
}

/** The cells of the rows of every table in a text, headings and rules left out. */
export function rowsOf(text: string): string[][] {
  const isRow = (line: string | undefined): boolean => line?.startsWith("|") === true;
  const lines = text.split("\n");
  return lines
    .filter((line, index) => isRow(line) && isRow(lines[index - 1]) && !/^[ |-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll("\\|", "|")),
    );
}
