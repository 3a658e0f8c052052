/** A JSON value as a tree of lines, one for each field: a raw record, or an entity. */

import { useState } from "preact/hooks";
import { isComposite, isObject } from "../../src/core/scalar.ts";
import { printable, valueText } from "../../src/text/escape.ts";
import { count } from "../../src/text/numbers.ts";
import { fieldPath } from "../../src/text/paths.ts";
import type { Mark } from "./difference.ts";
import { keyOf, type Target } from "./lighting.ts";
import { type Pointing, pointed } from "./pointing.ts";
import { useRoving } from "./roving.ts";

interface Line {
  readonly depth: number;
  /** The number of the element that the line begins. */
  readonly lead: string;
  readonly name: string;
  readonly path: string;
  /** The value, or how much an object or a list holds. */
  readonly text: string;
  readonly isLeaf: boolean;
}

/** The most levels that are shown. */
const DEEPEST = 30;
/** The most lines that are shown until the reader asks for more. */
const MOST_LINES = 400;
/** The most characters that are shown of a value. */
const MOST_CHARACTERS = 2000;

function clipped(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function heldIn(value: object): string {
  const held = Array.isArray(value) ? value.length : Object.keys(value).length;
  if (held === 0) return Array.isArray(value) ? "empty list" : "empty object";
  return Array.isArray(value) ? count(held, "element") : "";
}

/** The fields of an object, or the elements of a list, by their names and paths. */
function fieldsOf(
  value: unknown,
  path: string,
): readonly (readonly [name: string, path: string, held: unknown])[] {
  if (Array.isArray(value))
    return value.map((element: unknown, at) => [`[${at}]`, `${path}[${at}]`, element]);
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, held]) => [printable(name), fieldPath(path, name), held]);
}

const isFilled = (value: unknown): boolean => isObject(value) && Object.keys(value).length > 0;

/**
 * The lines of what a value holds. An object in a list has no line of its own: the first of its fields begins with the
 * element's number.
 *
 * @param lead what the first line begins with
 */
function* linesIn(
  value: unknown,
  path: string,
  depth: number,
  textOf: (leaf: unknown) => string,
  lead = "",
): Generator<Line> {
  for (const [at, [name, below, held]] of fieldsOf(value, path).entries()) {
    const isDeep = isComposite(held) && depth + 1 < DEEPEST;
    const line = { depth, name, path: below, lead: at === 0 ? lead : "" };
    if (isDeep && Array.isArray(value) && isFilled(held)) {
      yield* linesIn(held, below, depth + 1, textOf, name);
    } else if (isComposite(held)) {
      yield { ...line, text: isDeep ? heldIn(held) : "nested too deep to be shown", isLeaf: false };
      if (isDeep) yield* linesIn(held, below, depth + 1, textOf);
    } else {
      yield { ...line, text: clipped(textOf(held)), isLeaf: true };
    }
  }
}

/** Every value of a tree by its path. */
export function leavesOf(value: unknown): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  for (const { path, text, isLeaf } of linesIn(value, "", 0, valueText)) if (isLeaf) leaves.set(path, text);
  return leaves;
}

interface TreeProps {
  /** What the tree shows, for those who do not see it. */
  readonly label: string;
  readonly value: unknown;
  /** Entities have values of one profile; the paths of raw records are the same for all. */
  readonly of: { readonly kind: "value"; readonly profile: string } | { readonly kind: "raw" };
  readonly lit: ReadonlySet<string>;
  readonly pointing: Pointing;
  /** How values compare with those of another tree. */
  readonly marks?: (path: string) => Mark;
}

const MARKS: { readonly [M in Exclude<Mark, "same">]: { readonly sign: string; readonly words: string } } = {
  differs: { sign: "≠", words: "The other profile has another value here" },
  only: { sign: "+", words: "The other profile has nothing here" },
};

function MarkSign({ mark }: { readonly mark: Mark }) {
  if (mark === "same") return null;
  const { sign, words } = MARKS[mark];
  return (
    <span class="mark" title={words}>
      <span aria-hidden="true">{sign}</span>
      <span class="unseen">{words}.</span>
    </span>
  );
}

export function Tree({ label, value, of, lit, pointing, marks }: TreeProps) {
  const [shown, setShown] = useState(MOST_LINES);
  const textOf = of.kind === "raw" ? valueText : (leaf: unknown) => printable(String(leaf));
  const lines: Line[] = [];
  let isMore = false;
  for (const line of linesIn(value, "", 0, textOf)) {
    isMore = lines.length >= shown;
    if (isMore) break;
    lines.push(line);
  }
  const roving = useRoving<HTMLDivElement>(lines.length);
  return (
    <div class="tree code">
      <div role="tree" aria-label={label} {...roving.list}>
        {lines.map(({ depth, lead, name, path, text, isLeaf }, at) => {
          const target: Target =
            of.kind === "raw" ? { kind: "raw", path } : { kind: "value", profile: of.profile, path };
          const mark = isLeaf && marks !== undefined ? marks(path) : "same";
          const isTarget = isLeaf || of.kind === "raw";
          const { onFocus, ...events } = pointed(pointing, target);
          return (
            <div
              key={path}
              role="treeitem"
              aria-level={depth + 1}
              class={`line ${isLeaf ? "leaf" : "branch"} ${mark} ${isTarget && lit.has(keyOf(target)) ? "lit" : ""}`}
              style={{ "--depth": depth }}
              {...(isTarget && (of.kind === "raw" ? { "data-raw": path } : { "data-path": path }))}
              {...(isTarget && events)}
              {...roving.item(at)}
              tabIndex={roving.tabIndex(at)}
              onFocus={() => {
                roving.moveTo(at);
                if (isTarget) onFocus();
              }}
            >
              {lead !== "" && <span class="lead">{lead} </span>}
              <span class="name">{name}</span> <span class="value">{text}</span>
              <MarkSign mark={mark} />
            </div>
          );
        })}
      </div>
      {isMore && (
        <button type="button" class="quiet-button" onClick={() => setShown(shown * 5)}>
          Show more lines
        </button>
      )}
    </div>
  );
}
