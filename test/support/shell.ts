/** As much of a shell as the documentation uses: comments, quotes, pipes, redirections and here-documents. */

export interface ShellCommand {
  /** The words after `duo-udm`. */
  readonly argv: readonly string[];
  /** The here-document, if there is one. */
  readonly stdin?: string;
}

const TOKEN = /\s+|#[^\n]*|\d?>>?&?\s*\S+|<\s*\S+|[|;&()]+|(?:[^\s"'|;&()<>]|"[^"]*"|'[^']*')+/y;

/** What may stand before the name of a command. */
const BEFORE = /^(?:env|npx|[A-Z_0-9]+=.*)$/;

/** The words of one line, cut where another command begins. */
function commandsOfLine(line: string): string[][] {
  const commands: string[][] = [[]];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < line.length) {
    const at = TOKEN.lastIndex;
    const [token] = TOKEN.exec(line) ?? [];
    if (token === undefined) throw new Error(`not understood: ${line.slice(at)}`);
    if (/^(?:\s|#|\d?>|<)/.test(token)) continue;
    if (/^[|;&()]/.test(token)) commands.push([]);
    else commands.at(-1)?.push(token.replaceAll(/["']/g, ""));
  }
  return commands;
}

/** The `duo-udm` commands of a shell block, in order. */
export function duoUdmCommands(script: string): ShellCommand[] {
  if (!script.includes("duo-udm")) return [];
  const lines = script.replaceAll(/\\\n\s*/g, "").split("\n");
  const found: ShellCommand[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const [marker, , end] = /<<(['"]?)(\w+)\1/.exec(line) ?? [];
    let stdin: string | undefined;
    if (end !== undefined) {
      const last = lines.indexOf(end, index);
      stdin = `${lines.slice(index + 1, last).join("\n")}\n`;
      index = last;
    }
    for (const words of commandsOfLine(line.replace(marker ?? "", ""))) {
      const at = words.findIndex((word) => !BEFORE.test(word));
      if (words[at] === "duo-udm")
        found.push({ argv: words.slice(at + 1), ...(stdin !== undefined && { stdin }) });
    }
  }
  return found;
}
