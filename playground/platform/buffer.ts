/**
 * What the reading code uses of Node's buffers, for browsers. The build puts it in the place of `node:buffer` and of the
 * global `Buffer`.
 */

type Encoding = "utf8" | "latin1" | "hex" | "base64";

const utf8 = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** Whether all bytes are UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The longest string of V8, as in Node.js. */
export const constants = { MAX_STRING_LENGTH: 2 ** 29 - 24 };

/** Base64 as Node.js reads it: either alphabet, up to the first character that is in neither. */
function fromBase64(text: string): Uint8Array {
  const [letters = ""] = /^[A-Za-z0-9+/]*/.exec(text.replaceAll("-", "+").replaceAll("_", "/")) ?? [];
  const whole = letters.length % 4 === 1 ? letters.slice(0, -1) : letters;
  return Uint8Array.from(atob(whole), (unit) => unit.charCodeAt(0));
}

function encoded(text: string, encoding: Encoding): Uint8Array {
  switch (encoding) {
    case "utf8":
      return utf8.encode(text);
    case "latin1":
      return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
    case "hex":
      return Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
    case "base64":
      return fromBase64(text);
  }
}

class Bytes extends Uint8Array {
  override toString(encoding: Encoding = "utf8", start = 0, end = this.length): string {
    const part = this.subarray(start, end);
    if (encoding === "latin1") return Array.from(part, (byte) => String.fromCharCode(byte)).join("");
    return lenient.decode(part);
  }

  override indexOf(wanted: number | string | Uint8Array, from = 0): number {
    if (typeof wanted === "number") return super.indexOf(wanted, from);
    const text = typeof wanted === "string" ? utf8.encode(wanted) : wanted;
    let at = super.indexOf(text[0] ?? 0, from);
    while (at >= 0 && !this.#holds(text, at)) at = super.indexOf(text[0] ?? 0, at + 1);
    return at;
  }

  override lastIndexOf(wanted: number | Uint8Array, from = this.length - 1): number {
    if (typeof wanted === "number") return super.lastIndexOf(wanted, from);
    let at = super.lastIndexOf(wanted[0] ?? 0, from);
    while (at >= 0 && !this.#holds(wanted, at))
      at = at === 0 ? -1 : super.lastIndexOf(wanted[0] ?? 0, at - 1);
    return at;
  }

  #holds(text: Uint8Array, at: number): boolean {
    return text.every((byte, offset) => this[at + offset] === byte);
  }

  /** How these bytes sort against a range of others: negative when they come first. */
  compare(others: Uint8Array, start = 0, end = others.length): number {
    const other = others.subarray(start, end);
    const at = this.findIndex((byte, index) => byte !== other[index]);
    return at < 0 ? this.length - other.length : (this[at] ?? 0) - (other[at] ?? -1);
  }

  copy(target: Uint8Array, at = 0): void {
    target.set(this, at);
  }
}

function joined(parts: readonly Uint8Array[]): Bytes {
  const all = new Bytes(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Bytes that share memory with an array buffer, or are a copy of other bytes or of text. */
function bytesFrom(
  from: ArrayBuffer | readonly number[] | Uint8Array | string,
  offsetOrEncoding?: number | Encoding,
  length?: number,
): Bytes {
  if (typeof from === "string") {
    return new Bytes(encoded(from, typeof offsetOrEncoding === "string" ? offsetOrEncoding : "utf8"));
  }
  if (from instanceof Uint8Array || !(from instanceof ArrayBuffer)) return new Bytes(from);
  return new Bytes(from, typeof offsetOrEncoding === "number" ? offsetOrEncoding : 0, length);
}

export const Buffer = {
  alloc: (length: number): Bytes => new Bytes(length),
  allocUnsafeSlow: (length: number): Bytes => new Bytes(length),
  concat: joined,
  from: bytesFrom,
  isBuffer: (value: unknown): boolean => value instanceof Bytes,
};
