/** The identifying values of all pages, to be found again inside other texts, whatever their case or encoding. */

import { isPlaceholder } from "../preflight/placeholder.ts";

const WORD = /[\p{L}\p{N}]+/gu;
/** A longer value is known by its first words. */
const MOST_WORDS = 12;
/** Shorter values are likely to be common words. */
const LEAST_CHARACTERS = 3;
const LEAST_DIGITS = 5;

/** Part of a text. */
interface Span {
  readonly start: number;
  readonly end: number;
}

function wordsOf(text: string): (Span & { readonly word: string })[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    word: word.toLowerCase(),
    start: index,
    end: index + word.length,
  }));
}

const CHUNK = /[^\s"'<>]+/g;
const PERCENT = /(?:%[0-9a-f]{2})+/gi;
const BASE64 = /[A-Za-z0-9+/_-]{4,}={0,2}/g;

function percentDecoded(text: string): string {
  return text.replace(PERCENT, (part) => Buffer.from(part.replaceAll("%", ""), "hex").toString("utf8"));
}

function base64Decoded(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

export class Known {
  readonly #values = new Set<string>();
  #mostWords = 0;

  add(value: string): void {
    if (isPlaceholder(value)) return;
    const words = wordsOf(value)
      .slice(0, MOST_WORDS)
      .map(({ word }) => word);
    const key = words.join(" ");
    const least = /^[\d ]*$/.test(key) ? LEAST_DIGITS : LEAST_CHARACTERS;
    if (key.length < least) return;
    this.#values.add(key);
    this.#mostWords = Math.max(this.#mostWords, words.length);
  }

  /** Where known values stand in a text, from left to right, the longest that starts at a word. */
  find(text: string): Span[] {
    const spans = [...this.#plain(text)];
    const encoded = [
      ...(text.includes("%") ? this.#encoded(text, CHUNK, percentDecoded) : []),
      ...this.#encoded(text, BASE64, base64Decoded),
    ];
    const isCovered = ({ start, end }: Span): boolean =>
      encoded.some((other) => other.start <= start && end <= other.end);
    return [...spans.filter((span) => !isCovered(span)), ...encoded].sort((a, b) => a.start - b.start);
  }

  *#plain(text: string): Generator<Span> {
    const words = wordsOf(text);
    for (let from = 0; from < words.length; from++) {
      for (let to = Math.min(words.length, from + this.#mostWords); to > from; to--) {
        const part = words.slice(from, to);
        if (!this.#values.has(part.map(({ word }) => word).join(" "))) continue;
        yield { start: part[0]?.start ?? 0, end: part.at(-1)?.end ?? 0 };
        from = to - 1;
        break;
      }
    }
  }

  *#encoded(text: string, form: RegExp, decode: (text: string) => string): Generator<Span> {
    for (const { 0: part, index } of text.matchAll(form)) {
      const decoded = decode(part);
      if (decoded === part) continue;
      const [found] = this.#plain(decoded);
      if (found !== undefined) yield { start: index, end: index + part.length };
    }
  }
}
