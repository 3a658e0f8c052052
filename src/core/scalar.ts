/** Which raw values count, and how they are printed. */

export type Scalar = string | number | boolean;

function isBlank(text: string): boolean {
  if (text === "") return true;
  const first = text.charCodeAt(0);
  return !(first > 32 && first < 127) && text.trim() === "";
}

/**
 * A raw value when it is present: a boolean, a finite number, or a string with at least one character that is
 * not white space.
 */
export function present(value: unknown): Scalar | undefined {
  if (typeof value === "string") return isBlank(value) ? undefined : value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "boolean" ? value : undefined;
}

/** A present value as text: strings verbatim, except that unpaired surrogates become U+FFFD. */
export function print(value: Scalar): string {
  if (typeof value !== "string") return String(value);
  return value.isWellFormed() ? value : value.toWellFormed();
}

export type RawObject = { readonly [field: string]: unknown };

/** True for a JSON object that is not an array. */
export function isObject(value: unknown): value is RawObject {
  return isComposite(value) && !Array.isArray(value);
}

/** True for a JSON array or object: where a scalar belongs, that is a wrong type and not an absent value. */
export function isComposite(value: unknown): value is RawObject {
  return typeof value === "object" && value !== null;
}

/** The value of the first of the names that is an object's own field; undefined when none is. */
export function ownField(value: unknown, ...names: readonly string[]): unknown {
  if (!isObject(value)) return undefined;
  const name = names.find((one) => Object.hasOwn(value, one));
  return name === undefined ? undefined : value[name];
}
