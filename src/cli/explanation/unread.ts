/** What a record carries that no row of the table reads. */

import type { Row } from "../../core/profile.ts";
import { isObject, present } from "../../core/scalar.ts";
import { fieldPath } from "../../text/paths.ts";

/** Levels of objects and arrays that are looked into; what lies deeper counts as one field. */
const DEEPEST_LOOK = 8;

/** What rows read: fields of the record, fields of lists in it, and the lists of which only the first element counts. */
interface ReadFields {
  readonly fields: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  readonly firsts: ReadonlySet<string>;
}

function containerOf(field: string): string {
  return field.slice(0, Math.max(field.indexOf("."), 0));
}

function readBy(rows: readonly Row[]): ReadFields {
  const fields = new Set<string>();
  const each = new Set<string>();
  for (const { log_field, rule } of rows) {
    const others = [
      ...("or" in rule && rule.or !== undefined ? rule.or.flat() : []),
      ...("unless" in rule && rule.unless !== undefined ? rule.unless : []),
    ];
    for (const field of [log_field, ...others]) fields.add(field);
    if (!("of" in rule && rule.of === "first")) each.add(containerOf(log_field));
  }
  const lists = new Set(Array.from(fields, containerOf));
  return { fields, lists, firsts: new Set([...lists].filter((list) => !each.has(list))) };
}

/** Whether there is any scalar to be read in a value. */
function holdsAny(value: unknown, depth: number): boolean {
  if (present(value) !== undefined) return true;
  if (Array.isArray(value))
    return depth > DEEPEST_LOOK || value.some((element) => holdsAny(element, depth + 1));
  return (
    isObject(value) &&
    (depth > DEEPEST_LOOK || Object.values(value).some((field) => holdsAny(field, depth + 1)))
  );
}

function elementsName(list: string, last: number): string {
  return last === 1 ? `${list}[1]` : `${list}[1] to [${last}]`;
}

/**
 * The paths of fields that hold something and that no row reads: `serial`, `users[].realname`. Of an object or a
 * list that no row looks into there is one path.
 */
export function unreadFields(record: object, rows: readonly Row[]): string[] {
  const { fields, lists, firsts } = readBy(rows);
  const unread = new Set<string>();
  for (const [name, value] of Object.entries(record)) {
    if (!holdsAny(value, 1)) continue;
    if (!lists.has(name)) {
      if (!fields.has(name)) unread.add(fieldPath("", name));
      continue;
    }
    const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
    const path = Array.isArray(value) ? `${name}[]` : name;
    const looked = firsts.has(name) ? elements.slice(0, 1) : elements;
    for (const element of looked) {
      if (!isObject(element)) continue;
      for (const [field, inner] of Object.entries(element)) {
        if (!fields.has(`${name}.${field}`) && holdsAny(inner, 2)) unread.add(fieldPath(path, field));
      }
    }
    if (looked.length < elements.length) unread.add(elementsName(name, elements.length - 1));
  }
  return [...unread];
}
