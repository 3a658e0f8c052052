/** The documents of a command's inputs, one by one in this thread. What cannot be read is reported and passed over. */

import type { Issue } from "../core/issue.ts";
import { readSingly } from "../io/documents.ts";
import { InputError } from "../io/errors.ts";
import { openAhead } from "../io/sources.ts";
import { sourcesOf } from "./inputs.ts";
import { type Io, Status } from "./io.ts";
import { issueLine, type Messages } from "./messages.ts";

export interface InputDocument {
  readonly value: unknown;
  /** Where it stands: its source and, where that holds several, its index. */
  readonly place: { readonly source: string; readonly document?: number };
  /** When the source was last written. */
  readonly modified: string;
  /** Where it stands in the JSON value that was read: empty for the value itself. */
  readonly at: string;
}

interface ReadingOptions {
  /** Asked before each source, and again after each of its documents. Default: all are. */
  readonly isWanted?: (source: string) => boolean;
  /** True of a value that is a document itself, whatever `--records-at` names. Default: none is. */
  readonly isDocument?: (value: unknown) => boolean;
}

export class InputReader {
  readonly #io: Io;
  readonly #messages: Messages;
  /** How many sources could not be read, or not to their ends. */
  unreadable = 0;
  #isRejected = false;

  constructor(io: Io, messages: Messages) {
    this.#io = io;
    this.#messages = messages;
  }

  /** Reads the documents of all inputs. A source that cannot be read stops no other. */
  async *documents(
    inputs: readonly string[],
    { isWanted = () => true, isDocument }: ReadingOptions = {},
  ): AsyncGenerator<InputDocument> {
    for await (const source of openAhead(await sourcesOf(inputs, [], this.#io))) {
      const { name } = source;
      if (!isWanted(name)) continue;
      try {
        for await (const document of readSingly(source, this.#io.recordsAt, isDocument)) {
          if (document.kind === "invalid") this.see(document.issue);
          else {
            const { value, index, modified, at } = document;
            const place = { source: name, ...(index !== undefined && { document: index }) };
            yield { value, place, modified, at };
          }
          if (!isWanted(name)) break;
        }
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        this.unreadable++;
        this.#messages.complain(error.message);
      }
    }
  }

  /** Takes an issue. An error is printed and counts as a rejection; anything else is passed over. */
  see(issue: Issue): void {
    if (issue.severity !== "error") return;
    this.#isRejected = true;
    this.#messages.complain(issueLine(issue));
  }

  /** The status of a command that has read everything. `isFine` says that the command itself found nothing wrong. */
  status(isFine: boolean): Status {
    if (this.unreadable > 0) return Status.UNFINISHED;
    return isFine && !this.#isRejected ? Status.DONE : Status.REJECTED;
  }
}
