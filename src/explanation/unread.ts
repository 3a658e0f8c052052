/** What a record carries that no row of the table reads. */

import { isObject, present } from "../core/scalar.ts";
import { anyPath, fieldPath, pathPattern } from "../text/paths.ts";

/** Levels of objects and arrays that are looked into; what lies deeper counts as one field. */
const DEEPEST_LOOK = 8;

/** Whether there is any scalar to be read in a value. */
function holdsAny(value: unknown, depth: number): boolean {
  if (present(value) !== undefined) return true;
  if (Array.isArray(value))
    return depth > DEEPEST_LOOK || value.some((element) => holdsAny(element, depth + 1));
  if (!isObject(value)) return false;
  return depth > DEEPEST_LOOK || Object.values(value).some((field) => holdsAny(field, depth + 1));
}

/**
 * The paths of fields that hold a value and that no row reads: `serial`, `browsers[].flash_version`. An object or a
 * list that no row looks into has one path. So do the elements after the only one that is read: `users[1] to [3]`.
 */
export function unreadFields(record: object, isRead: (path: string) => boolean): string[] {
  const unread = new Set<string>();

  function visitElements(elements: readonly unknown[], path: string, depth: number): void {
    const left: number[] = [];
    elements.forEach((element, at) => {
      if (!holdsAny(element, depth)) return;
      const place = `${path}[${at}]`;
      if (!isRead(place)) left.push(at);
      else if (isObject(element)) visitFields(element, isRead(`${path}[]`) ? `${path}[]` : place, depth);
    });
    const [first] = left;
    if (first === undefined) return;
    unread.add(left.length === 1 ? `${path}[${first}]` : `${path}[${first}] to [${left.at(-1)}]`);
  }

  function visitFields(object: object, path: string, depth: number): void {
    for (const [name, value] of Object.entries(object)) {
      if (!holdsAny(value, depth)) continue;
      const place = fieldPath(path, name);
      if (!isRead(place) && !isRead(pathPattern(place)) && !(path !== "" && isRead(anyPath(path)))) {
        unread.add(place);
      } else if (Array.isArray(value)) visitElements(value, place, depth + 1);
      else if (isObject(value)) visitFields(value, place, depth + 1);
    }
  }

  visitFields(record, "", 1);
  return [...unread];
}
