/**
 * The part of the compiled mapping that prints an entity as one line of canonical JSON, without making its
 * object. Every field and element is written with a comma before it, and the first comma of an object or list
 * is then written over by what opens it.
 */

import { anySet, distinct, isSet, listOf, quote, resultOf } from "./emit.ts";
import type { Node } from "./plan.ts";

const code = (character: string): number => character.charCodeAt(0);
const BRACES = [code("{"), code("}")] as const;
const BRACKETS = [code("["), code("]")] as const;

/** Texts that are written as they are. The compiled function gets them as bytes, by their index. */
export class Texts {
  readonly all: string[] = [];

  /** The variable that holds the text's bytes. */
  of(text: string): string {
    const known = this.all.indexOf(text);
    return `texts[${known < 0 ? this.all.push(text) - 1 : known}]`;
  }

  write(text: string): string {
    return `out.raw(${this.of(text)});`;
  }
}

class Printer {
  readonly #texts: Texts;
  #starts = 0;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** What `body` writes, between braces or brackets. */
  enclosed(body: string, [open, close]: typeof BRACES | typeof BRACKETS): string {
    const start = `start${this.#starts++}`;
    return `const ${start} = out.length;
      ${body}
      out.enclose(${start}, ${open}, ${close});`;
  }

  #member(key: string, value: string): string {
    return `${this.#texts.write(`,${quote(key)}:`)}\n${value}`;
  }

  #string(key: string, value: string): string {
    return `out.member(${this.#texts.of(`,${quote(key)}:`)}, ${value});`;
  }

  fields(nodes: readonly Node[]): string {
    return nodes.map((node) => this.#node(node)).join("\n");
  }

  #node(node: Node): string {
    const { key } = node;
    const values = node.rows.map(resultOf);
    switch (node.kind) {
      case "constant":
        return this.#texts.write(`,${quote(key)}:${quote(node.value)}`);
      case "scalar":
        return this.#string(key, values.join(" ?? "));
      case "strings": {
        const each = `for (const one of list) { ${this.#texts.write(",")} out.string(one); }`;
        const list = this.#member(key, this.enclosed(each, BRACKETS));
        return `{ ${distinct("list", values)} if (${isSet("list")}) { ${list} } }`;
      }
      case "labels": {
        const labels = values.map((value, at) => {
          const head = this.#texts.of(`,{"key":${quote(node.labels[at])},"value":`);
          return `if (${isSet(value)}) { out.member(${head}, ${value}); out.byte(${code("}")}); }`;
        });
        const list = this.#member(key, this.enclosed(labels.join("\n"), BRACKETS));
        return `if (${anySet(values)}) { ${list} }`;
      }
      case "columns": {
        const list = listOf(key);
        const keys = new Set(node.groups.flatMap(({ fields }) => fields.map((field) => field.key)));
        const cells = Array.from(keys)
          .sort()
          .map((name) => this.#string(name, `element[${quote(name)}]`));
        const element = `${this.#texts.write(",")} ${this.enclosed(cells.join("\n"), BRACES)}`;
        const each = `for (const element of ${list}) { ${element} }`;
        return `if (${isSet(list)}) { ${this.#member(key, this.enclosed(each, BRACKETS))} }`;
      }
      case "message": {
        const [open, close] = node.repeated
          ? [`,${quote(key)}:[`, `out.byte(${code("]")});`]
          : [`,${quote(key)}:`, ""];
        const body = `${this.#texts.write(open)} ${this.enclosed(this.fields(node.fields), BRACES)} ${close}`;
        return `if (${anySet(sources(node))}) { ${body} }`;
      }
    }
  }
}

/** The variables of which one must be set for a node to be written. */
function sources(node: Node): string[] {
  if (node.kind === "message") return node.fields.flatMap(sources);
  return node.kind === "columns" ? [listOf(node.key)] : node.rows.map(resultOf);
}

/** Statements that write the tree's fields to `out` as one line. */
export function emitBytes(tree: readonly Node[], texts: Texts): string {
  const printer = new Printer(texts);
  return `${printer.enclosed(printer.fields(tree), BRACES)}\nout.byte(${code("\n")});`;
}
