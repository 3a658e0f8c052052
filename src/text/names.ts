/** Names of fields, told from keys that are somebody's data: an address, a number, a name in a map. */

/** Stands for every key of an object that is data rather than the name of a field. */
export const ANY = "*";

/** Objects whose keys the customer or the user chooses. */
const FREE_FORM: ReadonlySet<string> = new Set(["aliases", "custom_attributes"]);

/** An address, a number of a person or a thing, or a sentence. */
const LOOKS_LIKE_DATA = /@|(?:\d\W*){5}|.{65}/su;

/** Names as Duo and UDM give them. An object in a field may be a map, so only such keys of it are shown. */
const FIELD_NAME = /^[a-z][A-Za-z0-9_]*$/;

/** True of a field whose keys are data, whatever they look like. */
export function isFreeForm(field: string): boolean {
  return FREE_FORM.has(field);
}

/** True when a key can be shown. `isNested`: its object stands in a field of another object, not in a list. */
export function isName(key: string, isNested: boolean): boolean {
  return !LOOKS_LIKE_DATA.test(key) && (!isNested || FIELD_NAME.test(key));
}
