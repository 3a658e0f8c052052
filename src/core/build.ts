/** Renders the texts of rows as the object of an entity record. */

import type { Frame, Frames } from "./frames.ts";
import { isWritten, messagesOf, textsOf } from "./lists.ts";
import type { Notes } from "./notes.ts";
import type { Node } from "./plan.ts";

/** An object of an entity record, its keys in code-point order. */
export interface Built {
  [field: string]: Built | string | readonly (Built | string)[];
}

/** Where the notes are told of writes: the path of the message that is built. */
interface Noting {
  readonly notes: Notes;
  readonly path: string;
}

export class Builder {
  readonly #frames: Frames;
  readonly #isDistinct: boolean;

  constructor(frames: Frames, isDistinct: boolean) {
    this.#frames = frames;
    this.#isDistinct = isDistinct;
  }

  /** The object of a tree's fields. */
  build(fields: readonly Node[], notes: Notes | undefined): Built {
    return this.#message(fields, this.#frames.record, notes && { notes, path: "" });
  }

  #message(fields: readonly Node[], frame: Frame, noting: Noting | undefined): Built {
    const built: Built = {};
    for (let n = 0; n < fields.length; n++) {
      const node = fields[n];
      if (node === undefined || !isWritten(node, frame)) continue;
      const { key } = node;
      built[key] = this.#value(node, frame, noting && below(noting, noting.path === "" ? key : `.${key}`));
    }
    return built;
  }

  #value(node: Node, frame: Frame, noting: Noting | undefined): Built[string] {
    switch (node.kind) {
      case "constant":
        noting?.notes.wrote(node.row, noting.path, node.value);
        return node.value;
      case "text": {
        const row = node.rows.find((one) => frame.texts[one] !== undefined) ?? -1;
        const text = frame.texts[row] ?? "";
        noting?.notes.wrote(row, noting.path, text);
        return text;
      }
      case "message":
        return this.#message(node.fields, frame, noting);
      case "texts":
        return textsOf(node, frame, this.#frames, true, noting?.notes).map(({ row, text }, at) => {
          noting?.notes.wrote(row, `${noting.path}[${at}]`, text);
          return text;
        });
      case "labels":
        return textsOf(node, frame, this.#frames, this.#isDistinct, noting?.notes).map(
          ({ row, text, label }, at) => {
            noting?.notes.wrote(row, `${noting.path}[${at}].value`, text);
            return { key: label, value: text };
          },
        );
      case "messages":
        return messagesOf(node, frame, this.#frames, this.#isDistinct, noting?.notes).map((one, at) =>
          this.#message(one.fields, one.frame, noting && below(noting, `[${at}]`)),
        );
    }
  }
}

const below = ({ notes, path }: Noting, step: string): Noting => ({ notes, path: path + step });
