/** The documents of all inputs, one at a time, for the commands that count rather than convert. */

import { stat } from "node:fs/promises";
import type { Issue } from "../core/issue.ts";
import { readDocuments } from "../io/documents.ts";
import { InputError } from "../io/errors.ts";
import { findSources, type Source } from "../io/sources.ts";
import { type Io, Status } from "./io.ts";
import { issueLine, Messages } from "./messages.ts";

export interface InputPage {
  readonly document: unknown;
  readonly source: string;
  /** When the source was last written. */
  readonly modified: string;
  /** The document's index in its source, where that holds several. */
  readonly index?: number;
}

export interface PageUse {
  /** Takes a document and gives its issues; those that are errors are complained about. */
  readonly page: (page: InputPage) => readonly Issue[];
  /** Takes the issue of what is no JSON. */
  readonly invalid?: (issue: Issue) => void;
}

/**
 * Passes every document of the inputs on. A source that cannot be read does not stop the others.
 *
 * @param without files of the command's own, which are no input although a directory holds them
 * @returns the status of it all: unfinished when a source could not be read, rejected when there was an error
 */
export async function eachPage(
  inputs: readonly string[],
  without: readonly string[],
  io: Io,
  use: PageUse,
): Promise<Status> {
  const files = await Promise.all(without.map((path) => stat(path).catch(() => undefined)));
  const outputs = [...files, io.stdoutFile];
  const sources = await findSources(inputs, { stdin: io.stdin, now: io.now(), outputs });
  const messages = new Messages(io);
  let status: Status = Status.DONE;
  const reject = (issue: Issue, hint?: string): void => {
    if (issue.severity !== "error") return;
    messages.complain(issueLine(issue, hint));
    if (status === Status.DONE) status = Status.REJECTED;
  };
  const readSource = async (source: Source): Promise<void> => {
    const { name, modified } = source;
    for await (const document of readDocuments(source)) {
      if (document.kind === "invalid") {
        use.invalid?.(document.issue);
        reject(document.issue, document.hint);
        continue;
      }
      const { value, index } = document;
      const page = { document: value, source: name, modified, ...(index !== undefined && { index }) };
      for (const issue of use.page(page)) reject(issue);
    }
  };
  for (const [done, source] of sources.entries()) {
    messages.progress(() => `${done} of ${sources.length} inputs`);
    try {
      await readSource(source);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      messages.complain(error.message);
      status = Status.UNFINISHED;
    }
  }
  messages.close("map --issues FILE takes all of them");
  return status;
}
