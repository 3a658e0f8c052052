/** Paths into a record or entity: `users[0].email`, and `aliases["a.b"]` where a name is no plain word. */

import { isObject } from "../core/scalar.ts";

const PLAIN_NAME = /^[^\s.[\]"\\*]+$/u;

/** Stands for all keys of an object that are data rather than names of fields. */
export const ANY = "*";

/** All fields below `path`, where their names are data. */
export function anyPath(path: string): string {
  return path === "" ? ANY : `${path}.${ANY}`;
}

/** The field `name` below `path`. */
export function fieldPath(path: string, name: string): string {
  if (!PLAIN_NAME.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

function own(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === "number" ? value[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** What a JSON Pointer into `root` points to, and its path. */
export function follow(root: unknown, pointer: string): { path: string; value: unknown } {
  let path = "";
  let value = root;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const isIndex = Array.isArray(value);
    path = isIndex ? `${path}[${name}]` : fieldPath(path, name);
    value = own(value, isIndex ? Number(name) : name);
  }
  return { path, value };
}

const STEP = /\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]|([^.[\]]+)/g;

/** What stands at a path below `root`, own fields only. */
export function valueAt(root: unknown, path: string): unknown {
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
