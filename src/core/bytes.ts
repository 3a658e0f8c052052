/** JSON text as UTF-8 bytes, in a buffer that grows. */

const QUOTE = 34;
const BACKSLASH = 92;
const DELETE = 127;

/** Most bytes that one UTF-16 unit takes in UTF-8. */
const BYTES_A_UNIT = 3;

export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  /** @param capacity for how many bytes there is room before more has to be made */
  constructor(capacity = 1 << 16) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Bytes written since the last {@link take}. */
  get length(): number {
    return this.#length;
  }

  /** The bytes written so far, which the writer then forgets: they are good until it writes again. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  /** Forgets what was written from `length` on. */
  rewind(length: number): void {
    this.#length = length;
  }

  /** Writes over one byte that was written before. */
  patch(at: number, byte: number): void {
    this.#bytes[at] = byte;
  }

  raw(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#reserve(length);
    const to = this.#bytes;
    const start = this.#length;
    for (let at = 0; at < length; at++) to[start + at] = bytes[at] ?? 0;
    this.#length = start + length;
  }

  /** A JSON string, as `JSON.stringify` writes it. */
  string(text: string): void {
    const { length } = text;
    this.#reserve(length + 2);
    const to = this.#bytes;
    let at = this.#length;
    to[at++] = QUOTE;
    for (let from = 0; from < length; from++) {
      const unit = text.charCodeAt(from);
      if (unit < 32 || unit === QUOTE || unit === BACKSLASH || unit >= DELETE) {
        this.text(JSON.stringify(text));
        return;
      }
      to[at++] = unit;
    }
    to[at++] = QUOTE;
    this.#length = at;
  }

  /** Well-formed text as it is. */
  text(text: string): void {
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

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

export function utf8(text: string): Uint8Array {
  const writer = new ByteWriter(text.length * BYTES_A_UNIT);
  writer.text(text);
  return writer.take();
}
