/** Paths into a record or entity: `users[0].email`, and `by["a.b"]` where a name is not a plain word. */

import { ALIAS_NAME } from "../core/cell.ts";
import { isObject } from "../core/scalar.ts";
import { ANY, isFreeForm, isName } from "./names.ts";

/** The way to a value: the names of fields and the indexes of lists. */
export type Steps = readonly (string | number)[];

const PLAIN_NAME = /^[^\s.[\]"\\*]+$/u;

/** All fields below `path`, where their names are data. */
export function anyPath(path: string): string {
  return path === "" ? ANY : `${path}.${ANY}`;
}

/** The field `name` below `path`. */
export function fieldPath(path: string, name: string): string {
  if (!PLAIN_NAME.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

/** The path of some steps, every key as it is. */
export function pathOf(steps: Steps): string {
  let path = "";
  for (const step of steps) path = typeof step === "number" ? `${path}[${step}]` : fieldPath(path, step);
  return path;
}

/** The path of some steps, with `*` for each key that may be somebody's data. */
export function maskedPath(steps: Steps): string {
  let path = "";
  for (const [at, step] of steps.entries()) {
    const holder = steps[at - 1];
    if (typeof step === "number") path = `${path}[${step}]`;
    else if (isShown(step, holder)) path = fieldPath(path, step);
    else path = anyPath(path);
  }
  return path;
}

/** Whether a key is the name of a field, given the field that holds its object or its place in a list. */
function isShown(key: string, holder: string | number | undefined): boolean {
  if (typeof holder !== "string") return isName(key, false);
  return isFreeForm(holder) ? holder === "aliases" && ALIAS_NAME.test(key) : isName(key, true);
}

function own(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === "number" ? value[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

const STEP = /\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]|([^.[\]]+)/g;

/** A path into an object whose keys are data: such a key may hold anything, dots too. */
function freeFormPath(path: string): readonly [holder: string, key: string] | undefined {
  const dot = path.indexOf(".");
  const holder = path.slice(0, Math.max(dot, 0));
  return isFreeForm(holder) ? [holder, path.slice(dot + 1)] : undefined;
}

/** What stands at a path below `root`, own fields only. */
export function valueAt(root: unknown, path: string): unknown {
  const freeForm = freeFormPath(path);
  if (freeForm !== undefined) {
    const [holder, key] = freeForm;
    const held = own(own(root, holder), key);
    if (held !== undefined) return held;
  }
  let value = root;
  for (const [, quoted, index, name] of path.matchAll(STEP)) {
    if (index !== undefined) value = own(value, Number(index));
    else value = own(value, quoted === undefined ? (name ?? "") : String(JSON.parse(quoted)));
  }
  return value;
}

/** The path with its indexes left out: `users[].email`, the same for all elements of a list. */
export function pathPattern(path: string): string {
  return path.replace(/\[\d+\]/g, "[]");
}
