/**
 * Replaces words by words, one for one: a keyed permutation of all words of the same length and kinds of characters.
 * Letters stay letters and digits stay digits, in the same case. Mixed by a Feistel network over characters, the words
 * stand in a ring, and each is replaced by the next.
 */

/** The bytes that a secret makes of a message, such as HMAC-SHA256: without the secret nobody can tell them. */
export type KeyedDigest = (message: string) => Uint8Array;

/** A kind of characters, and the characters of that kind. A letter with two cases stands there in lower case. */
interface Alphabet {
  readonly name: string;
  readonly characters: readonly string[];
  readonly indexes: ReadonlyMap<string, number>;
}

interface Position {
  readonly alphabet: Alphabet;
  readonly index: number;
  readonly isUpper: boolean;
}

/** All words with the same kinds of characters. */
interface Domain {
  readonly kinds: string;
  /** How many characters there are at each position. */
  readonly radices: readonly number[];
}

const ROUNDS = 8;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}]$/u;

function alphabet(name: string, characters: readonly string[]): Alphabet {
  return { name, characters, indexes: new Map(characters.map((character, index) => [character, index])) };
}

const DIGITS = alphabet("digit", [..."0123456789"]);
const LETTERS = alphabet("letter", [..."abcdefghijklmnopqrstuvwxyz"]);
const HEX = alphabet("hex", [..."0123456789abcdef"]);

/** The lower case of a letter that has exactly one of each case. */
function lowerCase(character: string): string {
  const lower = character.toLowerCase();
  return lower !== character && lower.toUpperCase() === character ? lower : character;
}

const hasCase = (lower: string): boolean => {
  const upper = lower.toUpperCase();
  return upper !== lower && upper.toLowerCase() === lower && [...upper].length === 1;
};

/** The last letters that look Latin. */
const LATIN_TO = 0x24f;
const BMP_TO = 0xffff;
const LETTERS_TO = 0x3ffff;

let others: readonly Alphabet[] | undefined;

/** The letters and digits beyond ASCII, made when first needed. */
function otherAlphabets(): readonly Alphabet[] {
  if (others !== undefined) return others;
  const latin: string[] = [];
  const cased: string[] = [];
  const uncased: string[] = [];
  const astral: string[] = [];
  for (let code = 0x80; code <= LETTERS_TO; code++) {
    const character = String.fromCodePoint(code);
    if (!LETTER_OR_DIGIT.test(character) || lowerCase(character) !== character) continue;
    if (code > BMP_TO) astral.push(character);
    else if (!hasCase(character)) uncased.push(character);
    else (code > LATIN_TO ? cased : latin).push(character);
  }
  others = [
    alphabet("latin", latin),
    alphabet("cased", cased),
    alphabet("uncased", uncased),
    alphabet("astral", astral),
  ];
  return others;
}

function positionOf(character: string): Position | undefined {
  const lower = lowerCase(character);
  const isUpper = lower !== character;
  const alphabets = lower <= "\u007f" ? [DIGITS, LETTERS] : otherAlphabets();
  for (const one of alphabets) {
    const index = one.indexes.get(lower);
    if (index !== undefined) return { alphabet: one, index, isUpper };
  }
  return undefined;
}

/**
 * The kind of a word in lower case: what stands for a word is of its kind. A word without a kind stands for itself.
 */
type KindOf = (word: string) => string | undefined;

export class Permutation {
  readonly #digest: KeyedDigest;

  constructor(digest: KeyedDigest) {
    this.#digest = digest;
  }

  /** Numbers that depend on the secret and on all that is given: one for each radix, below it. */
  #numbers(message: string, radices: readonly number[]): number[] {
    const numbers: number[] = [];
    for (let block = 0; numbers.length < radices.length; block++) {
      const { buffer, byteOffset, byteLength } = this.#digest(`${block} ${message}`);
      const digest = new DataView(buffer, byteOffset, byteLength);
      for (let at = 0; at + 4 <= byteLength && numbers.length < radices.length; at += 4) {
        numbers.push(digest.getUint32(at) % (radices[numbers.length] ?? 1));
      }
    }
    return numbers;
  }

  /** The network, or the way back through it. */
  #mix(indexes: readonly number[], { kinds, radices }: Domain, isBack: boolean): number[] {
    const middle = indexes.length >> 1;
    let left = indexes.slice(0, middle);
    let right = indexes.slice(middle);
    const shifted = (values: readonly number[], from: number, message: string): number[] => {
      const shifts = this.#numbers(message, radices.slice(from, from + values.length));
      return values.map((value, at) => {
        const radix = radices[from + at] ?? 1;
        const shift = shifts[at] ?? 0;
        return (value + (isBack ? radix - shift : shift)) % radix;
      });
    };
    for (let at = 0; at < ROUNDS; at++) {
      const round = isBack ? ROUNDS - 1 - at : at;
      if (round % 2 === 0) left = shifted(left, 0, `${round} ${kinds} ${right}`);
      else right = shifted(right, middle, `${round} ${kinds} ${left}`);
    }
    return [...left, ...right];
  }

  /** The next word of one long round through all words, in an order that the secret gives: no word stands for itself. */
  #next(indexes: readonly number[], domain: Domain): number[] {
    const mixed = this.#mix(indexes, domain, false);
    for (let at = mixed.length - 1; at >= 0; at--) {
      const next = ((mixed[at] ?? 0) + 1) % (domain.radices[at] ?? 1);
      mixed[at] = next;
      if (next !== 0) break;
    }
    return this.#mix(mixed, domain, true);
  }

  /** Permutes until the word is of its own kind again. */
  #walk(positions: readonly Position[], kindOf: KindOf): string[] {
    const alphabets = positions.map((position) => position.alphabet);
    const domain = {
      kinds: alphabets.map(({ name }) => name).join(),
      radices: alphabets.map(({ characters }) => characters.length),
    };
    const lower = (indexes: readonly number[]): string[] =>
      indexes.map((index, at) => alphabets[at]?.characters[index] ?? "");
    let indexes = positions.map(({ index }) => index);
    const kind = kindOf(lower(indexes).join(""));
    if (kind === undefined) return lower(indexes);
    do indexes = this.#next(indexes, domain);
    while (kindOf(lower(indexes).join("")) !== kind);
    return lower(indexes);
  }

  /** The word that stands for a word of letters and digits. */
  word(word: string, kindOf: KindOf): string {
    const positions: Position[] = [];
    for (const character of word) {
      const position = positionOf(character);
      if (position === undefined) return word;
      positions.push(position);
    }
    const replaced = this.#walk(positions, kindOf);
    return replaced.map((one, at) => (positions[at]?.isUpper === true ? one.toUpperCase() : one)).join("");
  }

  /** The hexadecimal digits that stand for others; upper case stays so when there is no lower case. */
  hex(digits: string, kindOf: KindOf): string {
    const positions = [...digits.toLowerCase()].map((digit) => ({
      alphabet: HEX,
      index: HEX.indexes.get(digit) ?? 0,
      isUpper: false,
    }));
    const replaced = this.#walk(positions, kindOf).join("");
    return digits === digits.toUpperCase() ? replaced.toUpperCase() : replaced;
  }

  /** A number below a bound, which depends on the text. */
  number(text: string, below: number): number {
    return this.#numbers(`number ${text}`, [below])[0] ?? 0;
  }
}
