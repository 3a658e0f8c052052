/** JSON text as UTF-8 bytes, in a buffer that grows. */

const QUOTE = 34;
const COMMA = 44;
export const BRACKET = 93;
export const BRACE = 125;
const BACKSLASH = 92;
const DELETE = 127;

/** Most bytes that one UTF-16 unit takes in UTF-8. */
const BYTES_PER_UNIT = 3;

/** Text made ready to be written often. */
export interface FixedText {
  readonly bytes: Uint8Array;
  /** Its bytes by eight: short text is written in words, which takes half the time. */
  readonly words: Float64Array | undefined;
  /** 1 when it is written over the last comma, else 0. */
  readonly over: number;
}

/** The number of bytes of a word. */
const WORD = 8;

/** From this number of bytes on, text is not written in words. */
const LONG = 100;

/** @param isOver whether the text is written over the last comma */
export function fixedText(text: string, isOver = false): FixedText {
  const bytes = utf8(text);
  const padded = new Uint8Array(bytes.length + WORD - 1);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  // Any eight bytes of UTF-8 are a number other than NaN, whose bytes might not stay as they are.
  const words = Float64Array.from({ length: Math.ceil(bytes.length / WORD) }, (_, at) =>
    view.getFloat64(WORD * at, true),
  );
  return { bytes, words: bytes.length < LONG ? words : undefined, over: isOver ? 1 : 0 };
}

export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(1 << 10);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /**
   * The bytes written so far, as a copy. The writer keeps its memory, and starts again.
   *
   * @param memory gives room for a number of bytes
   */
  take(memory = (bytes: number): Uint8Array => new Uint8Array(bytes)): Uint8Array {
    const taken = memory(this.#length);
    taken.set(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  /** Closes an object or a list that has at least one member: over the last comma, and with a comma at the end. */
  close(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length - 1] = byte;
    this.#bytes[this.#length++] = COMMA;
  }

  /** Text that is written often. */
  fixed({ bytes, words, over }: FixedText): void {
    // The last word may reach beyond the text; what is written next goes over it.
    this.#reserve(bytes.length + WORD - 1);
    const start = this.#length - over;
    this.#length = start + bytes.length;
    if (words === undefined) this.#bytes.set(bytes, start);
    else
      for (let at = 0; at < words.length; at++)
        this.#view.setFloat64(start + WORD * at, words[at] ?? 0, true);
  }

  /** The rest of a JSON string after its opening quote, as `JSON.stringify` writes it, and a comma. */
  string(text: string): void {
    const { length } = text;
    this.#reserve(length + 2);
    const to = this.#bytes;
    let at = this.#length;
    for (let from = 0; from < length; from++) {
      const unit = text.charCodeAt(from);
      if (unit < 32 || unit === QUOTE || unit === BACKSLASH || unit >= DELETE) {
        this.text(`${JSON.stringify(text).slice(1)},`);
        return;
      }
      to[at++] = unit;
    }
    to[at++] = QUOTE;
    to[at++] = COMMA;
    this.#length = at;
  }

  /** Well-formed text as it is. */
  text(text: string): void {
    this.#reserve(text.length * BYTES_PER_UNIT);
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
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, needed));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

export function utf8(text: string): Uint8Array {
  const writer = new ByteWriter();
  writer.text(text);
  return writer.take();
}
