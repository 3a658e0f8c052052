/** What a list of the entity record holds for the record at hand, each equal element once where the table says so. */

import type { Elements, Frame, Frames } from "./frames.ts";
import type { Notes } from "./notes.ts";
import type { Group, Item, Node } from "./plan.ts";

/** True when one of the rows has a text. */
export function hasText(rows: readonly number[], { texts }: Frame): boolean {
  for (let i = 0; i < rows.length; i++) if (texts[rows[i] ?? -1] !== undefined) return true;
  return false;
}

/** True when a field of the entity record is written. Constants alone are, with the message around them. */
export function isWritten({ rows }: Node, frame: Frame): boolean {
  return rows.length === 0 || hasText(rows, frame);
}

/** Shows the frames in which a row or group of a list has its texts. */
function eachFrame(elements: Elements | undefined, frame: Frame, see: (frame: Frame) => void): void {
  if (elements === undefined) see(frame);
  else for (let at = 0; at < elements.count; at++) see(elements.frames[at] ?? frame);
}

const elementsOf = ({ each }: Item | Group, { elements }: Frames): Elements | undefined =>
  each === undefined ? undefined : elements[each.index];

/** A text of a list, and the row that wrote it first. */
export interface Text {
  readonly row: number;
  readonly text: string;
  readonly label: string;
}

/** The texts of a list of texts or of labels, in row order and within a row in the page's. */
export function textsOf(
  node: Extract<Node, { kind: "texts" | "labels" }>,
  frame: Frame,
  frames: Frames,
  isDistinct: boolean,
  notes: Notes | undefined,
): readonly Text[] {
  const list: Text[] = [];
  let firstOf: Map<string, number> | undefined;
  for (const item of node.items) {
    const { row, label = "", value } = item;
    eachFrame(elementsOf(item, frames), frame, ({ texts }) => {
      const text = value ?? texts[row];
      if (text === undefined) return;
      if (isDistinct && list.length > 0) {
        firstOf ??= new Map(list.map((one) => [one.label + one.text, one.row]));
        const first = firstOf.get(label + text);
        if (first !== undefined) {
          notes?.repeated(row, first);
          return;
        }
        firstOf.set(label + text, row);
      }
      list.push({ row, text, label });
    });
  }
  return list;
}

/** A message of a list: its fields, and the frame that has their texts. */
export interface Message {
  readonly fields: readonly Node[];
  readonly frame: Frame;
}

/** What tells a message from others that are equal as written: the texts of its rows, by their places. */
function keyOf(fields: readonly Node[], frame: Frame, frames: Frames): string {
  const written = fields.filter((node) => isWritten(node, frame));
  return JSON.stringify(written.map((node) => [node.key, keyOfValue(node, frame, frames)]));
}

function keyOfValue(node: Node, frame: Frame, frames: Frames): unknown {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "text":
      return node.rows.map((row) => frame.texts[row]).find((text) => text !== undefined);
    case "message":
      return keyOf(node.fields, frame, frames);
    case "texts":
    case "labels":
      return textsOf(node, frame, frames, true, undefined).map(({ label, text }) => [label, text]);
    case "messages":
      return messagesOf(node, frame, frames, true, undefined).map((one) =>
        keyOf(one.fields, one.frame, frames),
      );
  }
}

/** The messages of a list: group by group, and within a group in the page's order. */
export function messagesOf(
  { groups }: Extract<Node, { kind: "messages" }>,
  frame: Frame,
  frames: Frames,
  isDistinct: boolean,
  notes: Notes | undefined,
): readonly Message[] {
  const list: Message[] = [];
  let seen: Map<string, Group> | undefined;
  for (const group of groups) {
    const { rows, fields } = group;
    eachFrame(elementsOf(group, frames), frame, (one) => {
      if (!hasText(rows, one)) return;
      if (isDistinct) {
        const key = keyOf(fields, one, frames);
        seen ??= new Map();
        const first = seen.get(key);
        if (first !== undefined) {
          for (const [at, row] of rows.entries()) {
            if (one.texts[row] !== undefined) notes?.repeated(row, first.rows[at] ?? row);
          }
          return;
        }
        seen.set(key, group);
      }
      list.push({ fields, frame: one });
    });
  }
  return list;
}
