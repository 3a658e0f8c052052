/**
 * Entities as NDJSON bytes: what `JSON.stringify` gives for each, a line feed behind it, encoded as UTF-8.
 * Entities are built in canonical order, so these are the bytes of a stable stringify too.
 */

import { isComposite, type RawObject } from "./scalar.ts";

const QUOTE = 34;
const COLON = 58;
const COMMA = 44;
const BACKSLASH = 92;
const DELETE = 127;

/** Most bytes that one UTF-16 unit takes in UTF-8. */
const BYTES_A_UNIT = 3;

export class NdjsonWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  /** Field names are few and always plain: their bytes, quotes and colon included. */
  readonly #names = new Map<string, Uint8Array>();

  /** Bytes written since the last {@link take}. */
  get length(): number {
    return this.#length;
  }

  /** Appends an object of strings, arrays and objects, and a line feed. */
  line(value: object): void {
    this.#value(value);
    this.#byte(10);
  }

  /** Appends text as it is. */
  text(text: string): void {
    this.#encode(text);
  }

  /** The bytes written so far, which the writer then forgets. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #value(value: unknown): void {
    if (typeof value === "string") this.#string(value);
    else if (Array.isArray(value)) this.#array(value);
    else if (isComposite(value)) this.#object(value);
    else this.#encode(JSON.stringify(value));
  }

  #array(values: readonly unknown[]): void {
    this.#byte(91);
    for (let at = 0; at < values.length; at++) {
      if (at > 0) this.#byte(COMMA);
      this.#value(values[at]);
    }
    this.#byte(93);
  }

  #object(fields: RawObject): void {
    let before = 123;
    for (const name in fields) {
      this.#byte(before);
      before = COMMA;
      this.#name(name);
      this.#value(fields[name]);
    }
    if (before === 123) this.#byte(before);
    this.#byte(125);
  }

  #name(name: string): void {
    let bytes = this.#names.get(name);
    if (bytes === undefined) {
      const start = this.#length;
      this.#string(name);
      this.#byte(COLON);
      bytes = this.#bytes.slice(start, this.#length);
      this.#names.set(name, bytes);
      return;
    }
    this.#reserve(bytes.length);
    const to = this.#bytes;
    let at = this.#length;
    for (let from = 0; from < bytes.length; from++) to[at++] = bytes[from] ?? 0;
    this.#length = at;
  }

  #string(text: string): void {
    this.#reserve(text.length + 2);
    const to = this.#bytes;
    let at = this.#length;
    to[at++] = QUOTE;
    for (let from = 0; from < text.length; from++) {
      const unit = text.charCodeAt(from);
      if (unit < 32 || unit === QUOTE || unit === BACKSLASH || unit >= DELETE) {
        this.#encode(JSON.stringify(text));
        return;
      }
      to[at++] = unit;
    }
    to[at++] = QUOTE;
    this.#length = at;
  }

  /** Appends well-formed text as UTF-8. */
  #encode(text: string): void {
    this.#reserve(text.length * BYTES_A_UNIT);
    const to = this.#bytes;
    let at = this.#length;
    for (let from = 0; from < text.length; from++) {
      const point = text.codePointAt(from) ?? 0;
      if (point < 0x80) {
        to[at++] = point;
      } else if (point < 0x800) {
        to[at++] = 0xc0 | (point >> 6);
        to[at++] = 0x80 | (point & 0x3f);
      } else if (point < 0x10000) {
        to[at++] = 0xe0 | (point >> 12);
        to[at++] = 0x80 | ((point >> 6) & 0x3f);
        to[at++] = 0x80 | (point & 0x3f);
      } else {
        from++;
        to[at++] = 0xf0 | (point >> 18);
        to[at++] = 0x80 | ((point >> 12) & 0x3f);
        to[at++] = 0x80 | ((point >> 6) & 0x3f);
        to[at++] = 0x80 | (point & 0x3f);
      }
    }
    this.#length = at;
  }
}
