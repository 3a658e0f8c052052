/**
 * Walks over the JSON text of a document and lets every value be written anew. All other bytes stay: nothing is
 * parsed and printed again, so that numbers, order and repeated names are as they came.
 */

import { valueOfText } from "../core/hint.ts";
import { isEnvelope, type RecordsAt } from "../core/page.ts";
import { resourceOf } from "../core/resource.ts";
import { isComposite, isObject } from "../core/scalar.ts";
import {
  elementPlace,
  envelopePlace,
  type FieldPlace,
  fieldPlace,
  objectPlace,
  recordPlace,
} from "./reference.ts";

export interface Visitor {
  /** The names and paths of fields that are kept. */
  readonly keep: ReadonlySet<string>;
  /** Each returns the replacement of a value or name, or the same again where it stays. */
  text(value: string, place: FieldPlace): string;
  number(literal: string, place: FieldPlace): string;
  /**
   * @param isKnown whether the reference or the user names the field
   * @param holder the place of its object
   */
  name(name: string, isKnown: boolean, holder: FieldPlace): string;
}

const TOKEN = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The most levels of objects and lists that are walked into. No document of Duo's is nested as deep. */
const DEEPEST = 200;

export class TooDeep extends Error {}

/** What stands around the documents that a path leads to. */
const AROUND: FieldPlace = { path: "", treatment: "unknown", reference: undefined };

class Walk {
  readonly #text: string;
  readonly #visitor: Visitor;
  readonly #source: string;
  readonly #tokens: RegExpStringIterator<RegExpExecArray>;
  #token: RegExpExecArray | undefined;
  #written = "";
  #from = 0;
  #depth = 0;

  constructor(text: string, source: string, visitor: Visitor) {
    this.#text = text;
    this.#source = source;
    this.#visitor = visitor;
    this.#tokens = text.matchAll(TOKEN);
    this.#advance();
  }

  get written(): string {
    return this.#written + this.#text.slice(this.#from);
  }

  #advance(): void {
    const next = this.#tokens.next();
    this.#token = next.done === true ? undefined : next.value;
  }

  /** What the current token is, without moving on. */
  get #current(): string {
    return this.#token?.[0] ?? "";
  }

  /** Writes something else for the current token. */
  #replace(text: string): void {
    if (this.#token === undefined || text === this.#current) return;
    this.#written += this.#text.slice(this.#from, this.#token.index) + text;
    this.#from = this.#token.index + this.#current.length;
  }

  /** A document: an envelope, a list of records or of documents, or one record. */
  document(value: unknown): void {
    if (Array.isArray(value)) {
      this.#list((at) => {
        const element: unknown = value[at];
        if (isEnvelope(element)) this.document(element);
        else this.#record(element);
      });
    } else if (isEnvelope(value)) {
      const { response } = value;
      this.#object(envelopePlace, (name, place) => {
        if (name !== "response") this.#value(place);
        else if (Array.isArray(response)) this.#list((at) => this.#record(response[at]));
        else this.#record(response);
      });
    } else this.#record(value);
  }

  /** The documents at a path. What stands around them is in no reference. */
  at(value: unknown, recordsAt: RecordsAt): void {
    const [step, ...rest] = recordsAt;
    if (typeof value === "string" && this.#current.startsWith('"')) this.#packed(value, recordsAt);
    else if (step === undefined) this.document(value);
    else if (step === "each" && Array.isArray(value) && this.#current === "[") {
      this.#list((at) => this.at(value[at], rest));
    } else if (step !== "each" && isObject(value) && this.#current === "{") {
      const { field } = step;
      const see = (name: string, place: FieldPlace): void => {
        if (name === field) this.at(value[name], rest);
        else this.#value(place);
      };
      this.#object(AROUND, see, field);
    } else this.#value(AROUND);
  }

  /** A text that holds JSON, plain or in base64, and is written in the same way again. */
  #packed(text: string, recordsAt: RecordsAt): void {
    const value = valueOfText(text);
    if (!isComposite(value)) {
      this.#value(AROUND);
      return;
    }
    const isPlain = /^\s*[[{]/.test(text);
    const json = isPlain ? text : Buffer.from(text, "base64").toString("utf8");
    const written = walkDocument(json, value, this.#source, this.#visitor, recordsAt);
    if (written !== json) {
      this.#replace(JSON.stringify(isPlain ? written : Buffer.from(written).toString("base64")));
    }
    this.#advance();
  }

  #record(value: unknown): void {
    const named = resourceOf(this.#source, []);
    this.#value(recordPlace(named === "unknown" ? resourceOf("", [value]) : named));
  }

  #list(element: (at: number) => void): void {
    if (this.#current !== "[") {
      // The object has a name twice, and the parsed value is that of the other.
      this.#value(recordPlace("unknown"));
      return;
    }
    this.#inside(() => {
      for (let at = 0; this.#current !== "]"; at++) {
        element(at);
        if (this.#current === ",") this.#advance();
      }
    });
  }

  /** @param way the field that leads to the documents */
  #object(place: FieldPlace, field: (name: string, place: FieldPlace) => void, way?: string): void {
    const { keep } = this.#visitor;
    this.#inside(() => {
      while (this.#current !== "}") {
        const name: string = JSON.parse(this.#current);
        const known = fieldPlace(place, name, name, keep);
        const isKnown =
          known.treatment !== "unknown" ||
          known.reference !== undefined ||
          name === "response" ||
          name === way;
        const shown = this.#visitor.name(name, isKnown, place);
        if (shown !== name) this.#replace(JSON.stringify(shown));
        this.#advance();
        this.#advance();
        field(name, shown === name ? known : fieldPlace(place, name, "*", keep));
        if (this.#current === ",") this.#advance();
      }
    });
  }

  /** From an opening bracket to after the closing one. */
  #inside(walk: () => void): void {
    if (++this.#depth > DEEPEST) throw new TooDeep();
    this.#advance();
    walk();
    this.#advance();
    this.#depth--;
  }

  #value(place: FieldPlace): void {
    const token = this.#current;
    if (token === "[") this.#list(() => this.#value(elementPlace(place)));
    else if (token === "{") this.#object(objectPlace(place), (_, below) => this.#value(below));
    else {
      if (token.startsWith('"')) {
        const value: string = JSON.parse(token);
        const replaced = this.#visitor.text(value, place);
        if (replaced !== value) this.#replace(JSON.stringify(replaced));
      } else if (/^[-\d]/.test(token)) this.#replace(this.#visitor.number(token, place));
      this.#advance();
    }
  }
}

/**
 * The text of a JSON value with what the visitor writes for the values in it.
 *
 * @param value the same JSON value, parsed
 * @param recordsAt where in it the documents stand. Default: it is the document
 * @throws TooDeep when the document is nested too deep
 */
export function walkDocument(
  text: string,
  value: unknown,
  source: string,
  visitor: Visitor,
  recordsAt?: RecordsAt,
): string {
  const walk = new Walk(text, source, visitor);
  if (recordsAt === undefined) walk.document(value);
  else walk.at(value, recordsAt);
  return walk.written;
}
