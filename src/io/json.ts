/** JSON text in UTF-8 as its value; a large page is parsed slice by slice. */

/** The number of bytes of records that are parsed at a time, roughly. */
const SLICE = 1 << 16;

const BRACKET = 93;

/** Room for a slice between brackets. V8 would copy the text of a slice to put brackets around it. */
const array = Buffer.from(`[${" ".repeat(SLICE)}]`);

/** How far the key of the first record may reach. */
const OPENING = 1024;

/** The array of a page's records, up to and with the first key of the first. */
const RECORDS = /^"response"\s*:\s*\[\s*(\{\s*"[^"\\]*"\s*:)/;

/** Between two records, as compact JSON has it and as Python writes it. */
const SEPARATORS = ["},", "}, "] as const;

/**
 * An element that no page has: where it is the first of `response`, the records that were cut off before belong
 * there.
 */
const MARK = `duo-udm ${Math.random()}`;

interface Cuts {
  /** Where the first record starts. */
  readonly first: number;
  /** What stands at the border of two records, from the brace that closes the one. */
  readonly border: Buffer;
}

function cutsOf(bytes: Buffer): Cuts | undefined {
  const response = bytes.indexOf('"response"');
  if (response < 0) return undefined;
  const [whole, opening] = RECORDS.exec(bytes.toString("latin1", response, response + OPENING)) ?? [];
  if (whole === undefined || opening === undefined) return undefined;
  const first = response + whole.length - opening.length;
  const beginning = bytes.subarray(first, first + SLICE);
  const borders = SEPARATORS.map((separator) => Buffer.from(separator + opening, "latin1"));
  const border = borders.find((one) => beginning.includes(one));
  return border && { first, border };
}

/**
 * Parses a page in slices; `undefined` when that does not work. A slice holds whole records when it is JSON between
 * brackets. The rest of the page is parsed with a mark in place of the slices.
 */
function inSlices(bytes: Buffer): { readonly value: unknown } | undefined {
  const cuts = cutsOf(bytes);
  if (cuts === undefined) return undefined;
  const records: unknown[] = [];
  let start = cuts.first;
  while (bytes.length - start > 2 * SLICE) {
    const slice = bytes.subarray(start, start + SLICE);
    const end = slice.lastIndexOf(cuts.border);
    if (end <= 0) return undefined;
    const length = slice.copy(array, 1, 0, end + 1);
    array[length + 1] = BRACKET;
    const parsed: unknown[] = JSON.parse(array.toString("utf8", 0, length + 2));
    for (const record of parsed) records.push(record);
    start += end + 2;
  }
  const rest = bytes.toString("utf8", start, bytes.length);
  const value: { response?: unknown } = JSON.parse(
    `${bytes.toString("utf8", 0, cuts.first)}"${MARK}",${rest}`,
  );
  const last = value.response;
  if (!Array.isArray(last) || last[0] !== MARK) return undefined;
  for (let at = 1; at < last.length; at++) records.push(last[at]);
  value.response = records;
  return { value };
}

/**
 * The value of JSON text, the same as `JSON.parse` of the whole. V8 keeps strings of some ten kilobytes, and what is
 * parsed from them, in memory that is cheap to clean. It does not keep the 500 kB of a page there.
 *
 * @throws SyntaxError
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length > 2 * SLICE) {
    try {
      const parsed = inSlices(bytes);
      if (parsed !== undefined) return parsed.value;
    } catch {
      // Either the slice was cut wrongly or the text is not JSON. Parsing all of it tells which.
    }
  }
  return JSON.parse(bytes.toString("utf8", 0, bytes.length));
}
