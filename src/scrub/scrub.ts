/** Replaces the people and devices of documents by invented ones. All documents are seen twice. */

import type { RecordsAt } from "../core/page.ts";
import { timestamp } from "../core/time.ts";
import { isName } from "../text/names.ts";
import { fieldClass } from "./fields.ts";
import { Known } from "./known.ts";
import type { KeyedDigest } from "./permutation.ts";
import { type FieldPlace, isListed, type Treatment } from "./reference.ts";
import { Replacer } from "./text.ts";
import { type Visitor, walkDocument } from "./walk.ts";

/** How many values at a path were replaced and how many were left, and why. */
export interface FieldCounts {
  treatment: Treatment;
  replaced: number;
  left: number;
}

/** Words that rows look for. They stay in technical fields, even where somebody has such a name. */
const TELLING = /windows|linux|mac|ios|ipados|android|chrome|mobile|true|false/gi;
/** Most technical texts that are remembered. */
const REMEMBERED = 10_000;
const PHONE_FIELD = /(?:^|\.)number$/;
/** A small number is nobody's, and JavaScript lists such names by their size. */
const INDEX = /^\d{1,4}$/;
const PAGE_NAME = /^duo-[a-z_]+-\d+$/;

function isReplaced({ treatment }: FieldPlace): boolean {
  return treatment === "identifying" || treatment === "free_text" || treatment === "unknown";
}

export class Scrubber {
  readonly #keep: ReadonlySet<string>;
  readonly #recordsAt: RecordsAt | undefined;
  readonly #replacer: Replacer;
  readonly #known = new Known();
  /** What stands for technical texts, which repeat. */
  readonly #technical = new Map<string, string>();
  /** By path, in no order. */
  readonly fields = new Map<string, FieldCounts>();

  /**
   * @param digest the same secret gives the same replacements
   * @param keep names or paths of fields that stay as they are
   * @param recordsAt where in each value the documents stand; default: it is the document
   */
  constructor(digest: KeyedDigest, keep: ReadonlySet<string>, recordsAt?: RecordsAt) {
    this.#recordsAt = recordsAt;
    this.#keep = keep;
    this.#replacer = new Replacer(digest);
  }

  /** Learns the identifying values of a document. All documents are learned before one is replaced. */
  learn(text: string, value: unknown, source: string): void {
    const learnText = (one: string, { path, treatment }: FieldPlace): string => {
      if (treatment === "identifying") {
        this.#known.add(one);
        const at = one.indexOf("@");
        if (at > 0) this.#known.add(one.slice(0, at));
      }
      if (PHONE_FIELD.test(path)) this.#replacer.addPhone(one);
      return one;
    };
    const visitor: Visitor = {
      keep: this.#keep,
      text: learnText,
      number: (literal, place) => learnText(literal, place),
      name: (name) => name,
    };
    walkDocument(text, value, source, visitor, this.#recordsAt);
  }

  /** The text of a document with its people and devices replaced. */
  replace(text: string, value: unknown, source: string): string {
    const visitor: Visitor = {
      keep: this.#keep,
      text: (one, place) => this.#counted(one, this.#text(one, place), place),
      number: (literal, place) =>
        this.#counted(literal, isReplaced(place) ? this.#replacer.number(literal) : literal, place),
      name: (name, isKnown, holder) =>
        isKnown || this.#isName(name, holder) ? name : this.#replacer.text(name),
    };
    return walkDocument(text, value, source, visitor, this.#recordsAt);
  }

  /** The name of a file without its ending. The collector's own names say nothing, and tell the resource. */
  fileName(stem: string): string {
    const parts = stem.split("/");
    return parts.map((part) => (PAGE_NAME.test(part) ? part : this.#withoutKnown(part))).join("/");
  }

  /** What was to be kept and does not occur. */
  unused(): string[] {
    const kept = [...this.fields].filter(([, { treatment }]) => treatment === "kept");
    const isPartOf = (path: string, name: string): boolean =>
      `.${path.replaceAll("[]", "")}.`.includes(`.${name.replaceAll("[]", "")}.`);
    return [...this.#keep].filter((name) => !kept.some(([path]) => isPartOf(path, name)));
  }

  #counted(value: string, replaced: string, { path, treatment }: FieldPlace): string {
    if (value.trim() === "") return replaced;
    let counts = this.fields.get(path);
    if (counts === undefined) {
      counts = { treatment, replaced: 0, left: 0 };
      this.fields.set(path, counts);
    }
    if (treatment === "unknown") counts.treatment = treatment;
    counts[value === replaced ? "left" : "replaced"]++;
    return replaced;
  }

  #text(value: string, place: FieldPlace): string {
    if (isReplaced(place)) return this.#replacer.text(value);
    if (place.treatment === "kept" || isListed(value, place) || timestamp(value) !== undefined) return value;
    let replaced = this.#technical.get(value);
    if (replaced === undefined) {
      replaced = this.#withoutKnown(value);
      if (this.#technical.size >= REMEMBERED) this.#technical.clear();
      this.#technical.set(value, replaced);
    }
    return replaced;
  }

  #withoutKnown(value: string): string {
    let written = "";
    let from = 0;
    for (const { start, end } of this.#known.find(value)) {
      const part = value.slice(start, end);
      if (start < from || part.search(TELLING) >= 0) continue;
      // By chance, what stands for the value may hold such a word.
      const replaced = this.#replacer.text(part).replace(TELLING, (word) => "x".repeat(word.length));
      written += value.slice(from, start) + replaced;
      from = end;
    }
    return written + value.slice(from);
  }

  /** A name that is not a field's may be someone's, and so may any that a customer chose. */
  #isName(name: string, { path }: FieldPlace): boolean {
    const isChosen = fieldClass(path.slice(path.lastIndexOf(".") + 1)) === "free_text";
    const isPlain = INDEX.test(name) || isName(name, true);
    return !isChosen && isPlain && this.#known.find(name).length === 0;
  }
}
