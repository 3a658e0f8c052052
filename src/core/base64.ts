/** Base64 as text, without the help of Node.js or a browser. */

/** Base64 of either alphabet, with or without padding. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** The six bits of each letter, by its code. */
const BITS = new Uint8Array(128);
const ALPHABETS = ["+/", "-_"].map(
  (last) => `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${last}`,
);
for (const alphabet of ALPHABETS) {
  for (let bits = 0; bits < alphabet.length; bits++) BITS[alphabet.charCodeAt(bits)] = bits;
}

/** Every byte, percent-encoded. */
const ESCAPES = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).padStart(2, "0")}`);

/** Letters that are decoded at a time, in quartets. The escapes of a whole text may be too long for a string. */
const BLOCK = 1 << 16;

/** At the end of a block: a character whose other bytes may be in the next. */
const CUT_CHARACTER = /(?:%[c-f].(?:%[89ab].){0,2})?$/;

/** The bytes that letters stand for, percent-encoded. */
function escapesOf(letters: string): string {
  const bitsAt = (at: number): number => BITS[letters.charCodeAt(at)] ?? 0;
  let escapes = "";
  for (let at = 0; at < letters.length; at += 4) {
    const bits = (bitsAt(at) << 18) | (bitsAt(at + 1) << 12) | (bitsAt(at + 2) << 6) | bitsAt(at + 3);
    escapes += `${ESCAPES[bits >> 16]}${ESCAPES[(bits >> 8) & 255]}${ESCAPES[bits & 255]}`;
  }
  const missing = -letters.length & 3;
  return escapes.slice(0, escapes.length - 3 * missing);
}

/** The UTF-8 text in base64; `undefined` when it is not base64, or not of UTF-8. */
export function textOfBase64(base64: string): string | undefined {
  if (!BASE64.test(base64)) return undefined;
  const letters = base64.replace(/=+$/, "");
  if (letters.length % 4 === 1) return undefined;
  let text = "";
  let rest = "";
  try {
    for (let at = 0; at < letters.length; at += BLOCK) {
      const escapes = rest + escapesOf(letters.slice(at, at + BLOCK));
      const isLast = at + BLOCK >= letters.length;
      const end = isLast ? escapes.length : escapes.search(CUT_CHARACTER);
      text += decodeURIComponent(escapes.slice(0, end));
      rest = escapes.slice(end);
    }
  } catch {
    return undefined;
  }
  return text;
}
